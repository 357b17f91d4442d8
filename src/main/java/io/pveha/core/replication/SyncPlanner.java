package io.pveha.core.replication;

import io.pveha.api.v1alpha1.SyncPhase;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.Plan;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationFacts.JobState;
import io.pveha.core.replication.ReplicationStep.SyncJob;
import io.pveha.core.replication.SyncOrder.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Carries out an order to run jobs now. Each job is asked once:
 *
 * <ol>
 *   <li>only from facts that are younger than the order, so that a run that began before is known;
 *   <li>not while a run goes on, whose data is older than the order: its end is waited for;
 *   <li>not when it runs at the scheduler's next look anyway, as after a move or a failover, where
 *       Proxmox knows no former run and ignores the request;
 *   <li>it has synced when its last sync is another one than when it was asked. No clock of a node
 *       is compared with ours.
 * </ol>
 */
public final class SyncPlanner {

  /** A job that has not started by then times out; one that runs is awaited. */
  static final Duration LIMIT = Duration.ofMinutes(30);

  /** More make status too large to be of use. */
  private static final int MOST_PARTS = 300;

  private final SyncOrder order;
  private final ReplicationFacts facts;
  private final Memory memory;
  private final Gate<ReplicationStep> gate;

  private SyncPlanner(
      SyncOrder order, ReplicationFacts facts, Memory memory, Instant factsAt, Instant now) {
    this.order = order;
    this.facts = facts;
    this.memory = memory;
    this.gate = new Gate<>(memory, factsAt, now);
  }

  /** The order as it is now, to be saved before the steps are taken. */
  public record Decision(SyncOrder order, Plan<ReplicationStep> plan) {}

  /** Decides from facts asked for at {@code factsAt}. */
  public static Decision plan(
      SyncOrder order, ReplicationFacts facts, Memory memory, Instant factsAt, Instant now) {
    SyncPlanner planner = new SyncPlanner(order, facts, memory, factsAt, now);
    if (order.isFinished() || factsAt.isBefore(order.requestedAt())) {
      return new Decision(order, planner.gate.plan());
    }
    SyncOrder next = planner.advance();
    return new Decision(next, planner.gate.plan());
  }

  /** Ends an order without asking anybody. */
  public static Decision leaveOut(
      SyncOrder order, ReplicationFacts facts, String why, Instant now) {
    SyncPlanner planner = new SyncPlanner(order, facts, Memory.EMPTY, now, now);
    return new Decision(
        new SyncOrder(
            order.requestedAt(),
            Optional.of(now),
            planner.parts().stream().map(part -> part.says(SyncPhase.SKIPPED, why)).toList()),
        planner.gate.plan());
  }

  private SyncOrder advance() {
    List<Part> parts = new ArrayList<>();
    for (Part part : order.parts().isEmpty() ? parts() : order.parts()) {
      parts.add(part.phase().isOver() ? part : inTime(advance(part)));
    }
    boolean over = parts.stream().allMatch(part -> part.phase().isOver());
    return new SyncOrder(
        order.requestedAt(), over ? Optional.of(gate.now()) : Optional.empty(), parts);
  }

  private List<Part> parts() {
    return facts.jobs().stream()
        .sorted(Comparator.comparingInt(Job::vmid).thenComparingInt(Job::number))
        .limit(MOST_PARTS)
        .map(job -> new Part(job.id(), SyncPhase.WAITING, "", Optional.empty(), Optional.empty()))
        .toList();
  }

  private Part advance(Part part) {
    Optional<Job> found = facts.job(part.id());
    Optional<Guest> guest = found.flatMap(job -> facts.guest(job.vmid()));
    if (found.isEmpty() || guest.isEmpty()) {
      return part.says(SyncPhase.SKIPPED, "It is gone.");
    }
    Job job = found.get();
    if (job.removing()) {
      return part.says(SyncPhase.SKIPPED, "It is being removed.");
    }
    if (job.disabled()) {
      return part.says(SyncPhase.SKIPPED, "It is suspended.");
    }
    Optional<String> obstacle = obstacle(job, guest.get());
    if (obstacle.isPresent()) {
      return part.says(part.phase(), obstacle.get());
    }
    JobState state = job.state().orElseThrow();
    return part.phase() == SyncPhase.WAITING
        ? ask(part, state, guest.get())
        : follow(part, state, guest.get());
  }

  private Optional<String> obstacle(Job job, Guest guest) {
    if (!facts.isOnline(guest.home())) {
      return Optional.of(
          "Waiting for %s, where the guest is, to be online.".formatted(guest.home()));
    }
    if (job.pointsHome(guest)) {
      return Optional.of("Waiting for Proxmox to reverse its direction after the guest's move.");
    }
    if (!facts.isOnline(job.target())) {
      return Optional.of("Waiting for its target %s to be online.".formatted(job.target()));
    }
    return job.state().isEmpty()
        ? Optional.of("Waiting for %s to report its state.".formatted(guest.home()))
        : Optional.empty();
  }

  private Part ask(Part part, JobState state, Guest guest) {
    return state.running()
        ? part.says(SyncPhase.WAITING, "Waiting for the end of an earlier run.")
        : follow(
            new Part(part.id(), SyncPhase.ASKED, "", state.lastSync(), state.lastTry()),
            state,
            guest);
  }

  private Part follow(Part part, JobState state, Guest guest) {
    if (state.lastSync().isPresent() && !state.lastSync().equals(part.formerSync())) {
      return part.says(SyncPhase.SYNCED, "Synced as of %s.".formatted(state.lastSync().get()));
    }
    if (state.running()) {
      return part.says(SyncPhase.ASKED, "Running.");
    }
    if (state.lastTry().isEmpty()) {
      return part.says(SyncPhase.ASKED, "It runs at the scheduler's next pass, within a minute.");
    }
    if (state.failCount() > 0 && !state.lastTry().equals(part.formerTry())) {
      return part.says(SyncPhase.FAILED, "Failed: " + shortened(state.error().orElse("no reason")));
    }
    SyncJob step = new SyncJob(part.id(), guest.home());
    Outcome outcome = memory.outcome(step.key());
    gate.want(step);
    return part.says(
        SyncPhase.ASKED,
        outcome.state() == Outcome.State.FAILED
            ? "Proxmox refused: %s; retrying.".formatted(shortened(outcome.text()))
            : "Asking %s to run it.".formatted(guest.home()));
  }

  private Part inTime(Part part) {
    boolean runs = facts.job(part.id()).flatMap(Job::state).map(JobState::running).orElse(false);
    Instant end = order.requestedAt().plus(LIMIT);
    if (part.phase().isOver() || runs) {
      return part;
    }
    if (gate.now().isBefore(end)) {
      gate.lookAgainAt(end);
      return part;
    }
    return part.says(SyncPhase.GIVEN_UP, "Given up after 30 minutes. " + part.message());
  }

  private static String shortened(String words) {
    String line = words.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) + " ..." : line;
  }
}
