package io.pveha.operator.resource;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import io.pveha.core.guest.GuestStep;
import io.pveha.core.guest.GuestStep.CloneGuest;
import io.pveha.core.guest.GuestStep.CreateGuest;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.steps.StepActions;
import io.pveha.proxmox.GuestCalls;
import java.util.Optional;

/** Asks Proxmox to make a guest. */
final class GuestActions implements StepActions<GuestStep>, GuestStep.Visitor<Upid> {

  private final ClusterWatcher watcher;
  private final WriteGrant grant;

  GuestActions(ClusterWatcher watcher, WriteGrant grant) {
    this.watcher = watcher;
    this.grant = grant;
  }

  @Override
  public Optional<Upid> start(GuestStep step) {
    return Optional.of(step.accept(this));
  }

  @Override
  public Upid create(CreateGuest step) {
    NodeName on = step.on();
    return new GuestCalls(watcher.access().node(on, grant))
        .create(
            on, id(step.guest(), step.guest().vmid()), GuestOptions.of(step.guest(), step.how()));
  }

  @Override
  public Upid clone(CloneGuest step) {
    NodeName target = step.on();
    return new GuestCalls(watcher.access().node(step.sourceNode(), grant))
        .clone(
            step.sourceNode(),
            id(step.guest(), step.how().cloneOf().orElseThrow()),
            step.guest().vmid(),
            step.how().hostname(),
            step.how().fullClone(),
            step.how().storage(),
            target.equals(step.sourceNode()) ? Optional.empty() : Optional.of(target));
  }

  private static GuestId id(WantedGuest guest, int vmid) {
    return new GuestId(guest.container() ? GuestKind.CT : GuestKind.VM, vmid);
  }
}
