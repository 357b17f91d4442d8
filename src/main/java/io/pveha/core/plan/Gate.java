package io.pveha.core.plan;

import io.pveha.api.v1alpha1.ConditionReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sorts wanted steps into those to take now and those to wait for. A step is wanted while the facts
 * lack its effect. Properties kept:
 *
 * <ol>
 *   <li>a step whose task runs is never taken again;
 *   <li>a step of unknown outcome is taken again only when its deadline has passed and the facts
 *       still lack its effect;
 *   <li>a step that failed is taken again only after a pause that grows with each attempt;
 *   <li>what is remembered of a step that the facts do not ask for any more is forgotten.
 * </ol>
 */
public final class Gate<S extends Step> {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  /** What Proxmox refuses for good passes only when somebody changes something. */
  private static final Duration LONGEST_PAUSE_FOR_GOOD = Duration.ofMinutes(30);

  /** How long facts may lag behind a step that Proxmox agreed to. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  private final Memory memory;
  private final Instant now;
  private final Instant factsAt;
  private final List<S> toTake = new ArrayList<>();
  private final List<S> toTakeLater = new ArrayList<>();
  private final List<PendingStep> awaited = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<StepKey> seen = new HashSet<>();
  private Instant lookAgain = Instant.MAX;

  /**
   * A gate for one look at the facts.
   *
   * @param factsAt when the facts were asked for; older facts prove no absence
   */
  public Gate(Memory memory, Instant factsAt, Instant now) {
    this.memory = memory;
    this.factsAt = factsAt;
    this.now = now;
  }

  /** A step whose effect the facts lack; taken now unless it may still come true. */
  public void want(S step) {
    seen.add(step.key());
    Optional<PendingStep> former = memory.pending(step.key());
    if (former.isEmpty()) {
      toTake.add(step);
      return;
    }
    PendingStep pending = former.get();
    Outcome outcome = memory.outcome(step.key());
    switch (outcome.state()) {
      case RUNNING -> await(step, pending, Optional.empty());
      case SUCCEEDED -> takeAgainAt(step, pending, settled(pending));
      case UNKNOWN -> takeAgainAt(step, pending, pending.deadline());
      case FAILED -> failed(step, pending, outcome);
    }
  }

  /** A step that must wait for others, even if it is unknown whether it was asked already. */
  public void wantLater(S step) {
    seen.add(step.key());
    memory.pending(step.key()).ifPresent(awaited::add);
    toTakeLater.add(step);
  }

  /** Something under way that the facts do not show fully yet, whose step is not to be repeated. */
  public void keep(StepKey key, String message) {
    seen.add(key);
    memory.pending(key).ifPresent(awaited::add);
    findings.add(Finding.delays(ConditionReason.IN_PROGRESS, message));
  }

  /** A step that the facts do not ask for any more, and that later steps rest on. */
  public void remember(StepKey key) {
    memory.pending(key).filter(step -> seen.add(key)).ifPresent(awaited::add);
  }

  public void find(Finding finding) {
    findings.add(finding);
  }

  public void lookAgainAt(Instant instant) {
    lookAgain = instant.isBefore(lookAgain) ? instant : lookAgain;
  }

  /** Whether a step is to be taken or awaited, so that what builds on it has to wait. */
  public boolean isBusy() {
    return !toTake.isEmpty() || !awaited.isEmpty() || !toTakeLater.isEmpty();
  }

  /** Whether such a step was asked and its outcome is not known to be bad. */
  public boolean isAwaited(StepKey key) {
    return memory.pending(key).isPresent() && memory.outcome(key).state() != Outcome.State.FAILED;
  }

  public Instant now() {
    return now;
  }

  public Plan<S> plan() {
    return new Plan<>(
        toTake,
        toTakeLater,
        awaited,
        findings,
        lookAgain.equals(Instant.MAX) ? Optional.empty() : Optional.of(lookAgain));
  }

  /** The plan when something blocks: nothing is taken, what is under way is still remembered. */
  public Plan<S> blocked() {
    List<PendingStep> kept = new ArrayList<>(memory.pending());
    List<S> waiting = new ArrayList<>(toTake);
    waiting.addAll(toTakeLater);
    return new Plan<>(List.of(), waiting, kept, findings, plan().lookAgain());
  }

  private void failed(S step, PendingStep pending, Outcome outcome) {
    boolean forGood = outcome.reason() == ConditionReason.REQUEST_REFUSED;
    Instant again = pending.startedAt().plus(pause(pending.attempt(), forGood));
    if (!again.isAfter(now)) {
      toTake.add(step);
    } else {
      awaited.add(pending);
      toTakeLater.add(step);
      lookAgainAt(again);
    }
    Severity severity =
        outcome.reason() == ConditionReason.TASK_FAILED ? Severity.DELAYS : Severity.BLOCKS;
    findings.add(
        new Finding(
            severity,
            outcome.reason(),
            "%s Proxmox said: %s. %s"
                .formatted(
                    step.sentence(),
                    trimmed(outcome.text()),
                    forGood
                        ? "Proxmox keeps refusing this: change what it names. The "
                            + "operator retries less and less often."
                        : "Retrying (attempt %d).".formatted(pending.attempt() + 1))));
  }

  private void takeAgainAt(S step, PendingStep pending, Instant again) {
    if (!again.isAfter(factsAt)) {
      toTake.add(step);
      findings.add(
          Finding.delays(
              ConditionReason.TASK_OVERDUE,
              "%s It did not finish in time and Proxmox does not show it; retrying."
                  .formatted(step.sentence())));
    } else {
      await(step, pending, Optional.of(again));
    }
  }

  private void await(S step, PendingStep pending, Optional<Instant> again) {
    awaited.add(pending);
    toTakeLater.add(step);
    again.ifPresent(this::lookAgainAt);
    findings.add(Finding.delays(ConditionReason.IN_PROGRESS, step.sentence()));
  }

  private static Instant settled(PendingStep pending) {
    Instant settled = pending.startedAt().plus(SETTLING);
    return settled.isAfter(pending.deadline()) ? settled : pending.deadline();
  }

  private static Duration pause(int attempt, boolean forGood) {
    Duration longest = forGood ? LONGEST_PAUSE_FOR_GOOD : LONGEST_PAUSE;
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 10));
    return pause.compareTo(longest) > 0 ? longest : pause;
  }

  private static String trimmed(String text) {
    String line = text.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
    return line.length() > 300 ? line.substring(0, 300) + " ..." : line;
  }
}
