package io.pveha.operator;

import static io.pveha.operator.ReplicationStoriesTest.at;
import static io.pveha.operator.ReplicationStoriesTest.awaitAllHealthy;
import static io.pveha.operator.ReplicationStoriesTest.events;
import static io.pveha.operator.ReplicationStoriesTest.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Sync;
import io.pveha.api.v1alpha1.ReplicationJobStatus.SyncNow;
import io.pveha.api.v1alpha1.SyncPhase;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The annotation {@code pveha.io/sync-now} runs each job once, whatever comes in between. */
class SyncNowTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  /** A schedule that does not run by itself during a test. */
  private static final String SELDOM = "yearly";

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void runsEachJobOnceAndTakesTheAnnotationOff(PveVersion version) {
    try (VirtualStage stage = quiet(version)) {
      List<Instant> before = jobs(stage).stream().map(Job::lastSync).toList();
      Instant asked = stage.time.instant();

      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "please");
      awaitFinished(stage, asked);

      assertThat(asks(stage))
          .containsExactly(
              "POST /nodes/node1/replication/100-0/schedule_now",
              "POST /nodes/node1/replication/100-1/schedule_now");
      assertThat(annotations(stage)).doesNotContainKey(ApiNames.SYNC_NOW);
      assertThat(order(stage).jobs()).extracting(Sync::phase).containsOnly(SyncPhase.SYNCED);
      assertThat(jobs(stage).stream().map(Job::lastSync).toList())
          .doesNotContainAnyElementsOf(before)
          .allMatch(sync -> !sync.isBefore(asked.minusSeconds(1)));
      assertThat(events(stage, "SyncedNow"))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getMessage()).startsWith("2 of 2 jobs synced since " + asked));
      assertThat(events(stage, "SyncReplicationJob")).hasSize(2);
      assertThat(VirtualStage.is(stage.replication(), ConditionType.READY, "True")).isTrue();

      stage.pass(Duration.ofMinutes(10));
      assertThat(asks(stage)).hasSize(2);
      Instant again = stage.time.instant();
      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "please");
      awaitFinished(stage, again);
      assertThat(asks(stage)).hasSize(4);
    }
  }

  /** Wherever the operator dies, each job is asked once, and the order is carried out. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void operatorThatDiesAsksNothingTwice(PveVersion version) {
    for (int at = 1; at <= 6; at++) {
      for (boolean after : List.of(false, true)) {
        try (VirtualStage stage = quiet(version)) {
          dieAtStatusOrWrite(stage, at, after);
          Instant asked = stage.time.instant();
          stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "");
          awaitFinished(stage, asked);

          assertThat(annotations(stage)).doesNotContainKey(ApiNames.SYNC_NOW);
          assertThat(order(stage).jobs()).extracting(Sync::phase).containsOnly(SyncPhase.SYNCED);
          assertThat(stage.answered().stream().map(VirtualWire.Write::what))
              .as("died at %d, after the answer: %s", at, after)
              .filteredOn(what -> what.endsWith("schedule_now"))
              .doesNotHaveDuplicates()
              .hasSize(2);
          assertThat(order(stage).requestedAt()).isBefore(asked.plusSeconds(60));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aRunThatBeganBeforeIsFollowedByAnother(PveVersion version) {
    try (VirtualStage stage = quiet(version)) {
      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "first");
      stage.until(
          "a run",
          () ->
              stage
                  .simulator
                  .world()
                  .read(
                      () ->
                          stage
                              .simulator
                              .world()
                              .node("node1")
                              .replication()
                              .status(java.util.OptionalInt.of(100))
                              .stream()
                              .anyMatch(job -> job.pid() > 0)),
          LONG);
      Instant asked = stage.time.instant();

      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "second");
      stage.until("its end", () -> isFinished(stage, asked), LONG);

      assertThat(jobs(stage)).extracting(Job::lastSync).allMatch(sync -> sync.isAfter(asked));
    }
  }

  /** Written between "saved" and "annotation removed": what is asked after it covers it. */
  @Test
  void anOrderThatIsWrittenWhileTheFirstIsTakenOffIsNotLost() {
    try (VirtualStage stage = quiet(PveVersion.V9_1)) {
      AtomicInteger saves = new AtomicInteger();
      List<Instant> second = new ArrayList<>();
      stage.around(
          write -> {},
          write -> {},
          () -> {
            if (order(stage) != null
                && order(stage).finishedAt() == null
                && saves.incrementAndGet() == 1) {
              stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "second");
              second.add(stage.time.instant());
            }
          });
      List<String> seen = new ArrayList<>();
      stage.meddle(
          object ->
              Optional.ofNullable(object.getMetadata().getAnnotations())
                  .map(annotations -> annotations.get(ApiNames.SYNC_NOW))
                  .ifPresent(seen::add));
      Instant asked = stage.time.instant();
      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "first");
      awaitFinished(stage, asked);

      assertThat(seen).containsSequence("first", "second");

      assertThat(annotations(stage)).doesNotContainKey(ApiNames.SYNC_NOW);
      assertThat(stage.writes())
          .filteredOn(write -> write.what().endsWith("schedule_now"))
          .isNotEmpty()
          .allMatch(write -> write.at().isAfter(second.get(0)));
      assertThat(stage.failures()).isEmpty();
    }
  }

  @Test
  void saysWhatIsSuspended() {
    try (VirtualStage stage = quiet(PveVersion.V9_1)) {
      stage.apply(yaml(stage).replace("rpoSeconds: 120", "suspend: true"));
      stage.until(
          "both suspended",
          () ->
              jobs(stage).stream()
                  .allMatch(job -> job.state() == io.pveha.api.v1alpha1.JobState.SUSPENDED),
          LONG);
      Instant asked = stage.time.instant();
      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "");
      awaitFinished(stage, asked);

      assertThat(asks(stage)).isEmpty();
      assertThat(events(stage, "SyncNowIncomplete"))
          .singleElement()
          .satisfies(event -> assertThat(event.getMessage()).contains("It is suspended."));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void waitsForTheGuestsNodeAndRunsWhereTheGuestIsThen(PveVersion version) {
    try (VirtualStage stage = quiet(version)) {
      stage.faults().power("node1", false);
      stage.pass(Duration.ofSeconds(20));
      Instant asked = stage.time.instant();
      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "");
      stage.pass(Duration.ofSeconds(40));
      assertThat(order(stage).jobs())
          .extracting(Sync::message)
          .containsOnly("Waiting for node1, where the guest is, to be online.");
      stage.until("the guest elsewhere", () -> !at(stage).equals("node1"), LONG);
      stage.pass(Duration.ofMinutes(2));
      assertThat(order(stage).jobs())
          .extracting(Sync::message)
          .contains("Waiting for its target node1 to be online.");
      stage.faults().power("node1", true);
      stage.until("its end", () -> isFinished(stage, asked), Duration.ofMinutes(20));

      assertThat(order(stage).jobs()).extracting(Sync::phase).containsOnly(SyncPhase.SYNCED);
      awaitAllHealthy(stage);
    }
  }

  @Test
  void observeAsksNothing() {
    try (VirtualStage stage = quiet(PveVersion.V9_1)) {
      stage.apply(yaml(stage).replace("spec:", "spec:\n  managementPolicy: Observe"));
      Instant asked = stage.time.instant();
      stage.annotate(stage.replication(), ApiNames.SYNC_NOW, "");
      awaitFinished(stage, asked);

      assertThat(asks(stage)).isEmpty();
      assertThat(order(stage).jobs()).extracting(Sync::phase).containsOnly(SyncPhase.SKIPPED);
    }
  }

  private static VirtualStage quiet(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.awaitReference();
    stage.apply(yaml(stage));
    stage.until(
        "the seldom schedule",
        () -> {
          Long gap = stage.replication().reported().scheduleIntervalSeconds();
          return gap != null && gap > 86400;
        },
        LONG);
    stage.pass(Duration.ofMinutes(2));
    return stage;
  }

  private static String yaml(VirtualStage stage) {
    return stage.manifests().replicationYaml().replace("*/1", SELDOM);
  }

  /** Counts what is saved and what is sent from now on, and dies at one of them. */
  private static void dieAtStatusOrWrite(VirtualStage stage, int at, boolean after) {
    AtomicInteger count = new AtomicInteger();
    Runnable mayDie =
        () -> {
          if (count.incrementAndGet() == at) {
            throw new OperatorDied("at " + at);
          }
        };
    stage.around(
        write -> {
          if (!after && write.contains("schedule_now")) {
            mayDie.run();
          }
        },
        write -> {
          if (after && write.contains("schedule_now")) {
            mayDie.run();
          }
        },
        mayDie);
  }

  private static Map<String, String> annotations(VirtualStage stage) {
    Map<String, String> annotations = stage.replication().getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private static SyncNow order(VirtualStage stage) {
    return stage.replication().reported().syncNow();
  }

  private static boolean isFinished(VirtualStage stage, Instant asked) {
    SyncNow order = order(stage);
    return order != null && !order.requestedAt().isBefore(asked) && order.finishedAt() != null;
  }

  private static void awaitFinished(VirtualStage stage, Instant asked) {
    stage.until("the end of the order", () -> isFinished(stage, asked), Duration.ofMinutes(10));
  }

  private static List<String> asks(VirtualStage stage) {
    return stage.writes().stream()
        .map(VirtualWire.Write::what)
        .filter(what -> what.endsWith("schedule_now"))
        .toList();
  }
}
