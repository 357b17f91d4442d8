package io.pveha.core.move;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import java.time.Duration;
import java.util.Optional;

/** A step of a move. */
public sealed interface MoveStep extends Step {

  /** Carries a step out. */
  interface Visitor<R> {
    R replicate(ReplicateNow step);

    R move(MoveGuest step);
  }

  <R> R accept(Visitor<R> visitor);

  /**
   * Asks the guest's node to replicate now.
   *
   * @param why as the end of a sentence
   */
  record ReplicateNow(String job, GuestId guest, NodeName source, String why) implements MoveStep {

    @Override
    public String action() {
      return "ReplicateNow";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(source);
    }

    @Override
    public String subject() {
      return job;
    }

    @Override
    public String sentence() {
      return "Replicating %s by job %s, %s.".formatted(guest, job, why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.replicate(this);
    }
  }

  /**
   * Moves a guest.
   *
   * @param order whose step it is; another order is another step
   * @param managed whether Proxmox HA moves it, and is only asked
   */
  record MoveGuest(
      String order, GuestId guest, NodeName from, NodeName to, boolean managed, boolean running)
      implements MoveStep {

    @Override
    public String action() {
      return "MoveGuest";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(from);
    }

    @Override
    public String subject() {
      return order;
    }

    @Override
    public String sentence() {
      return "Moving %s from %s to %s%s."
          .formatted(guest, from, to, isLive() ? " while it runs" : "");
    }

    /** Whether the guest is not away meanwhile. */
    public boolean isLive() {
      return guest.kind() == GuestKind.VM && running;
    }

    /** The HA manager may take so long to show that it has read the order. */
    @Override
    public Duration patience() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Duration taskPatience() {
      return Duration.ofHours(2);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.move(this);
    }
  }
}
