package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.JobMark;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.RestsOnAbsence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A step that makes replication jobs what they should be. */
public sealed interface ReplicationStep extends Step, RestsOnAbsence {

  /** Does one thing per kind of step. */
  interface Visitor<R> {
    R create(CreateJob step);

    R update(UpdateJob step);

    R remove(RemoveJob step);

    R recreate(RecreateJob step);

    R sync(SyncJob step);
  }

  <R> R accept(Visitor<R> visitor);

  @Override
  default Optional<NodeName> node() {
    return Optional.empty();
  }

  /** A job from wherever the guest is to {@code target}. */
  record CreateJob(
      String id,
      int vmid,
      NodeName target,
      String schedule,
      OptionalInt rateMBps,
      boolean disabled,
      JobMark mark)
      implements ReplicationStep {

    @Override
    public String action() {
      return "CreateReplicationJob";
    }

    /** By guest and target, since Proxmox takes one job for both and the number is free. */
    @Override
    public String subject() {
      return vmid + ">" + target.value();
    }

    @Override
    public String sentence() {
      return "Creating replication job %s of guest %d to %s, %s."
          .formatted(id, vmid, target.value(), schedule);
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(
          Absence.of(Listing.REPLICATION_JOBS, id),
          Absence.of(Listing.REPLICATION_JOBS, subject()));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.create(this);
    }
  }

  /**
   * The settings of a job.
   *
   * @param mark written as well, if it does not have it yet
   */
  record UpdateJob(
      String id, String schedule, OptionalInt rateMBps, boolean disabled, Optional<JobMark> mark)
      implements ReplicationStep {

    @Override
    public String action() {
      return "UpdateReplicationJob";
    }

    @Override
    public String subject() {
      return id;
    }

    @Override
    public String sentence() {
      return "Setting replication job %s to %s%s%s."
          .formatted(
              id,
              schedule,
              disabled ? ", suspended" : "",
              mark.map(each -> ", marked as owned by ReplicationJob " + each.id()).orElse(""));
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.update(this);
    }
  }

  /**
   * A job goes; its replica too, unless it is kept.
   *
   * @param force whether only the job is dropped, at once, since its target is no longer a member;
   *     what is on the target stays
   */
  record RemoveJob(String id, NodeName target, boolean keepReplica, boolean force)
      implements ReplicationStep {

    @Override
    public String action() {
      return "RemoveReplicationJob";
    }

    @Override
    public String subject() {
      return id;
    }

    @Override
    public String sentence() {
      return "Removing replication job %s to %s%s."
          .formatted(
              id,
              target.value(),
              force
                  ? ", which is no longer a member"
                  : keepReplica ? "; the replica stays" : " and its replica");
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.beyond(Listing.STORAGES), Absence.beyond(Listing.REPLICATION_JOBS));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.remove(this);
    }
  }

  /** A job goes with its replica, since both can't go on; another one follows when it is gone. */
  record RecreateJob(String id, int vmid, NodeName target) implements ReplicationStep {

    @Override
    public String action() {
      return "RecreateReplicationJob";
    }

    @Override
    public String subject() {
      return id;
    }

    @Override
    public String sentence() {
      return "Removing replication job %s with its broken replica on %s, to recreate both."
          .formatted(id, target.value());
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.beyond(Listing.STORAGES), Absence.beyond(Listing.REPLICATION_JOBS));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.recreate(this);
    }
  }

  /** A job is to run at the scheduler's next look; asked of the node where the guest is. */
  record SyncJob(String id, NodeName home) implements ReplicationStep {

    @Override
    public Optional<NodeName> node() {
      return Optional.of(home);
    }

    @Override
    public String action() {
      return "SyncReplicationJob";
    }

    @Override
    public String subject() {
      return id;
    }

    @Override
    public String sentence() {
      return "Asking %s to run replication job %s now.".formatted(home.value(), id);
    }

    /** The scheduler looks once a minute. */
    @Override
    public Duration patience() {
      return Duration.ofMinutes(3);
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sync(this);
    }
  }
}
