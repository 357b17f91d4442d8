package io.pveha.core.replication;

import static io.pveha.core.replication.Jobs.ALL;
import static io.pveha.core.replication.Jobs.NODE1;
import static io.pveha.core.replication.Jobs.NODE2;
import static io.pveha.core.replication.Jobs.NODE3;
import static io.pveha.core.replication.Jobs.NOW;
import static io.pveha.core.replication.Jobs.SYNCED;
import static io.pveha.core.replication.Jobs.at;
import static io.pveha.core.replication.Jobs.count;
import static io.pveha.core.replication.Jobs.disabled;
import static io.pveha.core.replication.Jobs.job;
import static io.pveha.core.replication.Jobs.listed;
import static io.pveha.core.replication.Jobs.of;
import static io.pveha.core.replication.Jobs.removing;
import static io.pveha.core.replication.Jobs.runs;
import static io.pveha.core.replication.Jobs.unknown;
import static io.pveha.core.replication.Jobs.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationFacts.JobState;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import io.pveha.core.replication.WantedReplication.Targets;
import io.pveha.core.safety.JobOwner;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicationPlannerTest {

  @Test
  void createsAJobToEveryOtherNode() {
    assertThat(created(at(NODE1).plan(ALL).plan())).containsExactly("100-0 node2", "100-1 node3");
  }

  @Test
  void createsOnlyTheDifferenceAndTakesAFreeNumber() {
    assertThat(created(at(NODE1, job("100-0", NODE3)).plan(ALL).plan()))
        .containsExactly("100-1 node2");
  }

  @Test
  void doesNothingWhenTheGuestMovedToATargetSinceProxmoxTurnsTheJobRound() {
    Plan<ReplicationStep> justMoved =
        at(NODE2, job("100-0", NODE2), job("100-1", NODE3)).plan(ALL).plan();
    Plan<ReplicationStep> turned =
        at(NODE2, job("100-0", NODE2, NODE1), job("100-1", NODE2, NODE3)).plan(ALL).plan();

    assertThat(justMoved.now()).isEmpty();
    assertThat(justMoved.later()).isEmpty();
    assertThat(justMoved.lookAgain()).isPresent();
    assertThat(turned.isDone()).isTrue();
  }

  @Test
  void waitsForATurningJobOfWhichNobodyKnowsWhereItWillLead() {
    Job turning =
        new Job(
            "100-0",
            100,
            Optional.empty(),
            NODE2,
            "*/1",
            OptionalInt.empty(),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            JobOwner.OURS,
            Optional.empty());

    assertThat(at(NODE2, turning, job("100-1", NODE3)).plan(ALL).plan().now()).isEmpty();
  }

  @Test
  void createsWhatATurningJobWillNotServe() {
    Jobs facts = at(NODE2, job("100-0", NODE2));

    assertThat(created(facts.plan(ALL).plan())).containsExactly("100-1 node3");
  }

  @Test
  void keepsTheReplicaOfTheFormerHomeWhenTargetsAreListed() {
    Targets both = listed(NODE2, NODE3);

    assertThat(
            at(NODE2, job("100-0", NODE2, NODE1), job("100-1", NODE3)).plan(both).plan().isDone())
        .isTrue();
    assertThat(at(NODE2, job("100-0", NODE2), job("100-1", NODE3)).plan(both).plan().now())
        .isEmpty();
  }

  @Test
  void removesAJobWhoseTargetIsNotWantedAnyMore() {
    Plan<ReplicationStep> plan =
        at(NODE1, job("100-0", NODE2), job("100-1", NODE3)).plan(listed(NODE2)).plan();

    assertThat(plan.now()).containsExactly(new RemoveJob("100-1", NODE3, false, false));
  }

  @Test
  void leavesAJobWhoseTargetIsNotWantedWhileItsOwnerRetains() {
    Jobs narrowed = at(NODE1, job("100-0", NODE2), job("100-1", NODE3));
    narrowed.leftover = WantedReplication.Leftover.RETAIN;

    Plan<ReplicationStep> plan = narrowed.plan(listed(NODE2)).plan();

    assertThat(plan.isDone()).isTrue();
    assertThat(plan.findings().get(0).message())
        .contains("Job 100-1 to node3 is not in spec.targets", "pvesr delete 100-1", "on node1");
  }

  @Test
  void keepsTheReplicaOfAJobThatGoesWhereItsOwnerSaysSo() {
    Jobs narrowed = at(NODE1, job("100-0", NODE2), job("100-1", NODE3));
    narrowed.leftover = WantedReplication.Leftover.KEEP_REPLICA;

    assertThat(narrowed.plan(listed(NODE2)).plan().now())
        .containsExactly(new RemoveJob("100-1", NODE3, true, false));
  }

  @Test
  void keepsTheOldReplicaUntilTheNewOneIsThere() {
    Jobs moved = at(NODE1, job("100-0", NODE2));
    Plan<ReplicationStep> first = moved.plan(listed(NODE3)).plan();
    moved.jobs.add(unknown(job("100-1", NODE3)));
    Plan<ReplicationStep> syncing = moved.plan(listed(NODE3)).plan();
    moved.jobs.set(1, job("100-1", NODE3));
    Plan<ReplicationStep> there = moved.plan(listed(NODE3)).plan();

    assertThat(created(first)).containsExactly("100-1 node3");
    assertThat(first.later()).containsExactly(new RemoveJob("100-0", NODE2, false, false));
    assertThat(syncing.now()).isEmpty();
    assertThat(syncing.findings().get(0).message())
        .contains("100-0", "stay until guest 100 has a replica on node3");
    assertThat(there.now()).containsExactly(new RemoveJob("100-0", NODE2, false, false));
  }

  @Test
  void keepsTheOldReplicaWhileTheNewOneIsOfflineOrFails() {
    Jobs offline = at(NODE1, job("100-0", NODE2), job("100-1", NODE3));
    offline.members.put(NODE3, false);
    JobState once =
        runs(Optional.of(SYNCED), Optional.of(NOW), 1, Optional.of("connection timed out"), false);
    Jobs failing = at(NODE1, job("100-0", NODE2), with(job("100-1", NODE3), once));

    for (Jobs jobs : List.of(offline, failing)) {
      Plan<ReplicationStep> plan = jobs.plan(listed(NODE3)).plan();

      assertThat(plan.now()).isEmpty();
      assertThat(plan.later()).containsExactly(new RemoveJob("100-0", NODE2, false, false));
      assertThat(plan.findings().get(0).message()).contains("100-0", "stay until guest 100 has");
    }
  }

  @Test
  void removesNothingWhileTheGuestsNodeIsLostSinceAReplicaMayBeNeeded() {
    Jobs lost = at(NODE1, job("100-0", NODE2), job("100-1", NODE3));
    lost.members.put(NODE1, false);

    Plan<ReplicationStep> plan = lost.plan(listed(NODE2)).plan();
    Plan<ReplicationStep> removal =
        ReplicationPlanner.removal(lost.facts(), false, Memory.EMPTY, NOW, NOW);

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings().get(0).message()).contains("node1, which is not online");
    assertThat(removal.now()).isEmpty();
    assertThat(removal.isDone()).isFalse();
  }

  @Test
  void keepsThoseThatHaveAReplicaWhenACountIsWanted() {
    assertThat(at(NODE1, job("100-0", NODE3)).plan(count(1)).plan().isDone()).isTrue();
  }

  @Test
  void keepsAReplicaWhoseNodeIsOfflineOrInMaintenanceWhenACountIsWanted() {
    Jobs facts = at(NODE1, job("100-0", NODE3));
    facts.members.put(NODE3, false);
    facts.avoided.put(NODE3, "is in spec.maintenance");

    assertThat(facts.plan(count(1)).plan().isDone()).isTrue();
  }

  @Test
  void ofTooManyReplicasTheOneThatIsThereIsKept() {
    Jobs facts = at(NODE1, unknown(job("100-0", NODE2)), job("100-1", NODE3));

    assertThat(facts.plan(count(1)).plan().now())
        .containsExactly(new RemoveJob("100-0", NODE2, false, false));
  }

  @Test
  void aNodeInMaintenanceIsNotTakenNewly() {
    Jobs facts = at(NODE1);
    facts.avoided.put(NODE2, "is in spec.maintenance");

    Plan<ReplicationStep> one = facts.plan(count(1)).plan();
    Plan<ReplicationStep> two = facts.plan(count(2)).plan();
    Plan<ReplicationStep> all = facts.plan(ALL).plan();

    assertThat(created(one)).containsExactly("100-0 node3");
    assertThat(created(two)).containsExactly("100-0 node3");
    assertThat(two.findings().get(0).message())
        .contains("only 1 of 2", "node2 is in spec.maintenance");
    assertThat(created(all)).containsExactly("100-0 node3");
    assertThat(all.findings().get(0).message()).contains("node2 is in spec.maintenance");
  }

  @Test
  void aNodeInMaintenanceKeepsItsJob() {
    Jobs facts = at(NODE1, job("100-0", NODE2), job("100-1", NODE3));
    facts.avoided.put(NODE2, "is in spec.maintenance");

    assertThat(facts.plan(ALL).plan().isDone()).isTrue();
  }

  @Test
  void takesNodesThatHaveTheStorage() {
    Jobs facts = at(NODE1);
    facts.disks = Optional.of(new Disks(Set.of("tank"), List.of(), List.of()));
    facts.storages.put("tank", Set.of(NODE1, NODE3));

    assertThat(created(facts.plan(count(1)).plan())).containsExactly("100-0 node3");
    assertThat(facts.plan(ALL).plan().findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.TARGET_LACKS_STORAGE);
  }

  @Test
  void aGuestWithoutADiskToReplicateGetsNoJob() {
    Jobs none = at(NODE1);
    none.disks = Optional.of(new Disks(Set.of(), List.of(), List.of()));
    Jobs some = at(NODE1);
    some.disks =
        Optional.of(new Disks(Set.of("tank"), List.of("local-lvm:vm-100-disk-1"), List.of()));
    Jobs template = at(NODE1);
    template.template = true;

    for (Jobs facts : List.of(none, some, template)) {
      assertThat(facts.plan(ALL).plan().now()).isEmpty();
      assertThat(facts.plan(ALL).plan().findings())
          .extracting(Finding::reason)
          .containsExactly(ConditionReason.NOTHING_TO_REPLICATE);
    }
    assertThat(some.plan(ALL).plan().findings().get(0).message())
        .contains("local-lvm:vm-100-disk-1", "can't start on another node");
    Jobs bound = at(NODE1);
    bound.disks = Optional.of(new Disks(Set.of("tank"), List.of(), List.of("mp0 (/mnt/data)")));
    assertThat(bound.plan(ALL).plan().now()).isEmpty();
    assertThat(bound.plan(ALL).plan().findings().get(0).message())
        .contains("mp0 (/mnt/data)", "set replicate=0 on it");
  }

  @Test
  void disksAreLookedAtOnlyOfGuestsThatLackAJob() {
    Jobs facts = at(NODE1, job("100-0", NODE2));

    assertThat(ReplicationPlanner.lackingJobs(facts.wanted(ALL), facts.facts()))
        .containsExactly(100);
    facts.jobs.add(job("100-1", NODE3));
    assertThat(ReplicationPlanner.lackingJobs(facts.wanted(ALL), facts.facts())).isEmpty();
  }

  @Test
  void changesTheScheduleOfAJob() {
    Job other =
        new Job(
            "100-0",
            100,
            Optional.of(NODE1),
            NODE2,
            "*/15",
            OptionalInt.empty(),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            JobOwner.OURS,
            Optional.empty());

    assertThat(at(NODE1, other).plan(listed(NODE2)).plan().now())
        .containsExactly(
            new UpdateJob("100-0", "*/1", OptionalInt.empty(), false, Optional.empty()));
  }

  @Test
  void neverTouchesAJobOfSomebodyElseAndMakesNoOtherBesideIt() {
    Jobs facts =
        at(
            NODE1,
            of(JobOwner.FOREIGN, "made by hand, keep", job("100-0", NODE3)),
            of(JobOwner.FOREIGN, null, job("100-1", NODE2)));

    for (Targets targets : List.of(ALL, listed(NODE2), listed(NODE3), count(1), count(2))) {
      Plan<ReplicationStep> plan = facts.plan(targets).plan();
      assertThat(plan.isDone()).as("%s", targets).isTrue();
      assertThat(plan.findings())
          .extracting(Finding::reason)
          .containsOnly(ConditionReason.FOREIGN_JOB);
      assertThat(plan.findings().toString())
          .contains("made by hand, keep", "pvesr update 100-0 --comment 'pveha: default/web'");
    }
    assertThat(ReplicationPlanner.removal(facts.facts(), false, Memory.EMPTY, NOW, NOW).isDone())
        .isTrue();
    facts.suspended = true;
    assertThat(facts.plan(ALL).plan().now()).isEmpty();
    assertThat(facts.plan(ALL).plan().findings().get(0).message())
        .contains("differs from the spec", "enabled");
  }

  @Test
  void neverMakesAReplicaAnewThatIsSomebodyElses() {
    Jobs facts =
        at(NODE1, of(JobOwner.FOREIGN, null, Jobs.broken("100-0", NODE2, NOW.minusSeconds(60))));
    facts.recreate = true;

    assertThat(facts.plan(listed(NODE2)).plan().now()).isEmpty();
    assertThat(facts.plan(listed(NODE2)).plan().findings().get(0).message())
        .contains("no snapshot in common", "has no mark");
  }

  @Test
  void marksAJobOfAnEarlierVersionWhereItsTargetIsWantedAndRemovesNoneBefore() {
    Jobs facts =
        at(
            NODE1,
            of(JobOwner.CLAIMABLE, null, job("100-0", NODE2)),
            of(JobOwner.CLAIMABLE, "pveha: default/gone", job("100-1", NODE3)));

    assertThat(facts.plan(listed(NODE2)).plan().now())
        .containsExactly(
            new UpdateJob("100-0", "*/1", OptionalInt.empty(), false, Optional.of(Jobs.MARK)));
    assertThat(facts.plan(ALL).plan().now()).hasSize(2).allMatch(UpdateJob.class::isInstance);
    assertThat(ReplicationPlanner.removal(facts.facts(), false, Memory.EMPTY, NOW, NOW).now())
        .isEmpty();
  }

  @Test
  void ofTwoThatAreTooManyOursIsKept() {
    Jobs facts =
        at(NODE1, of(JobOwner.FOREIGN, "by hand", job("100-0", NODE2)), job("100-1", NODE3));

    assertThat(facts.plan(count(1)).plan().now()).isEmpty();
  }

  @Test
  void dropsTheJobOnlyWhereItsTargetLeftTheCluster() {
    NodeName gone = new NodeName("node9");
    Jobs facts = at(NODE1, job("100-0", NODE2), job("100-1", NODE3), job("100-9", gone));
    Jobs marked = at(NODE1, job("100-0", NODE2), job("100-1", NODE3), removing(job("100-9", gone)));

    for (Jobs each : List.of(facts, marked)) {
      assertThat(each.plan(ALL).plan().now())
          .containsExactly(new RemoveJob("100-9", gone, false, true));
    }
    facts.leftover = WantedReplication.Leftover.RETAIN;
    assertThat(facts.plan(ALL).plan().isDone()).isTrue();
    assertThat(facts.plan(ALL).plan().findings().get(0).message())
        .contains("node9, which is no longer a member", "pvesr delete 100-9 --force");
  }

  @Test
  void aForeignRemovalThatNeverEndsStallsAndSaysTheCommand() {
    NodeName gone = new NodeName("node9");
    Jobs facts =
        at(
            NODE1,
            job("100-0", NODE2),
            job("100-1", NODE3),
            of(JobOwner.FOREIGN, null, removing(job("100-9", gone))));

    Plan<ReplicationStep> plan = facts.plan(ALL).plan();
    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings())
        .containsExactly(
            Finding.blocks(
                ConditionReason.REMOVAL_PENDING,
                "Job 100-9 is marked for removal and leads to node9, which is no longer a "
                    + "member: `pvesr delete 100-9 --force` on node1 removes it."));
  }

  @Test
  void suspendsAndResumes() {
    Jobs facts = at(NODE1, job("100-0", NODE2));
    facts.suspended = true;
    Jobs resumed = at(NODE1, disabled(job("100-0", NODE2)));

    assertThat(facts.plan(listed(NODE2)).plan().now())
        .containsExactly(
            new UpdateJob("100-0", "*/1", OptionalInt.empty(), true, Optional.empty()));
    assertThat(resumed.plan(listed(NODE2)).plan().now())
        .containsExactly(
            new UpdateJob("100-0", "*/1", OptionalInt.empty(), false, Optional.empty()));
  }

  @Test
  void waitsForProxmoxToRemoveAJobBeforeItMakesAnotherToThatTarget() {
    Plan<ReplicationStep> plan =
        at(NODE1, removing(job("100-0", NODE2)), job("100-1", NODE3)).plan(ALL).plan();

    assertThat(plan.now()).isEmpty();
    assertThat(plan.isDone()).isFalse();
  }

  @Test
  void saysWhoHasToBeOnlineForARemoval() {
    Jobs facts = at(NODE1, removing(job("100-0", NODE2)));
    facts.members.put(NODE2, false);

    assertThat(
            ReplicationPlanner.removal(facts.facts(), false, Memory.EMPTY, NOW, NOW)
                .findings()
                .get(0)
                .message())
        .contains("node2 has to be online");
  }

  @Test
  void refusesATargetThatIsNoMember() {
    Plan<ReplicationStep> plan = at(NODE1).plan(listed(NODE2, new NodeName("node9"))).plan();

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.TARGET_UNKNOWN);
    assertThat(plan.findings().get(0).message()).contains("spec.targets.nodes", "node9");
  }

  private static List<String> created(Plan<ReplicationStep> plan) {
    return plan.now().stream()
        .filter(CreateJob.class::isInstance)
        .map(CreateJob.class::cast)
        .map(step -> step.id() + " " + step.target())
        .toList();
  }
}
