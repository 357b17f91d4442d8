package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Jobs of one guest against its targets. Whose a job is does not matter for whether it serves a
 * target, but of two that lead to one node ours is kept.
 *
 * @param kept lead to a wanted target
 * @param removing are marked for removal
 * @param turning point to where the guest is, and nobody knows where they will lead
 * @param missing wanted targets without a job, less those that a turning job may serve
 */
record GuestJobs(
    List<NodeName> targets,
    List<Job> kept,
    List<Job> unwanted,
    List<Job> removing,
    List<Job> turning,
    List<NodeName> missing) {

  static GuestJobs of(WantedReplication wanted, ReplicationFacts facts, Guest guest) {
    List<Job> jobs =
        facts.jobs().stream()
            .filter(job -> job.vmid() == guest.vmid())
            .sorted(Comparator.comparing(Job::owner).thenComparing(Job::number))
            .toList();
    List<NodeName> targets =
        new Targets(
                wanted.targets(), facts, guest, jobs.stream().filter(j -> !j.removing()).toList())
            .nodes();
    GuestJobs sorted =
        new GuestJobs(
            targets,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    Set<NodeName> served = new HashSet<>();
    for (Job job : jobs) {
      Optional<NodeName> leadsTo = job.leadsTo(guest);
      if (job.removing()) {
        sorted.removing().add(job);
      } else if (leadsTo.isEmpty()) {
        sorted.turning().add(job);
      } else if (targets.contains(leadsTo.get()) && served.add(leadsTo.get())) {
        sorted.kept().add(job);
      } else {
        sorted.unwanted().add(job);
      }
    }
    sorted.removing().forEach(job -> job.leadsTo(guest).ifPresent(served::add));
    List<NodeName> unserved = targets.stream().filter(node -> !served.contains(node)).toList();
    unserved.stream()
        .limit(Math.max(0, unserved.size() - sorted.turning().size()))
        .forEach(sorted.missing()::add);
    return sorted;
  }

  /**
   * Whether the guest has a replica that is wanted, goes on, and can be used now: the only one that
   * can is kept until then, and so is one that may be the freshest.
   */
  boolean hasReplica(Guest guest, ReplicationFacts facts) {
    return kept.stream()
        .filter(job -> job.recoveryPoint().isPresent() && !job.pointsHome(guest))
        .filter(job -> facts.isOnline(job.target()))
        .anyMatch(job -> job.state().filter(runs -> runs.failCount() > 0).isEmpty());
  }
}
