package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is seen of a guest at one time.
 *
 * @param at when Proxmox was asked
 * @param node where its configuration is; empty when there is no such guest
 * @param running as Proxmox lists it
 * @param service what Proxmox HA has of it; empty when it is not under HA
 * @param lost nodes that are confirmed offline
 * @param online nodes that are confirmed online
 * @param inMaintenance nodes that Proxmox HA empties itself
 * @param silentSince since when the node has not answered, if it does not
 * @param probe what its probe saw; empty without one
 * @param orders moves that were ordered, newest first
 */
public record GuestSighting(
    Instant at,
    Optional<NodeName> node,
    Belief running,
    Optional<Service> service,
    Set<NodeName> lost,
    Set<NodeName> online,
    Set<NodeName> inMaintenance,
    Optional<Instant> silentSince,
    Optional<ProbeView> probe,
    List<Order> orders) {

  public GuestSighting {
    lost = Set.copyOf(lost);
    online = Set.copyOf(online);
    inMaintenance = Set.copyOf(inMaintenance);
    orders = List.copyOf(orders);
  }

  /**
   * What Proxmox HA has of it.
   *
   * @param state in the manager's words
   * @param running whether its start was confirmed
   * @param failedNodes where it could not be started
   */
  public record Service(String state, NodeName node, boolean running, Set<NodeName> failedNodes) {

    private static final Set<String> MOVING = Set.of("migrate", "relocate");
    private static final Set<String> RECOVERED_FROM_LOSS = Set.of("fence", "recovery");

    public Service {
      failedNodes = Set.copyOf(failedNodes);
    }

    boolean isMoving() {
      return MOVING.contains(state);
    }

    boolean isGivenUpWithItsNode() {
      return RECOVERED_FROM_LOSS.contains(state);
    }
  }

  /**
   * What a probe saw.
   *
   * @param lastAnswer empty when it never answered, as far as anybody remembers
   * @param lastGap the last time without answers that ended
   */
  public record ProbeView(boolean answering, Optional<Instant> lastAnswer, Optional<Gap> lastGap) {}

  /**
   * A time without answers.
   *
   * @param from last answer before
   * @param to first answer after
   * @param exact false when nobody probed for a part of it, so that it may have ended earlier
   */
  public record Gap(Instant from, Instant to, boolean exact) {}

  /**
   * A move that was ordered.
   *
   * @param to empty until a node is chosen
   * @param ended when it succeeded or failed
   */
  public record Order(
      NodeName from, Optional<NodeName> to, FailoverCause cause, Optional<Instant> ended) {}
}
