package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.RequestedState;
import io.pveha.proxmox.HaCalls.Service;
import java.util.Optional;
import java.util.Set;

/**
 * What Proxmox HA's state of a service means for its owner.
 *
 * @param shown state as Proxmox shows it to people: {@code starting} until the start is confirmed
 * @param asWanted whether the guest is in the state that its owner wants
 * @param reason why it is not, or that it is
 * @param failingOver whether it is on its way after its node was lost
 */
record ServiceStateMeaning(
    String shown, boolean asWanted, ConditionReason reason, String message, boolean failingOver) {

  private static final Set<String> RUNS_OR_IS_ABOUT_TO =
      Set.of("started", "request_start", "request_start_balance", "migrate", "relocate");

  /**
   * In words.
   *
   * @param nodeLost whether the members agree that the service's node is offline; the HA manager
   *     itself takes a minute to act on that, and until then says that the service runs
   */
  static ServiceStateMeaning of(
      String sid, RequestedState wanted, Optional<Service> service, boolean nodeLost) {
    if (service.isEmpty()) {
      boolean ignored = wanted == RequestedState.IGNORED;
      return new ServiceStateMeaning(
          ignored ? "ignored" : "queued",
          ignored,
          ignored ? ConditionReason.IN_REQUESTED_STATE : ConditionReason.IN_PROGRESS,
          ignored
              ? "Proxmox HA leaves %s alone.".formatted(sid)
              : "The HA manager has not picked up %s yet.".formatted(sid),
          false);
    }
    if (nodeLost && RUNS_OR_IS_ABOUT_TO.contains(service.get().state())) {
      return lost(
          service.get().state(),
          ConditionReason.NODE_LOST,
          "%s is lost: %s is offline. Proxmox HA recovers it when that node is confirmed down."
              .formatted(sid, service.get().node()));
    }
    return of(sid, wanted, service.get());
  }

  private static ServiceStateMeaning of(String sid, RequestedState wanted, Service service) {
    String on = sid + " on " + service.node();
    return switch (service.state()) {
      case "started" ->
          service.running()
              ? reached(wanted == RequestedState.STARTED, "started", on + " runs.")
              : way("starting", ConditionReason.STARTING, on + " is being started.");
      case "stopped" ->
          reached(
              wanted == RequestedState.STOPPED || wanted == RequestedState.DISABLED,
              "stopped",
              on + " is stopped.");
      case "request_start", "request_start_balance" ->
          way("starting", ConditionReason.STARTING, on + " is about to be started.");
      case "request_stop" -> way("stopping", ConditionReason.STOPPING, on + " is being stopped.");
      case "migrate", "relocate" ->
          way(
              service.state(),
              ConditionReason.MOVING,
              "%s moves to %s.".formatted(on, service.target()));
      case "fence" ->
          lost(
              "fence",
              ConditionReason.NODE_LOST,
              "%s is lost with its node; Proxmox waits until that is confirmed down."
                  .formatted(on));
      case "recovery" ->
          lost(
              "recovery",
              ConditionReason.RECOVERING,
              "%s is confirmed down; Proxmox HA is choosing a node for the guest.".formatted(on));
      case "freeze" ->
          way("freeze", ConditionReason.FROZEN, on + " is frozen while its node reboots.");
      case "error" ->
          way(
              "error",
              ConditionReason.HA_ERROR,
              on
                  + " is in Proxmox HA's error state: set spec.state to disabled, repair it, "
                  + "then set started.");
      default -> way(service.state(), ConditionReason.IN_PROGRESS, on + " is " + service.state());
    };
  }

  /** The same with more to say. */
  ServiceStateMeaning with(String more) {
    return new ServiceStateMeaning(shown, asWanted, reason, message + " " + more, failingOver);
  }

  private static ServiceStateMeaning reached(boolean wanted, String shown, String message) {
    return new ServiceStateMeaning(
        shown,
        wanted,
        wanted ? ConditionReason.IN_REQUESTED_STATE : ConditionReason.IN_PROGRESS,
        message,
        false);
  }

  private static ServiceStateMeaning way(String shown, ConditionReason reason, String message) {
    return new ServiceStateMeaning(shown, false, reason, message, false);
  }

  private static ServiceStateMeaning lost(String shown, ConditionReason reason, String message) {
    return new ServiceStateMeaning(shown, false, reason, message, true);
  }
}
