package io.pveha.operator.move;

import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.Upid;
import io.pveha.core.move.MoveStep;
import io.pveha.core.move.MoveStep.MoveGuest;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.steps.StepActions;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.ReplicationCalls;
import java.util.Optional;

/** Asks a quorate member for the steps of a move. */
public final class MoveActions implements StepActions<MoveStep>, MoveStep.Visitor<Optional<Upid>> {

  private final ClusterWatcher watcher;
  private final WriteGrant grant;

  public MoveActions(ClusterWatcher watcher, WriteGrant grant) {
    this.watcher = watcher;
    this.grant = grant;
  }

  @Override
  public Optional<Upid> start(MoveStep step) {
    return step.accept(this);
  }

  @Override
  public Optional<Upid> replicate(ReplicateNow step) {
    new ReplicationCalls(watcher.quorateMembers(grant)).scheduleNow(step.source(), step.job());
    return Optional.empty();
  }

  @Override
  public Optional<Upid> move(MoveGuest step) {
    if (!step.managed()) {
      return Optional.of(
          new GuestCalls(watcher.quorateMembers(grant))
              .migrate(step.from(), step.guest(), step.to(), step.running()));
    }
    HaCalls ha = new HaCalls(watcher.quorateMembers(grant));
    if (step.guest().kind() == GuestKind.VM) {
      ha.migrate(step.guest().sid(), step.to());
    } else {
      ha.relocate(step.guest().sid(), step.to());
    }
    return Optional.empty();
  }
}
