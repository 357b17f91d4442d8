package io.pveha.core.replication;

import static io.pveha.core.replication.Jobs.NODE1;
import static io.pveha.core.replication.Jobs.NODE2;
import static io.pveha.core.replication.Jobs.NODE3;
import static io.pveha.core.replication.Jobs.NOW;
import static io.pveha.core.replication.Jobs.SYNCED;
import static io.pveha.core.replication.Jobs.at;
import static io.pveha.core.replication.Jobs.disabled;
import static io.pveha.core.replication.Jobs.job;
import static io.pveha.core.replication.Jobs.removing;
import static io.pveha.core.replication.Jobs.runs;
import static io.pveha.core.replication.Jobs.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.SyncPhase;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.SyncJob;
import io.pveha.core.replication.SyncOrder.Part;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each job runs once after an order, whatever it was doing, and nobody's clock is trusted. */
class SyncPlannerTest {

  private static final Instant LATER = NOW.plusSeconds(30);
  private static final SyncOrder ORDER = new SyncOrder(NOW, Optional.empty(), List.of());
  private static final SyncJob STEP = new SyncJob("100-0", NODE1);

  @Test
  void asksEachJobOnce() {
    SyncPlanner.Decision decision =
        plan(ORDER, at(NODE1, job("100-0", NODE2), job("100-1", NODE3)), LATER);

    assertThat(decision.plan().now()).containsExactly(STEP, new SyncJob("100-1", NODE1));
    assertThat(decision.order().parts()).extracting(Part::phase).containsOnly(SyncPhase.ASKED);
  }

  @Test
  void takesNoFactsThatAreOlderThanTheOrder() {
    SyncPlanner.Decision decision =
        SyncPlanner.plan(
            ORDER, at(NODE1, job("100-0", NODE2)).facts(), Memory.EMPTY, NOW.minusMillis(1), LATER);

    assertThat(decision.order()).isEqualTo(ORDER);
    assertThat(decision.plan().now()).isEmpty();
  }

  @Test
  void waitsForTheEndOfARunThatBeganBefore() {
    Job running = with(job("100-0", NODE2), state(SYNCED, SYNCED.plusSeconds(30), true));
    SyncPlanner.Decision during = plan(ORDER, at(NODE1, running), LATER);
    Job ended = with(running, state(SYNCED.plusSeconds(30), SYNCED.plusSeconds(30), false));
    SyncPlanner.Decision after = plan(during.order(), at(NODE1, ended), LATER);

    assertThat(during.plan().now()).isEmpty();
    assertThat(during.order().parts().get(0).phase()).isEqualTo(SyncPhase.WAITING);
    assertThat(after.plan().now()).containsExactly(STEP);
  }

  @Test
  void isDoneWhenTheLastSyncIsAnotherOne() {
    SyncOrder asked = plan(ORDER, at(NODE1, job("100-0", NODE2)), LATER).order();
    SyncOrder running =
        plan(asked, at(NODE1, with(job("100-0", NODE2), state(SYNCED, LATER, true))), LATER)
            .order();
    SyncOrder done =
        plan(running, at(NODE1, with(job("100-0", NODE2), state(LATER, LATER, false))), LATER)
            .order();

    assertThat(running.isFinished()).isFalse();
    assertThat(done.finishedAt()).contains(LATER);
    assertThat(done.isGood()).isTrue();
    assertThat(done.summary()).startsWith("1 of 1 job synced since " + NOW);
    assertThat(plan(done, at(NODE1, job("100-0", NODE2)), LATER).plan().now()).isEmpty();
  }

  @Test
  void whatIsDueAnywayIsNotAskedSinceProxmoxIgnoresItThere() {
    Job due =
        with(
            job("100-0", NODE2),
            runs(Optional.empty(), Optional.empty(), 0, Optional.empty(), false));

    SyncPlanner.Decision decision = plan(ORDER, at(NODE1, due), LATER);

    assertThat(decision.plan().now()).isEmpty();
    assertThat(decision.order().parts().get(0).phase()).isEqualTo(SyncPhase.ASKED);
    assertThat(decision.order().parts().get(0).message()).contains("scheduler's next pass");
  }

  @Test
  void tellsThatTheRunFailed() {
    SyncOrder asked = plan(ORDER, at(NODE1, job("100-0", NODE2)), LATER).order();
    Job failed =
        with(
            job("100-0", NODE2),
            runs(Optional.of(SYNCED), Optional.of(LATER), 1, Optional.of("out of space"), false));

    SyncOrder done = plan(asked, at(NODE1, failed), LATER).order();

    assertThat(done.isFinished()).isTrue();
    assertThat(done.summary()).contains("0 of 1", "100-0: Failed: out of space");
  }

