package io.pveha.core.replication;

import static io.pveha.core.replication.Jobs.ALL;
import static io.pveha.core.replication.Jobs.NODE1;
import static io.pveha.core.replication.Jobs.NODE2;
import static io.pveha.core.replication.Jobs.NODE3;
import static io.pveha.core.replication.Jobs.NOW;
import static io.pveha.core.replication.Jobs.SYNCED;
import static io.pveha.core.replication.Jobs.at;
import static io.pveha.core.replication.Jobs.broken;
import static io.pveha.core.replication.Jobs.job;
import static io.pveha.core.replication.Jobs.listed;
import static io.pveha.core.replication.Jobs.removing;
import static io.pveha.core.replication.Jobs.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Severity;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.RecreateJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A replica is destroyed only where the spec says so, and where a loss meanwhile costs no more. */
class BrokenChainsTest {

  private static final Instant OLDER = SYNCED.minusSeconds(300);

  @Test
  void neverMeansThatAPersonMustAct() {
    Jobs facts = at(NODE1, broken("100-0", NODE2, OLDER), job("100-1", NODE3));

    ReplicationPlan plan = facts.plan(ALL);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(plan.plan().findings())
        .extracting(Finding::reason, Finding::severity)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(ConditionReason.CHAIN_BROKEN, Severity.BLOCKS));
  }

  @Test
  void recreatesOneWhenAnotherReplicaIsAsFresh() {
    ReplicationPlan plan = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3)).plan(ALL);

    assertThat(plan.plan().now()).containsExactly(new RecreateJob("100-0", 100, NODE2));
    assertThat(plan.repaired()).containsExactly(new Repaired(100, NODE2, 1, NOW));
  }

  @Test
  void keepsAReplicaThatIsNotProvenToBeOfTheGuestsDisksUntilItsOwnerSaysSo() {
    Jobs anew = recreating(neverRan("100-0", NODE2));
    Jobs missing = recreating(broken("100-0", NODE2, OLDER));
    missing.gap = SYNCED;
    Jobs smaller = recreating(broken("100-0", NODE2, OLDER));
    smaller.volumes.put(NODE1, Map.of("tank:subvol-100-disk-0", 1L));

    for (Jobs facts : List.of(anew, missing, smaller)) {
      ReplicationPlan plan = facts.plan(listed(NODE2));
      assertThat(plan.plan().now()).isEmpty();
      assertThat(plan.repaired()).isEmpty();
      Finding finding = plan.plan().findings().get(0);
      assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
      assertThat(finding.message()).contains("not proven", "pveha.io/repair=100-0@");
      facts.repairs = Set.of("100-0@2025-01-01T00:00:00Z", "100-0");
      assertThat(facts.plan(listed(NODE2)).plan().now()).isEmpty();
      facts.repairs = Set.of(finding.message().replaceAll(".*repair=(.*)\\.", "$1"));
      assertThat(facts.plan(listed(NODE2)).plan().now())
          .containsExactly(new RecreateJob("100-0", 100, NODE2));
    }
  }

  @Test
  void recreatesTheOnlyTargetSinceThereTheSpecIsEnough() {
    assertThat(recreating(broken("100-0", NODE2, OLDER)).plan(listed(NODE2)).plan().now())
        .containsExactly(new RecreateJob("100-0", 100, NODE2));
  }

  @Test
  void keepsTheFreshestReplicaWhenTheOtherFailsTooOrIsGone() {
    Job failing =
        Jobs.with(
            job("100-1", NODE3),
            Jobs.runs(Optional.of(OLDER), Optional.of(NOW), 2, Optional.of("ssh"), false));
    Jobs offline = recreating(broken("100-0", NODE2, SYNCED), job("100-1", NODE3));
    offline.members.put(NODE3, false);

    assertHeld(recreating(broken("100-0", NODE2, SYNCED), failing), "freshest replica");
    assertHeld(offline, "freshest replica");
    assertHeld(
        recreating(broken("100-0", NODE2, SYNCED), unknown(job("100-1", NODE3))),
        "freshest replica");
  }

  @Test
  void ofTwoBrokenChainsTheOlderReplicaGoesFirstAndTheOtherWhenItIsThere() {
    Job fresher = broken("100-1", NODE3, SYNCED);

    assertThat(recreating(broken("100-0", NODE2, OLDER), fresher).plan(ALL).plan().now())
        .containsExactly(new RecreateJob("100-0", 100, NODE2));
    assertHeld(recreating(removing(broken("100-0", NODE2, OLDER)), fresher), "change first");
    assertHeld(recreating(unknown(job("100-0", NODE2)), fresher), "freshest replica");
    assertThat(recreating(job("100-0", NODE2), fresher).plan(ALL).plan().now())
        .containsExactly(new RecreateJob("100-1", 100, NODE3));
  }

  @Test
  void bothAsFreshAreNotDestroyedTogether() {
    ReplicationPlan plan =
        recreating(broken("100-0", NODE2, SYNCED), broken("100-1", NODE3, SYNCED)).plan(ALL);

    assertThat(plan.plan().now()).hasSize(1);
  }

  /** A guest that was recreated, with two replicas of the one that was there before. */
  @Test
  void ofTwoWhoseAgeNobodyKnowsTheirOwnerMayLetGoOneAfterTheOther() {
    Jobs both = recreating(neverRan("100-0", NODE2), neverRan("100-1", NODE3));
    both.repairs = Set.of("100-0@unknown-0", "100-1@unknown-0");
    Jobs other = recreating(neverRan("100-0", NODE2), neverRan("100-1", NODE3));
    other.repairs = Set.of("100-1@unknown-0");
    Jobs begun = recreating(unknown(job("100-0", NODE2)), neverRan("100-1", NODE3));
    begun.repairs = both.repairs;
    Jobs done = recreating(job("100-0", NODE2), neverRan("100-1", NODE3));
    done.repairs = both.repairs;

    assertThat(both.plan(ALL).plan().now()).containsExactly(new RecreateJob("100-0", 100, NODE2));
    assertThat(other.plan(ALL).plan().now()).containsExactly(new RecreateJob("100-1", 100, NODE3));
    assertHeld(begun, "freshest replica");
    assertThat(done.plan(ALL).plan().now()).containsExactly(new RecreateJob("100-1", 100, NODE3));
  }

  @Test
  void waitsForBothNodesAndForTheTroubleOfTheGuestsNodeToEnd() {
    Jobs source = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
    source.members.put(NODE1, false);
    Jobs target = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
    target.members.put(NODE2, false);
    Jobs treated = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
    treated.avoided.put(NODE1, "is treated for its health (DisksHealthy)");

    assertHeld(source, "node1, where the guest is, is not online");
    assertHeld(target, "node2 is not online");
    assertHeld(treated, "node1, where the guest is, is treated for its health");
  }

  @Test
  void isDoneAgainOnlyAfterAPauseThatGrows() {
    for (int times = 1; times <= 4; times++) {
      Duration pause = Duration.ofHours(new int[] {1, 6, 24, 24}[times - 1]);
      Jobs early = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
      early.repaired.add(new Repaired(100, NODE2, times, NOW.minus(pause).plusSeconds(1)));
      Jobs later = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
      later.repaired.add(new Repaired(100, NODE2, times, NOW.minus(pause)));

      assertHeld(early, "that was done %s, last".formatted(Count.times(times)));
      assertThat(later.plan(ALL).repaired())
          .containsExactly(new Repaired(100, NODE2, times + 1, NOW));
    }
  }

  @Test
  void aWeekWithoutTroubleIsForgiven() {
    Jobs facts = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
    facts.repaired.add(new Repaired(100, NODE2, 9, NOW.minus(Duration.ofDays(7))));

    assertThat(facts.plan(ALL).repaired()).containsExactly(new Repaired(100, NODE2, 1, NOW));
  }

  @Test
  void whatIsAskedIsNotCountedTwice() {
    Jobs facts = recreating(broken("100-0", NODE2, OLDER), job("100-1", NODE3));
    RecreateJob step = new RecreateJob("100-0", 100, NODE2);
    facts.repaired.add(new Repaired(100, NODE2, 1, NOW.minusSeconds(30)));
    PendingStep pending =
        new PendingStep(
            step.key(),
            Optional.empty(),
            Optional.empty(),
            NOW.minusSeconds(30),
            NOW.minusSeconds(10),
            1);
    facts.memory = new Memory(List.of(pending), Map.of(step.key(), Outcome.SUCCEEDED));
    ReplicationPlan agreed = facts.plan(ALL);
    facts.memory =
        new Memory(
            List.of(pending),
            Map.of(step.key(), Outcome.failed(ConditionReason.REQUEST_REFUSED, "no quorum!")));
    ReplicationPlan refused = facts.plan(ALL);

    assertThat(agreed.plan().now()).isEmpty();
    assertThat(agreed.plan().pending()).containsExactly(pending);
    assertThat(refused.plan().now()).containsExactly(step);
    assertThat(List.of(agreed.repaired(), refused.repaired())).containsOnly(facts.repaired);
  }

  @Test
  void otherFailuresAreNoBrokenChains() {
    Job failing =
        Jobs.with(
            job("100-0", NODE2),
            Jobs.runs(Optional.of(OLDER), Optional.of(NOW), 3, Optional.of("out of space"), false));

    assertThat(recreating(failing, job("100-1", NODE3)).plan(ALL).plan().isDone()).isTrue();
  }

  private static Job neverRan(String id, NodeName target) {
    return Jobs.with(
        unknown(job(id, target)),
        Jobs.runs(Optional.empty(), Optional.of(NOW), 1, Optional.of(Jobs.BROKEN), false));
  }

  private static Jobs recreating(Job... jobs) {
    Jobs facts = at(NODE1, jobs);
    facts.recreate = true;
    return facts;
  }

  private static void assertHeld(Jobs facts, String why) {
    ReplicationPlan plan = facts.plan(ALL);
    assertThat(plan.plan().now()).isEmpty();
    assertThat(plan.plan().findings())
        .filteredOn(finding -> finding.reason() == ConditionReason.CHAIN_BROKEN)
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("not recreated now", why));
  }
}
