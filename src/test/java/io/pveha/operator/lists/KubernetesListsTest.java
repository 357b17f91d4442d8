package io.pveha.operator.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.proxmox.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a cache lacks may well exist until its list is there, and again once nobody tells of it. */
class KubernetesListsTest {

  private static final String KIND = "haresources.pveha.io";

  private final MovableClock clock = new MovableClock();
  private final KubernetesLists lists = new KubernetesLists(clock, 2, () -> {});
  private boolean listed;
  private boolean watched;

  @BeforeEach
  void watches() {
    lists.watches("RESOURCE", KIND, () -> listed, () -> watched);
    lists.watches("POOL", "zfspools.pveha.io", () -> true, () -> true);
  }

  @Test
  void nobodyGoesOnBeforeAllIsListedAndThatIsToldAfterAMinute() {
    assertThat(lists.gap("POOL")).hasValueSatisfying(gap -> assertThat(gap.lasting()).isFalse());

    clock.pass(Duration.ofMinutes(1));
    assertThat(lists.gap("POOL"))
        .hasValueSatisfying(
            gap -> {
              assertThat(gap.lasting()).isTrue();
              assertThat(gap.message()).contains("kubectl auth can-i list " + KIND);
            });

    listed = true;
    watched = true;
    assertThat(lists.gap("POOL")).isEmpty();
  }

  @Test
  void whoRestsOnAKindWaitsOnceItWasNotWatchedForAMinute() {
    listed = true;
    watched = true;
    assertThat(lists.gap("RESOURCE")).isEmpty();

    watched = false;
    assertThat(lists.gap("RESOURCE")).as("interrupted").isEmpty();
    clock.pass(Duration.ofSeconds(59));
    assertThat(lists.gap("RESOURCE")).isEmpty();
    clock.pass(Duration.ofSeconds(1));
    assertThat(lists.gap("RESOURCE"))
        .hasValueSatisfying(
            gap -> {
              assertThat(gap.lasting()).isTrue();
              assertThat(gap.message()).contains("kubectl auth can-i watch " + KIND);
            });
    assertThat(lists.silent()).containsExactly(KIND);
    assertThat(lists.gap("POOL")).as("rests on another kind").isEmpty();

    watched = true;
    assertThat(lists.gap("RESOURCE")).isEmpty();
    watched = false;
    assertThat(lists.gap("RESOURCE")).as("interrupted again").isEmpty();
  }
}
