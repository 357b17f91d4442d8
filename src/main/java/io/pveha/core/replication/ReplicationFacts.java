package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What Proxmox says of guests and their jobs.
 *
 * @param guests the guests to replicate
 * @param members all members, in the order to prefer, with whether they are online
 * @param withStorage nodes that have the storage of the guests' disks, as far as known; empty when
 *     nothing is known
 * @param jobs all jobs of these guests
 */
public record ReplicationFacts(
    List<Guest> guests, Map<NodeName, Boolean> members, Set<NodeName> withStorage, List<Job> jobs) {

  public ReplicationFacts {
    guests = List.copyOf(guests);
    jobs = List.copyOf(jobs);
  }

  /** A guest and where it is now. */
  public record Guest(int vmid, NodeName home) {}

  /**
   * A job.
   *
   * @param state its runs, as its guest's node tells; empty when that node could not be asked
   */
  public record Job(
      String id,
      int vmid,
      NodeName target,
      String schedule,
      OptionalInt rateMBps,
      boolean disabled,
      boolean removing,
      Optional<JobState> state) {

    /** The number after the hyphen. */
    int number() {
      return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }
  }

  /** Runs of a job. An empty last sync means unknown here, not never. */
  public record JobState(
      Optional<Instant> lastSync,
      Optional<Instant> lastTry,
      Optional<Instant> nextSync,
      int failCount,
      Optional<String> error,
      boolean running) {}
}
