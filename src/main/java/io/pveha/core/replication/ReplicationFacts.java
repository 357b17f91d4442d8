package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.JobOwner;
import io.pveha.core.safety.ListGap;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param avoided members that take no new replicas now, and why, as in "is in maintenance"
 * @param storages nodes that have a storage, by its id; one that is missing is not known of
 * @param jobs all jobs of these guests
 */
public record ReplicationFacts(
    List<Guest> guests,
    Map<NodeName, Boolean> members,
    Map<NodeName, String> avoided,
    Map<String, Set<NodeName>> storages,
    List<Job> jobs) {

  public ReplicationFacts {
    guests = List.copyOf(guests);
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    avoided = Map.copyOf(avoided);
    storages = Map.copyOf(storages);
    jobs = List.copyOf(jobs);
  }

  /** Whether the node is confirmed online. */
  boolean isOnline(NodeName node) {
    return members.getOrDefault(node, false);
  }

  boolean isMember(NodeName node) {
    return members.containsKey(node);
  }

  Optional<Guest> guest(int vmid) {
    return guests.stream().filter(guest -> guest.vmid() == vmid).findFirst();
  }

  Optional<Job> job(String id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /** Whether the node has every storage that the guest's disks are on, as far as known. */
  boolean hasStorageOf(Guest guest, NodeName node) {
    return guest
        .disks()
        .map(
            disks ->
                disks.replicable().stream()
                    .allMatch(id -> storages.getOrDefault(id, Set.of(node)).contains(node)))
        .orElse(true);
  }

  /**
   * A guest and where it is now.
   *
   * @param disks empty when they were not looked at
   * @param gap when it was last found to be missing from the list of guests; empty when every job
   *     has run since
   * @param volumes bytes of its disks and of their replicas, by node and volume id; told only where
   *     a chain is broken
   */
  public record Guest(
      int vmid,
      NodeName home,
      boolean template,
      Optional<Disks> disks,
      Optional<ListGap> gap,
      Map<NodeName, Map<String, Long>> volumes) {

    public Guest {
      volumes = Map.copyOf(volumes);
    }
  }

  /**
   * What a guest's disks are on.
   *
   * @param replicable storages that can be replicated, of disks that are to be
   * @param others disks that are to be replicated and can't be, as in local-lvm:vm-100-disk-0
   * @param paths what of the node itself is mounted and not exempt, as in mp0 (/mnt/data); Proxmox
   *     refuses a job for a guest with one
   */
  public record Disks(Set<String> replicable, List<String> others, List<String> paths) {

    public Disks {
      paths = List.copyOf(paths);
      replicable = Set.copyOf(replicable);
      others = List.copyOf(others);
    }
  }

  /**
   * A job.
   *
   * @param source where it was last seen to start from; empty until then
   * @param state its runs, as its guest's node tells; empty when that node could not be asked
   * @param recoveryPoint start of its last good run, as told now or remembered; of a job that
   *     points to where the guest is now, the point from which the guest came back
   * @param comment what its comment says; empty when it has none
   */
  public record Job(
      String id,
      int vmid,
      Optional<NodeName> source,
      NodeName target,
      String schedule,
      OptionalInt rateMBps,
      boolean disabled,
      boolean removing,
      Optional<JobState> state,
      Optional<Instant> recoveryPoint,
      JobOwner owner,
      Optional<String> comment) {

    /** Whether it may be changed and removed. */
    public boolean isOurs() {
      return owner == JobOwner.OURS;
    }

    /** The number after the hyphen. */
    int number() {
      return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }

    boolean pointsHome(Guest guest) {
      return target.equals(guest.home());
    }

    /**
     * Where it leads, or will: one that points to where its guest now is, Proxmox turns round to
     * the node that the guest left. Empty when that node is unknown.
     */
    Optional<NodeName> leadsTo(Guest guest) {
      return pointsHome(guest)
          ? source.filter(node -> !node.equals(guest.home()))
          : Optional.of(target);
    }

    /** Whether it can't go on, since no snapshot is left that its replica has too. */
    public boolean isBroken() {
      return state
          .filter(runs -> runs.failCount() > 0)
          .flatMap(JobState::error)
          .filter(BrokenChains::says)
          .isPresent();
    }
  }

  /**
   * Runs of a job. An empty last sync means unknown here, not never.
   *
   * @param lastTry empty when it is to run at the scheduler's next look
   */
  public record JobState(
      Optional<Instant> lastSync,
      Optional<Instant> lastTry,
      Optional<Instant> nextSync,
      long durationSeconds,
      int failCount,
      Optional<String> error,
      boolean running) {}
}
