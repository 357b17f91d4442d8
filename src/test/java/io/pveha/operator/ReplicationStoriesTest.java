package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replicas are copied once, follow the guest, and tell how fresh they are, whatever happens. */
class ReplicationStoriesTest {

  private static final Duration LONG = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void failoverAndTheWayBackCostNoFullCopy(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      assertThat(fullCopies(stage)).isEqualTo(2);
      Instant known = stage.replication().reported().oldestSync();

      stage.faults().power("node1", false);
      stage.pass(Duration.ofSeconds(45));
      stage.restartOperator();
      stage.pass(Duration.ofSeconds(20));
      assertThat(stage.replication().reported().jobs())
          .as("recovery points outlive the node and the operator")
          .hasSize(2)
          .allMatch(job -> job.lastSync() != null && !job.lastSync().isBefore(known));
      stage.until("the guest elsewhere", () -> !at(stage).equals("node1"), LONG);
      stage.until(
          "it there", () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"), LONG);
      stage.restartOperator();
      stage.pass(Duration.ofMinutes(3));
      stage.faults().power("node1", true);
      awaitAllHealthy(stage);
      move(stage, "node1");
      awaitAllHealthy(stage);
      move(stage, at(stage).equals("node3") ? "node2" : "node3");
      awaitAllHealthy(stage);

      assertThat(fullCopies(stage)).isEqualTo(2);
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(jobWrites(stage)).as("jobs were made once and never touched").hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void anEmptiedNodeCostsNoFullCopy(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      maintenance(stage, "node1", true);
      stage.until("the guest elsewhere", () -> !at(stage).equals("node1"), LONG);
      awaitAllHealthy(stage);
      maintenance(stage, "node1", false);
      stage.pass(Duration.ofMinutes(1));
      move(stage, "node1");
      awaitAllHealthy(stage);

      assertThat(fullCopies(stage)).isEqualTo(2);
      assertThat(jobWrites(stage)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void anotherListOfNodesCostsOneCopyAndKeepsTheOldReplicaUntilThen(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      deletingTargets(stage, "nodes: [node2]");
      awaitReady(stage, "1/1");
      assertThat(fullCopies(stage)).isEqualTo(1);

      deletingTargets(stage, "nodes: [node3]");
      stage.until("the new job", () -> jobs(stage).size() == 2, LONG);
      assertThat(stage.truth().destroyed()).isEmpty();
      awaitReady(stage, "1/1");

      assertThat(replicas(stage)).containsExactly("node3");
      assertThat(fullCopies(stage)).isEqualTo(2);
      assertThat(stage.truth().destroyed()).hasSize(1);
      deletingTargets(stage, "count: 2");
      awaitReady(stage, "2/2");
      deletingTargets(stage, "count: 1");
      awaitReady(stage, "1/1");
      deletingTargets(stage, "allOthers: true");
      awaitReady(stage, "2/2");
      assertThat(fullCopies(stage)).isEqualTo(4);
    }
  }

  @Test
  void aNodeThatIsKeptEmptyKeepsItsJobAndGetsNoNewOne() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      targets(stage, "count: 1");
      awaitReady(stage, "1/1");
      String first = replicas(stage).iterator().next();
      String other = first.equals("node2") ? "node3" : "node2";

      maintenance(stage, first, true);
      stage.pass(Duration.ofMinutes(5));
      assertThat(replicas(stage)).containsExactly(first);
      maintenance(stage, first, false);
      maintenance(stage, other, true);
      stage.pass(Duration.ofMinutes(1));
      targets(stage, "count: 2");
      stage.until(
          "what it waits for",
          () -> message(stage, ConditionType.READY).contains(other + " is in maintenance mode"),
          LONG);
      assertThat(replicas(stage)).containsExactly(first);
      maintenance(stage, other, false);
      awaitReady(stage, "2/2");
    }
  }

  @Test
  void statusIsWrittenWhenSomethingHappenedAndNotWhenWeLook() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      stage.apply(stage.manifests().replicationYaml().replace("*/1", "0/30"));
      stage.until(
          "the schedule",
          () -> Long.valueOf(1800).equals(stage.replication().reported().scheduleIntervalSeconds()),
          LONG);
      stage.pass(Duration.ofMinutes(5));
      int minute = stage.time.instant().atZone(java.time.ZoneOffset.UTC).getMinute() % 30;
      stage.pass(Duration.ofMinutes(33 - minute));
      String version = stage.replication().getMetadata().getResourceVersion();

      stage.pass(Duration.ofMinutes(20));

      assertThat(stage.replication().getMetadata().getResourceVersion()).isEqualTo(version);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void tellsWhenTheRecoveryPointIsTooOldAndWhenItNeverCanBe(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      assertThat(jobs(stage)).extracting(Job::rpoMet).containsOnly(true);

      stage.faults().replication("node1", "100-0", true);
      stage.until("one is too old", () -> jobs(stage).get(0).rpoMet() == Boolean.FALSE, LONG);
      assertThat(VirtualStage.is(stage.replication(), ConditionType.RPO_MET, "True"))
          .as("the other one is fresh")
          .isTrue();
      stage.faults().replication("node1", "100-1", true);
      Instant last = jobs(stage).get(1).lastSync();
      stage.until(
          "all are too old",
          () -> VirtualStage.isBecause(stage.replication(), ConditionType.RPO_MET, "RpoMissed"),
          LONG);
      assertThat(Duration.between(last, stage.time.instant()).toSeconds()).isBetween(120L, 260L);
      stage.faults().replication("node1", "100-0", false);
      stage.faults().replication("node1", "100-1", false);
      stage.until(
          "it recovers by itself",
          () -> VirtualStage.is(stage.replication(), ConditionType.RPO_MET, "True"),
          Duration.ofMinutes(40));

      stage.apply(stage.manifests().replicationYaml().replace("*/1", "mon..fri 8..17:*"));
      stage.until(
          "nights are too long",
          () ->
              VirtualStage.isBecause(stage.replication(), ConditionType.RPO_MET, "RpoUnreachable"),
          LONG);
      assertThat(stage.replication().reported().scheduleIntervalSeconds())
          .isGreaterThan(Duration.ofHours(12).toSeconds());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aScheduleThatProxmoxDoesNotUnderstandMakesNoJob(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(stage.manifests().replicationYaml().replace("*/1", "whenever"));
      stage.until(
          "the refusal",
          () ->
              VirtualStage.isBecause(
                  stage.replication(), ConditionType.SCHEDULE_ACCEPTED, "ScheduleRefused"),
          LONG);
      stage.pass(Duration.ofMinutes(2));

      assertThat(message(stage, ConditionType.SCHEDULE_ACCEPTED))
          .contains("spec.schedule", "whenever", "unable to parse calendar event");
      assertThat(VirtualStage.is(stage.replication(), ConditionType.STALLED, "True")).isTrue();
      assertThat(jobWrites(stage)).isEmpty();
      stage.apply(stage.manifests().replicationYaml());
      awaitReady(stage, "2/2");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aJobThatFailsSaysWhyAndRecoversByItself(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().replication("node1", "100-1", "zfs error: cannot receive: out of space");
      stage.until(
          "the failure",
          () -> VirtualStage.isBecause(stage.replication(), ConditionType.DEGRADED, "JobFailing"),
          LONG);
      assertThat(message(stage, ConditionType.DEGRADED))
          .contains("100-1", "failed once", "next try at", "out of space");
      stage.until("the second try", () -> jobs(stage).get(1).failCount() == 2, LONG);
      assertThat(jobs(stage).get(1).state()).isEqualTo(JobState.FAILING);
      stage.faults().replication("node1", "100-1", false);
      awaitAllHealthy(stage);

      assertThat(jobWrites(stage)).hasSize(2);
      assertThat(events(stage, "JobFailing")).hasSize(1);
    }
  }

  // --- helpers

  static String at(VirtualStage stage) {
    return String.valueOf(stage.guest().reported().node());
  }

  static List<Job> jobs(VirtualStage stage) {
    return stage.replication().reported().jobs();
  }

  static int fullCopies(VirtualStage stage) {
    return stage.truth().syncs().stream().mapToInt(Ledger.Syncs::full).sum();
  }

  static Set<String> replicas(VirtualStage stage) {
    return jobs(stage).stream().map(Job::target).collect(Collectors.toCollection(TreeSet::new));
  }

  /** All that was asked of jobs, but to run now. */
  static List<String> jobWrites(VirtualStage stage) {
    return stage.writes().stream()
        .map(VirtualWire.Write::what)
        .filter(what -> what.contains("/cluster/replication"))
        .toList();
  }

  static List<Event> events(VirtualStage stage, String reason) {
    return stage.events().stream().filter(event -> event.getReason().equals(reason)).toList();
  }

  static String message(VirtualStage stage, ConditionType type) {
    return VirtualStage.condition(stage.replication(), type).orElseThrow().getMessage();
  }

  static void targets(VirtualStage stage, String targets) {
    stage.apply(stage.manifests().replicationYaml().replace("allOthers: true", targets));
  }

  /** The same, whose owner says that jobs and replicas that are not wanted go. */
  private static void deletingTargets(VirtualStage stage, String targets) {
    stage.apply(
        stage.manifests().replicationYaml().replace("allOthers: true", targets)
            + "  deletionPolicy: Delete\n");
  }

  static void awaitReady(VirtualStage stage, String healthy) {
    stage.until(
        "replication " + healthy,
        () ->
            VirtualStage.is(stage.replication(), ConditionType.READY, "True")
                && healthy.equals(stage.replication().reported().jobsHealthy()),
        LONG);
  }

  /** All jobs lead away from where the guest is, and have run from there. */
  static void awaitAllHealthy(VirtualStage stage) {
    stage.until(
        "all jobs well from " + at(stage),
        () -> {
          ReplicationJobStatus status = stage.replication().reported();
          return "2/2".equals(status.jobsHealthy())
              && at(stage).equals(status.home())
              && status.jobs().stream().noneMatch(job -> job.target().equals(status.home()))
              && VirtualStage.is(stage.replication(), ConditionType.READY, "True");
        },
        Duration.ofMinutes(40));
  }

  static void move(VirtualStage stage, String target) {
    stage
        .simulator
        .world()
        .request(
            () -> stage.simulator.world().node("node2").ha().move("migrate", "ct:100", target));
    stage.until("the guest on " + target, () -> at(stage).equals(target), LONG);
  }

  static void maintenance(VirtualStage stage, String node, boolean enable) {
    stage
        .simulator
        .world()
        .request(
            () -> {
              stage.simulator.world().node("node2").ha().maintenance(node, enable);
              return null;
            });
  }
}
