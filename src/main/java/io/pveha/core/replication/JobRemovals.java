package io.pveha.core.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.WantedReplication.Leftover;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Jobs that are to go. Properties kept:
 *
 * <ol>
 *   <li>only a job that has our mark goes, and only if its owner has said that it may;
 *   <li>none goes while the node of its guest is offline, since its replica is what the guest can
 *       come back from;
 *   <li>Proxmox carries a removal out only while the target is online; of a target that is no
 *       member any more the job alone is dropped, which it does at once.
 * </ol>
 */
final class JobRemovals {

  private final ReplicationFacts facts;
  private final Gate<ReplicationStep> gate;

  JobRemovals(ReplicationFacts facts, Gate<ReplicationStep> gate) {
    this.facts = facts;
    this.gate = gate;
  }

  /** A job that is to go whatever other replicas the guest has. */
  void remove(Job job, boolean keepReplica) {
    Optional<Guest> stranded =
        facts.guest(job.vmid()).filter(guest -> !facts.isOnline(guest.home()));
    if (!job.isOurs()) {
      return;
    }
    if (job.removing() && facts.isMember(job.target())) {
      keepRemoving(job);
    } else if (stranded.isPresent()) {
      gate.wantLater(step(job, keepReplica));
      gate.find(waitsForHome(stranded.get()));
    } else {
      gate.want(step(job, keepReplica));
    }
  }

  /** A job of a guest that stays, whose target is not wanted. */
  void drop(Guest guest, Job job, GuestJobs jobs, WantedReplication wanted) {
    if (!job.isOurs()) {
      gate.find(facts.isMember(job.target()) ? ForeignJobs.left(job, wanted.mark()) : gone(job));
      return;
    }
    if (wanted.leftover() == Leftover.RETAIN) {
      gate.find(facts.isMember(job.target()) ? retained(guest, job) : gone(job));
      return;
    }
    RemoveJob step = step(job, wanted.leftover() == Leftover.KEEP_REPLICA);
    if (!facts.isOnline(guest.home())) {
      gate.wantLater(step);
      gate.find(waitsForHome(guest));
    } else if (facts.isMember(job.target()) && !jobs.hasReplica(guest, facts)) {
      gate.wantLater(step);
      gate.find(
          Finding.delays(
              ConditionReason.IN_PROGRESS,
              ("Job %s to %s and its replica stay until guest %d has a replica on %s that is "
                      + "online and healthy.")
                  .formatted(
                      job.id(),
                      job.target(),
                      guest.vmid(),
                      jobs.targets().stream()
                          .map(NodeName::value)
                          .collect(Collectors.joining(" or ")))));
    } else {
      gate.want(step);
    }
  }

  /** A job that is marked for removal, which Proxmox carries out at the guest's node. */
  void keepRemoving(Job job) {
    if (!facts.isMember(job.target())) {
      if (job.isOurs()) {
        remove(job, false);
      } else {
        gate.find(
            Finding.blocks(
                ConditionReason.REMOVAL_PENDING,
                ("Job %s is marked for removal and leads to %s, which is no longer a member: "
                        + "%s removes it.")
                    .formatted(job.id(), job.target(), forced(job))));
      }
      return;
    }
    Optional<String> waitsFor =
        facts
            .guest(job.vmid())
            .map(Guest::home)
            .filter(home -> !facts.isOnline(home))
            .map(home -> home + ", where guest " + job.vmid() + " is,")
            .or(
                () ->
                    facts.isOnline(job.target())
                        ? Optional.empty()
                        : Optional.of(job.target().value()));
    String message =
        "Replication job %s to %s is marked for removal; %s."
            .formatted(
                job.id(),
                job.target(),
                waitsFor
                    .map(node -> node + " has to be online for that")
                    .orElse("the node of guest %d does it soon".formatted(job.vmid())));
    if (waitsFor.isPresent()) {
      gate.find(Finding.delays(ConditionReason.REMOVAL_PENDING, message));
    }
    gate.keep(new RemoveJob(job.id(), job.target(), false, false).key(), message);
  }

  private RemoveJob step(Job job, boolean keepReplica) {
    boolean isMember = facts.isMember(job.target());
    return new RemoveJob(job.id(), job.target(), isMember && keepReplica, !isMember);
  }

  private static Finding retained(Guest guest, Job job) {
    return Finding.informs(
        ConditionReason.REMOVAL_PENDING,
        ("Job %s to %s is not in spec.targets; deletionPolicy: Retain leaves it and its replica."
                + " Set deletionPolicy: Delete, or run `pvesr delete %s` on %s.")
            .formatted(job.id(), job.target(), job.id(), guest.home()));
  }

  /** One whose target left the cluster, which no removal but a forced one ends. */
  private Finding gone(Job job) {
    return Finding.informs(
        ConditionReason.REMOVAL_PENDING,
        "Job %s leads to %s, which is no longer a member, and stays as it is: %s removes it."
            .formatted(job.id(), job.target(), forced(job)));
  }

  private String forced(Job job) {
    return "`pvesr delete %s --force`%s"
        .formatted(
            job.id(), facts.guest(job.vmid()).map(guest -> " on " + guest.home()).orElse(""));
  }

  static Finding waitsForHome(Guest guest) {
    return Finding.delays(
        ConditionReason.WAITING_FOR_NODE,
        "Guest %d is on %s, which is not online; its jobs change when it is back or the guest is"
                .formatted(guest.vmid(), guest.home())
            + " elsewhere.");
  }
}
