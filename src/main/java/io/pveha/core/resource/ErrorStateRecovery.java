package io.pveha.core.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.StepKey;
import io.pveha.core.resource.ResourceStep.ClearError;
import io.pveha.core.resource.StartFailure.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a resource out of the error state when what kept its guest from starting is known and gone:
 * through disabled, and from there the planner that always runs asks for started. Known are what
 * the last failed start names, and a move that ended half-way, so that the HA manager looks for the
 * guest where it is not. While it is left alone nothing else is asked of Proxmox, which refuses.
 * Properties kept:
 *
 * <ol>
 *   <li>only what the last failed start itself names, and what is seen to work again, is believed;
 *   <li>a guest that runs all the same is not stopped;
 *   <li>not while the guest's node is not confirmed online, and not when the owner wants no start;
 *   <li>at most twice a day, counted before it is done;
 *   <li>disabled is left again whoever set it and whatever died meanwhile: the HA manager turns an
 *       error that is disabled into stopped, and what is stopped is asked to be started.
 * </ol>
 */
public final class ErrorStateRecovery {

  /** How often a day. */
  public static final int MOST = 2;

  private static final Duration DAY = Duration.ofDays(1);

  /**
   * A resource in the error state.
   *
   * @param requested state that is asked of Proxmox now
   * @param online whether its node is confirmed online
   * @param elsewhere where the guest is, if that is not the node the HA manager has it on
   * @param failure the last failed start there; empty when there is none, or nobody could tell
   * @param factsAt when the rest was asked for
   */
  public record Patient(
      String sid,
      NodeName node,
      String requested,
      boolean online,
      Optional<Elsewhere> elsewhere,
      Optional<StartFailure> failure,
      Sight sight,
      Instant factsAt) {}

  /**
   * The node that has the guest.
   *
   * @param online whether it is confirmed online
   * @param running whether the guest runs there
   */
  public record Elsewhere(NodeName node, boolean online, boolean running) {}

  /**
   * What is seen on the guest's node.
   *
   * @param storages whether each works
   * @param pools whether each works
   * @param volumes all on the storage in question, as volumes or as datasets; empty when it was not
   *     asked
   * @param lock on the guest's configuration
   */
  public record Sight(
      Map<String, Boolean> storages,
      Map<String, Boolean> pools,
      Optional<Set<String>> volumes,
      Optional<String> lock) {

    Belief isGone(Cause cause) {
      return switch (cause.kind()) {
        case LOCK -> lock.isEmpty() ? Belief.YES : Belief.NO;
        case VOLUME, DATASET ->
            volumes.map(all -> belief(all.contains(cause.name()))).orElse(Belief.UNKNOWN);
        case STORAGE -> belief(storages, cause.name());
        case POOL -> belief(pools, cause.name());
      };
    }

    private static Belief belief(Map<String, Boolean> works, String name) {
      return works.isEmpty() ? Belief.UNKNOWN : belief(works.getOrDefault(name, false));
    }

    private static Belief belief(boolean gone) {
      return gone ? Belief.YES : Belief.NO;
    }
  }

  /**
   * What is to be done.
   *
   * @param plan nothing when the resource is left alone
   * @param cause of the recovery that begins now, to be recorded first; empty when none begins
   * @param words what was seen, and what would let it go
   */
  public record Advice(Plan<ResourceStep> plan, Optional<String> cause, String words) {}

  private final Patient patient;
  private final Memory memory;
  private final Instant now;

  private ErrorStateRecovery(Patient patient, Memory memory, Instant now) {
    this.patient = patient;
    this.memory = memory;
    this.now = now;
  }

  /**
   * Examines it.
   *
   * @param recoveries when it was taken out of the error state before
   */
  public static Advice examine(
      Patient patient, List<Instant> recoveries, Memory memory, Instant now) {
    return new ErrorStateRecovery(patient, memory, now).examine(recoveries);
  }

  private Advice examine(List<Instant> recoveries) {
    if (patient.requested().equals("disabled")) {
      Gate<ResourceStep> gate = gate();
      String words = "The error state of %s is being cleared.".formatted(patient.sid());
      gate.find(Finding.delays(ConditionReason.IN_PROGRESS, words));
      return new Advice(gate.plan(), Optional.empty(), words);
    }
    if (!patient.online()) {
      return leave("%s is not confirmed online, so nothing is done.".formatted(patient.node()));
    }
    if (patient.elsewhere().isPresent()) {
      return leftHalfWay(patient.elsewhere().get(), recoveries);
    }
    if (patient.failure().isEmpty()) {
      return leave("No known failed start on %s explains why.".formatted(patient.node()));
    }
    StartFailure failure = patient.failure().get();
    Optional<Cause> cause = failure.cause();
    if (cause.isEmpty()) {
      return leave("Its last start failed: %s.".formatted(shortened(failure.text())));
    }
    String words =
        "Its last start failed because of %s.".formatted(cause.get().words(patient.node()));
    boolean seenSince = patient.factsAt().isAfter(failure.at());
    boolean gone = seenSince && patient.sight().isGone(cause.get()).isYes();
    return inBudget(recoveries, words)
        .orElseGet(
            () ->
                gone
                    ? clear(cause.get().words(patient.node()), words + " That cause is gone.")
                    : leave(words + " It is retried once " + cause.get().untilGone() + "."));
  }

  private Advice leftHalfWay(Elsewhere there, List<Instant> recoveries) {
    String cause = "an interrupted move to %s".formatted(there.node());
    String words = "It is on %s, where an interrupted move left it.".formatted(there.node());
    if (!there.online()) {
      return leave(
          words + " %s is not confirmed online, so nothing is done.".formatted(there.node()));
    }
    if (there.running()) {
      return leave(words + " It is running there and would be stopped; nothing is done.");
    }
    if (patient.sight().lock().isPresent()) {
      return leave(
          words + " It is locked (%s); nothing is done.".formatted(patient.sight().lock().get()));
    }
    return inBudget(recoveries, words).orElseGet(() -> clear(cause, words));
  }

  /** Empty while it may be taken out of the error state once more. */
  private Optional<Advice> inBudget(List<Instant> recoveries, String words) {
    long used = recoveries.stream().filter(at -> at.isAfter(now.minus(DAY))).count();
    return begun() || used < MOST
        ? Optional.empty()
        : Optional.of(
            leave(
                words
                    + (" The error state was already cleared %s within a day; it is not "
                            + "cleared again.")
                        .formatted(Count.times(used))));
  }

  private boolean begun() {
    return memory.pending(new StepKey(ClearError.ACTION, patient.sid())).isPresent();
  }

  private Advice clear(String cause, String words) {
    Gate<ResourceStep> gate = gate();
    gate.want(new ClearError(patient.sid(), cause));
    return new Advice(gate.plan(), begun() ? Optional.empty() : Optional.of(cause), words);
  }

  private Gate<ResourceStep> gate() {
    return new Gate<>(memory, patient.factsAt(), now);
  }

  private Advice leave(String words) {
    return new Advice(gate().plan(), Optional.empty(), words);
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
    return line.length() > 300 ? line.substring(0, 300) + " ..." : line;
  }
}
