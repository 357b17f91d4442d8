package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What of a cluster's facts concerns one ReplicationJob. */
final class ReplicationSlice {

  private ReplicationSlice() {}

  /**
   * The slice.
   *
   * @param home site whose nodes are taken before others where a count of targets is wanted
   */
  static ReplicationFacts of(ReplicationJobSpec spec, ClusterFacts facts, Set<NodeName> remote) {
    List<ReplicationFacts.Guest> guests =
        facts.fast().guests().stream()
            .filter(guest -> isMeant(spec, guest))
            .map(guest -> new ReplicationFacts.Guest(guest.id().vmid(), guest.node()))
            .sorted(Comparator.comparingInt(ReplicationFacts.Guest::vmid))
            .toList();
    Map<NodeName, Boolean> members = new LinkedHashMap<>();
    facts.members().entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<NodeName, Boolean> e) -> remote.contains(e.getKey()))
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> members.put(entry.getKey(), entry.getValue()));
    List<ReplicationFacts.Job> jobs =
        facts.slow().jobs().stream()
            .filter(job -> guests.stream().anyMatch(guest -> guest.vmid() == job.guest()))
            .map(job -> job(job, facts))
            .toList();
    return new ReplicationFacts(guests, members, Set.of(), jobs);
  }

  static boolean isMeant(ReplicationJobSpec spec, Guest guest) {
    if (spec.guest() != null) {
      return guest.id().vmid() == spec.guest().vmid();
    }
    return !guest.template()
        && guest.tags().containsAll(spec.selector().tags())
        && (spec.selector().pool() == null
            || guest.pool().filter(spec.selector().pool()::equals).isPresent());
  }

  private static ReplicationFacts.Job job(Job job, ClusterFacts facts) {
    return new ReplicationFacts.Job(
        job.id(),
        job.guest(),
        new NodeName(job.target()),
        job.schedule() == null ? ReplicationJobSpec.DEFAULT_SCHEDULE : job.schedule(),
        job.rate() == null ? OptionalInt.empty() : OptionalInt.of(job.rate().intValue()),
        job.disable(),
        job.removal() != null && !job.removal().isBlank(),
        state(job, facts));
  }

  /** Only the node where the guest is now knows how its jobs go. */
  private static Optional<ReplicationFacts.JobState> state(Job job, ClusterFacts facts) {
    return facts
        .fast()
        .guest(job.guest())
        .map(Guest::node)
        .filter(home -> facts.fast().online(home).orElse(false))
        .map(home -> facts.slow().nodes().get(home))
        .map(SlowFacts.Node::jobs)
        .flatMap(all -> all.stream().filter(status -> status.id().equals(job.id())).findFirst())
        .map(ReplicationSlice::state);
  }

  private static ReplicationFacts.JobState state(JobStatus status) {
    return new ReplicationFacts.JobState(
        status.lastSync(),
        status.lastTrySeconds() > 0
            ? Optional.of(Instant.ofEpochSecond(status.lastTrySeconds()))
            : Optional.empty(),
        status.nextSync(),
        status.failCount(),
        Optional.ofNullable(status.error()).filter(error -> !error.isBlank()),
        status.isRunning());
  }
}