  @Test
  void aJobThatFailedBeforeIsAskedAndNotTakenForFailedNow() {
    Job failed =
        with(
            job("100-0", NODE2),
            runs(Optional.of(SYNCED), Optional.of(SYNCED), 2, Optional.of("ssh"), false));

    SyncPlanner.Decision decision = plan(ORDER, at(NODE1, failed), LATER);

    assertThat(decision.plan().now()).containsExactly(STEP);
  }

  @Test
  void leavesOutWhatIsSuspendedOrGoing() {
    SyncOrder done =
        plan(ORDER, at(NODE1, disabled(job("100-0", NODE2)), removing(job("100-1", NODE3))), LATER)
            .order();

    assertThat(done.isFinished()).isTrue();
    assertThat(done.summary()).contains("100-0: It is suspended.", "100-1: It is being removed.");
  }

  @Test
  void waitsForNodesThatAreOfflineAndGivesUpInTheEnd() {
    Jobs source = at(NODE1, job("100-0", NODE2));
    source.members.put(NODE1, false);
    Jobs target = at(NODE1, job("100-0", NODE2));
    target.members.put(NODE2, false);
    Jobs turning = at(NODE2, job("100-0", NODE2));

    assertWaits(source, "node1, where the guest is, to be online");
    assertWaits(target, "its target node2 to be online");
    assertWaits(turning, "Proxmox to reverse its direction");
    SyncOrder late = plan(ORDER, target, NOW.plus(SyncPlanner.LIMIT)).order();
    assertThat(late.isFinished()).isTrue();
    assertThat(late.summary()).contains("Given up after 30 minutes", "its target node2");
  }

  @Test
  void aLongRunIsWaitedFor() {
    SyncOrder asked = plan(ORDER, at(NODE1, job("100-0", NODE2)), LATER).order();
    Jobs running = at(NODE1, with(job("100-0", NODE2), state(SYNCED, LATER, true)));

    assertThat(plan(asked, running, NOW.plus(SyncPlanner.LIMIT.multipliedBy(9))).order())
        .extracting(SyncOrder::isFinished)
        .isEqualTo(false);
  }

  @Test
  void anOperatorThatDiedAfterSavingAsksWhenThePatienceIsOver() {
    SyncOrder asked = plan(ORDER, at(NODE1, job("100-0", NODE2)), LATER).order();
    PendingStep saved =
        new PendingStep(
            STEP.key(), Optional.of("node1"), Optional.empty(), LATER, LATER.plusSeconds(180), 1);
    Memory memory = new Memory(List.of(saved), Map.of());
    Jobs facts = at(NODE1, job("100-0", NODE2));
    Instant soon = LATER.plusSeconds(60);
    Instant late = LATER.plusSeconds(180);

    assertThat(SyncPlanner.plan(asked, facts.facts(), memory, soon, soon).plan().now()).isEmpty();
    assertThat(SyncPlanner.plan(asked, facts.facts(), memory, late, late).plan().now())
        .containsExactly(STEP);
  }

  @Test
  void saysThatProxmoxRefuses() {
    SyncOrder asked = plan(ORDER, at(NODE1, job("100-0", NODE2)), LATER).order();
    PendingStep saved =
        new PendingStep(
            STEP.key(), Optional.of("node1"), Optional.empty(), LATER, LATER.plusSeconds(180), 1);
    Memory memory =
        new Memory(
            List.of(saved),
            Map.of(STEP.key(), Outcome.failed(ConditionReason.PERMISSION_DENIED, "VM.Replicate")));

    SyncPlanner.Decision decision =
        SyncPlanner.plan(asked, at(NODE1, job("100-0", NODE2)).facts(), memory, LATER, LATER);

    assertThat(decision.order().parts().get(0).message()).contains("refused: VM.Replicate");
  }

  @Test
  void thereMayBeNoJobAtAll() {
    SyncOrder done = plan(ORDER, at(NODE1), LATER).order();

    assertThat(done.isFinished()).isTrue();
    assertThat(done.isGood()).isFalse();
    assertThat(done.summary()).isEqualTo("There was no job to run.");
  }

  private static void assertWaits(Jobs facts, String why) {
    SyncPlanner.Decision decision = plan(ORDER, facts, LATER);
    assertThat(decision.plan().now()).isEmpty();
    assertThat(decision.order().parts().get(0).phase()).isEqualTo(SyncPhase.WAITING);
    assertThat(decision.order().parts().get(0).message()).contains(why);
  }

  private static ReplicationFacts.JobState state(
      Instant lastSync, Instant lastTry, boolean running) {
    return runs(Optional.of(lastSync), Optional.of(lastTry), 0, Optional.empty(), running);
  }

  private static SyncPlanner.Decision plan(SyncOrder order, Jobs facts, Instant now) {
    return SyncPlanner.plan(order, facts.facts(), Memory.EMPTY, now, now);
  }
}
