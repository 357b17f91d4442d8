package io.pveha.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationFacts.JobState;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import io.pveha.core.replication.WantedReplication.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicationPlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final NodeName NODE3 = new NodeName("node3");
  private static final Targets ALL = new Targets(true, List.of(), OptionalInt.empty());

  @Test
  void createsAJobToEveryOtherNode() {
    Plan<ReplicationStep> plan = plan(ALL, NODE1);

    assertThat(plan.now())
        .extracting(step -> ((CreateJob) step).id() + " " + ((CreateJob) step).target())
        .containsExactly("100-0 node2", "100-1 node3");
  }

  @Test
  void createsOnlyTheDifferenceAndTakesAFreeNumber() {
    Plan<ReplicationStep> plan = plan(ALL, NODE1, job("100-0", NODE3));

    assertThat(plan.now())
        .extracting(step -> ((CreateJob) step).id() + " " + ((CreateJob) step).target())
        .containsExactly("100-1 node2");
  }

  @Test
  void doesNothingWhenTheGuestMovedToATargetSinceProxmoxTurnsTheJobRound() {
    Plan<ReplicationStep> justMoved = plan(ALL, NODE2, job("100-0", NODE2), job("100-1", NODE3));
    Plan<ReplicationStep> turned = plan(ALL, NODE2, job("100-0", NODE1), job("100-1", NODE3));

    assertThat(justMoved.now()).isEmpty();
    assertThat(justMoved.later()).isEmpty();
    assertThat(turned.isDone()).isTrue();
  }

  @Test
  void keepsTheReplicaOfTheFormerHomeWhenTargetsAreListed() {
    Targets listed = new Targets(false, List.of(NODE2, NODE3), OptionalInt.empty());

    assertThat(plan(listed, NODE2, job("100-0", NODE1), job("100-1", NODE3)).isDone()).isTrue();
  }

  @Test
  void removesAJobWhoseTargetIsNotWantedAnyMore() {
    Targets listed = new Targets(false, List.of(NODE2), OptionalInt.empty());

    Plan<ReplicationStep> plan = plan(listed, NODE1, job("100-0", NODE2), job("100-1", NODE3));

    assertThat(plan.now()).containsExactly(new RemoveJob("100-1", NODE3, false));
  }

  @Test
  void keepsThoseThatHaveAReplicaWhenACountIsWanted() {
    Targets one = new Targets(false, List.of(), OptionalInt.of(1));

    assertThat(plan(one, NODE1, job("100-0", NODE3)).isDone()).isTrue();
  }

  @Test
  void changesTheScheduleOfAnAdoptedJob() {
    Job other =
        new Job("100-0", 100, NODE2, "*/15", OptionalInt.empty(), false, false, Optional.empty());
    Targets listed = new Targets(false, List.of(NODE2), OptionalInt.empty());

    assertThat(plan(listed, NODE1, other).now())
        .containsExactly(new UpdateJob("100-0", "*/1", OptionalInt.empty(), false));
  }

  @Test
  void waitsForProxmoxToRemoveAJobBeforeItMakesAnotherToThatTarget() {
    Job going =
        new Job("100-0", 100, NODE2, "*/1", OptionalInt.empty(), false, true, Optional.empty());

    Plan<ReplicationStep> plan = plan(ALL, NODE1, going, job("100-1", NODE3));

    assertThat(plan.now()).isEmpty();
    assertThat(plan.isDone()).isFalse();
  }

  @Test
  void refusesATargetThatIsNoMember() {
    Targets listed = new Targets(false, List.of(NODE2, new NodeName("node9")), OptionalInt.empty());

    Plan<ReplicationStep> plan = plan(listed, NODE1);

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings()).extracting(Finding::reason).containsExactly(Reason.TARGET_UNKNOWN);
    assertThat(plan.findings().get(0).message()).contains("spec.targets.nodes", "node9");
  }

  @Test
  void recreatesABrokenChainOnlyIfToldSo() {
    Job broken =
        new Job(
            "100-0",
            100,
            NODE2,
            "*/1",
            OptionalInt.empty(),
            false,
            false,
            Optional.of(
                new JobState(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    3,
                    Optional.of("No common base snapshot on volume(s) tank:x"),
                    false)));
    Targets listed = new Targets(false, List.of(NODE2), OptionalInt.empty());

    assertThat(plan(listed, NODE1, broken).findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.CHAIN_BROKEN);
  }

  @Test
  void judgesTheFreshestReplica() {
    Optional<Duration> rpo = Optional.of(Duration.ofMinutes(2));

    assertThat(Freshness.of(100, List.of(), rpo, NOW).met()).isEmpty();
    assertThat(
            Freshness.of(100, List.of(NOW.minusSeconds(300), NOW.minusSeconds(60)), rpo, NOW).met())
        .contains(true);
    assertThat(Freshness.of(100, List.of(NOW.minusSeconds(121)), rpo, NOW).met()).contains(false);
  }

  private static Plan<ReplicationStep> plan(Targets targets, NodeName home, Job... jobs) {
    Map<NodeName, Boolean> members = new LinkedHashMap<>();
    List.of(NODE1, NODE2, NODE3).forEach(node -> members.put(node, true));
    return ReplicationPlanner.plan(
        new WantedReplication(targets, "*/1", OptionalInt.empty(), false, Optional.empty(), false),
        new ReplicationFacts(List.of(new Guest(100, home)), members, Set.of(), List.of(jobs)),
        Memory.EMPTY,
        NOW,
        NOW);
  }

  private static Job job(String id, NodeName target) {
    return new Job(id, 100, target, "*/1", OptionalInt.empty(), false, false, Optional.empty());
  }
}
