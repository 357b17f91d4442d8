package io.pveha.core.guest;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.GuestFacts.Found;
import io.pveha.core.guest.GuestStep.CloneGuest;
import io.pveha.core.guest.GuestStep.CreateGuest;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.StepKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Plans that a guest exists. One that exists is never changed, whatever it is; one that is not
 * found is made only if nothing speaks against it.
 */
public final class GuestPlanner {

  private final WantedGuest wanted;
  private final GuestFacts facts;
  private final Memory memory;
  private final Gate<GuestStep> gate;

  private GuestPlanner(WantedGuest wanted, GuestFacts facts, Memory memory, Gate<GuestStep> gate) {
    this.wanted = wanted;
    this.facts = facts;
    this.memory = memory;
    this.gate = gate;
  }

  /** Plans from facts asked for at {@code factsAt}. */
  public static Plan<GuestStep> plan(
      WantedGuest wanted, GuestFacts facts, Memory memory, Instant factsAt, Instant now) {
    return new GuestPlanner(wanted, facts, memory, new Gate<>(memory, factsAt, now)).plan();
  }

  private Plan<GuestStep> plan() {
    if (facts.found().isPresent()) {
      return existing(facts.found().get());
    }
    if (facts.obstacle().isPresent()) {
      gate.find(facts.obstacle().get());
      return gate.blocked();
    }
    if (wanted.create().isEmpty()) {
      gate.find(
          Finding.delays(
              ConditionReason.WAITING_FOR_GUEST,
              "Guest %d does not exist; create it in Proxmox, or describe it in spec.guest.create."
                  .formatted(wanted.vmid())));
      return gate.plan();
    }
    return making(wanted.create().get());
  }

  private Plan<GuestStep> existing(Found found) {
    if (found.container() != wanted.container()) {
      gate.find(
          Finding.blocks(
              ConditionReason.GUEST_KIND_MISMATCH,
              "spec.guest.vmid: %d is a %s, not a %s; write its kind, or a vmid that is free."
                  .formatted(
                      wanted.vmid(),
                      found.container() ? "container" : "virtual machine",
                      wanted.kind())));
      return gate.blocked();
    }
    if (found.template()) {
      gate.find(Finding.blocks(ConditionReason.GUEST_IS_TEMPLATE, template()));
      return gate.blocked();
    }
    String making =
        "Guest %d is being created on %s.".formatted(wanted.vmid(), found.node().value());
    memory.pending().stream()
        .filter(this::mayStillBeMaking)
        .forEach(pending -> gate.keep(pending.key(), making));
    if (found.locked().filter("create"::equals).isPresent()) {
      gate.find(Finding.delays(ConditionReason.CREATING, making));
    }
    return gate.plan();
  }

  private String template() {
    return "%d is a template; it can't be started.%s"
        .formatted(
            wanted.vmid(),
            facts.underHa()
                ? (" It was put under HA before it became one; take it out with "
                        + "ha-manager remove %s.")
                    .formatted(wanted.sid())
                : " Name a guest that was cloned from it.");
  }

  /** The configuration is there before the disk is: HA must not have it until the task ended. */
  private boolean mayStillBeMaking(PendingStep pending) {
    boolean makes =
        pending.key().equals(new StepKey(CreateGuest.ACTION, wanted.sid()))
            || pending.key().equals(new StepKey(CloneGuest.ACTION, wanted.sid()));
    return makes
        && pending.deadline().isAfter(gate.now())
        && switch (memory.outcome(pending.key()).state()) {
          case RUNNING, UNKNOWN -> true;
          case SUCCEEDED, FAILED -> false;
        };
  }

  private Plan<GuestStep> making(WantedGuest.Create create) {
    NodeChoice choice = NodeChoice.of(create, facts);
    if (choice.isHopeless()) {
      gate.find(
          Finding.blocks(
              ConditionReason.NODE_UNKNOWN,
              ("spec.guest.create.node: %s is not a member of the cluster; write the name of "
                      + "a member.")
                  .formatted(choice.best().value())));
      return gate.blocked();
    }
    GuestStep step = step(create, choice.best());
    if (step == null) {
      return gate.blocked();
    }
    if (choice.node().isEmpty()) {
      gate.wantLater(step);
      gate.find(
          Finding.delays(
              choice.lacksStorage()
                  ? ConditionReason.WAITING_FOR_STORAGE
                  : ConditionReason.WAITING_FOR_NODE,
              "No node can host the new guest %d: %s.%s"
                  .formatted(
                      wanted.vmid(),
                      choice.words(),
                      choice.lacksStorage() ? " A ZfsPool can provide the storage." : "")));
    } else if (create.template().filter(this::isMissing).isPresent()) {
      gate.wantLater(step);
      gate.find(
          Finding.blocks(
              ConditionReason.TEMPLATE_NOT_FOUND,
              "spec.guest.create.template: %s has no %s; download it there, or correct the name."
                  .formatted(choice.best().value(), create.template().get())));
    } else {
      gate.want(step);
    }
    return gate.plan();
  }

  private boolean isMissing(String template) {
    return facts.templates().filter(volumes -> !volumes.contains(template)).isPresent();
  }

  /** Null when the guest to clone is wrong; a finding says why. */
  private GuestStep step(WantedGuest.Create create, NodeName on) {
    if (create.cloneOf().isEmpty()) {
      return new CreateGuest(wanted, create, on);
    }
    int source = create.cloneOf().getAsInt();
    Optional<Found> found = facts.source();
    if (found.isEmpty() || found.get().container() != wanted.container()) {
      gate.find(
          Finding.blocks(
              ConditionReason.TEMPLATE_NOT_FOUND,
              "spec.guest.create.cloneFrom.vmid: there is no %s %d to clone."
                  .formatted(wanted.kind(), source)));
      return null;
    }
    return new CloneGuest(wanted, create, found.get().node(), on);
  }
}
