package io.pveha.operator.replication;

import io.pveha.core.cluster.Upid;
import io.pveha.core.replication.ReplicationStep;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.RecreateJob;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.ReplicationStep.SyncJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import io.pveha.core.safety.JobMark;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.steps.StepActions;
import io.pveha.proxmox.ReplicationCalls;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks a quorate member for the steps of replication; none of them is a task. */
final class ReplicationActions
    implements StepActions<ReplicationStep>, ReplicationStep.Visitor<Optional<Upid>> {

  private final ClusterWatcher watcher;
  private final WriteGrant grant;

  ReplicationActions(ClusterWatcher watcher, WriteGrant grant) {
    this.watcher = watcher;
    this.grant = grant;
  }

  @Override
  public Optional<Upid> start(ReplicationStep step) {
    return step.accept(this);
  }

  @Override
  public Optional<Upid> create(CreateJob step) {
    calls()
        .create(
            step.id(),
            step.target(),
            step.schedule(),
            rate(step.rateMBps()),
            step.disabled(),
            Optional.of(step.mark().comment()));
    return Optional.empty();
  }

  @Override
  public Optional<Upid> update(UpdateJob step) {
    calls()
        .update(
            step.id(),
            step.schedule(),
            rate(step.rateMBps()),
            step.disabled(),
            step.mark().map(JobMark::comment));
    return Optional.empty();
  }

  @Override
  public Optional<Upid> remove(RemoveJob step) {
    calls().remove(step.id(), step.keepReplica(), step.force());
    return Optional.empty();
  }

  @Override
  public Optional<Upid> recreate(RecreateJob step) {
    calls().remove(step.id(), false, false);
    return Optional.empty();
  }

  @Override
  public Optional<Upid> sync(SyncJob step) {
    calls().scheduleNow(step.home(), step.id());
    return Optional.empty();
  }

  private ReplicationCalls calls() {
    return new ReplicationCalls(watcher.quorateMembers(grant));
  }

  private static Optional<Integer> rate(OptionalInt rate) {
    return rate.isPresent() ? Optional.of(rate.getAsInt()) : Optional.empty();
  }
}
