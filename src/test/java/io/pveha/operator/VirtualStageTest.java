package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The virtual stage itself: that it runs what production runs, and always tells the same. */
class VirtualStageTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestOfALostNodeIsBackInTheTimeThatProxmoxTakes(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch guest = stage.watch(100);

      stage.faults().power("node1", false);
      // Membership changes after 7 s; two rounds wait 3 s each for the silent node.
      stage.pass(Duration.ofSeconds(16));
      assertThat(VirtualStage.isBecause(stage.cluster(), ConditionType.READY, "NodeOffline"))
          .as(stage.table())
          .isTrue();
      stage.pass(Duration.ofMinutes(5));

      assertThat(guest.outages()).hasSize(1);
      assertThat(guest.away()).isBetween(Duration.ofSeconds(129), Duration.ofSeconds(190));
      assertThat(VirtualStage.is(stage.guest(), ConditionType.READY, "True")).isTrue();
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  @Test
  void sameStoryIsToldTheSameEachTime() {
    assertThat(story()).isEqualTo(story());
  }

  private static String story() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      stage.faults().pool("node1", "tank", "DEGRADED");
      stage.pass(Duration.ofMinutes(3));
      return stage.table().replace(stage.namespace, "the-namespace");
    }
  }

  /** The API refuses what is based on an older version, and it is tried again. */
  @Test
  void statusIsNotSavedOverWhatSomebodyElseWrote() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      AtomicInteger count = new AtomicInteger();
      stage.applyReference();
      stage.meddle(
          object -> {
            if (count.incrementAndGet() % 3 == 0 && count.get() < 60) {
              touch(stage, object);
            }
          });
      stage.awaitReference();

      assertThat(stage.failures()).isNotEmpty().allMatch(failure -> failure.contains("retry"));
      assertThat(stage.writes().stream().map(VirtualWire.Write::request))
          .as("each step was taken once")
          .doesNotHaveDuplicates();
    }
  }

  private static void touch(VirtualStage stage, HasMetadata object) {
    stage
        .client
        .resource(object)
        .edit(
            fresh -> {
              Map<String, String> annotations = new HashMap<>(fresh.getMetadata().getAnnotations());
              annotations.merge("touched", "x", String::concat);
              fresh.getMetadata().setAnnotations(annotations);
              return fresh;
            });
  }

  /** Wherever it dies while it makes the guest, the guest is made once. */
  @Test
  void operatorThatDiesCarriesOn() {
    int writes = writesOfAStart();
    for (int at = 1; at <= writes; at++) {
      for (boolean after : List.of(false, true)) {
        assertThat(startWithADeath(at, after))
            .as("died at write %d, after: %s", at, after)
            .isZero();
      }
    }
  }

  private static int writesOfAStart() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      return stage.writes().size();
    }
  }

  /** How many of its writes the simulator took on twice. */
  private static long startWithADeath(int at, boolean after) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      AtomicInteger count = new AtomicInteger();
      stage.around(
          write -> {
            if (!after && count.incrementAndGet() == at) {
              throw new OperatorDied("before " + write);
            }
          },
          write -> {
            if (after && count.incrementAndGet() == at) {
              throw new OperatorDied("after " + write);
            }
          },
          () -> {});
      stage.applyReference();
      stage.awaitReference();
      List<ApiRequest> answered =
          stage.answered().stream().map(VirtualWire.Write::request).toList();
      return answered.size() - answered.stream().distinct().count();
    }
  }

  @Test
  void operatorThatIsCutOffSaysSoAndNothingElse() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch guest = stage.watch(100);
      int writes = stage.writes().size();

      stage.cutOperatorOff(true);
      stage.pass(Duration.ofMinutes(10));
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.CONNECTED, "False")).isTrue();
      stage.cutOperatorOff(false);
      stage.until(
          "the cluster to be seen again",
          () ->
              VirtualStage.isBecause(
                  stage.cluster(), ConditionType.READY, ConditionReason.AS_SPECIFIED.text()),
          Duration.ofSeconds(10));

      assertThat(stage.writes()).hasSize(writes);
      assertThat(guest.outages()).isEmpty();
      assertThat(guest.nodes()).containsExactly("node1");
    }
  }

  /** While nothing happens nothing is written, to Proxmox or to Kubernetes. */
  @Test
  void quietTimeIsQuiet() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      int writes = stage.writes().size();
      int events = stage.events().size();

      long start = System.nanoTime();
      stage.pass(Duration.ofHours(1));
      System.out.printf("an hour of virtual time took %.1f s%n", (System.nanoTime() - start) / 1e9);

      assertThat(stage.writes()).hasSize(writes);
      assertThat(stage.events()).hasSize(events);
      assertThat(stage.failures()).isEmpty();
    }
  }
}
