package io.pveha.core.guest;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.RestsOnAbsence;
import java.util.List;
import java.util.Optional;

/** A step that makes a guest. */
public sealed interface GuestStep extends Step, RestsOnAbsence {

  /** Does one thing per kind of step. */
  interface Visitor<R> {
    R create(CreateGuest step);

    R clone(CloneGuest step);
  }

  <R> R accept(Visitor<R> visitor);

  /** From a template, or with an empty disk. */
  record CreateGuest(WantedGuest guest, WantedGuest.Create how, NodeName on) implements GuestStep {

    public static final String ACTION = "CreateGuest";

    @Override
    public String action() {
      return ACTION;
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(on);
    }

    @Override
    public String subject() {
      return guest.sid();
    }

    @Override
    public String sentence() {
      return "Creating %s %d on %s%s."
          .formatted(
              guest.kind(),
              guest.vmid(),
              on.value(),
              how.template().map(template -> " from " + template).orElse(""));
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(guest.absence());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.create(this);
    }
  }

  /** As a clone of another; asked of the node where that is. */
  record CloneGuest(WantedGuest guest, WantedGuest.Create how, NodeName sourceNode, NodeName on)
      implements GuestStep {

    public static final String ACTION = "CloneGuest";

    @Override
    public String action() {
      return ACTION;
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(sourceNode);
    }

    @Override
    public String subject() {
      return guest.sid();
    }

    @Override
    public String sentence() {
      return "Cloning guest %d to %s %d on %s."
          .formatted(how.cloneOf().orElseThrow(), guest.kind(), guest.vmid(), on.value());
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(guest.absence());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.clone(this);
    }
  }
}
