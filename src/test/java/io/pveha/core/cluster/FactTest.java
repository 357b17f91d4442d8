package io.pveha.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What was told, as it ages, and the ids that it speaks of. */
class FactTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void keepsAFactWhenAnAttemptFails() {
    Fact<String> fact =
        Fact.told("9.1.2", new NodeName("node1"), NOW).failed(NOW.plusSeconds(5), "away");
    assertThat(fact.value()).hasValue("9.1.2");
    assertThat(fact.at()).hasValue(NOW);
    assertThat(fact.problem().orElseThrow().text()).isEqualTo("away");
    assertThat(fact.within(Duration.ofSeconds(10), NOW.plusSeconds(5))).hasValue("9.1.2");
    assertThat(fact.within(Duration.ofSeconds(4), NOW.plusSeconds(5))).isEmpty();
  }

  @Test
  void readsIdsAsProxmoxWritesThem() {
    assertThat(GuestId.ofSid("ct:100")).hasValue(new GuestId(GuestKind.CT, 100));
    assertThat(GuestId.ofSid("fa:100")).isEmpty();
  }
}
