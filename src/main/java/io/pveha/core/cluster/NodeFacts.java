package io.pveha.core.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a node tells of itself. Each fact is read, fails and ages for itself.
 *
 * @param version of Proxmox VE, as in {@code 9.1.2}
 * @param disks without partitions
 * @param pools ZFS pools
 * @param storages how the storage entries stand there
 * @param services daemons that matter
 * @param links network interfaces
 * @param clock its idea of the time
 * @param load memory and root file system
 * @param runs replication of the guests that are there
 * @param certificates that its API shows
 */
public record NodeFacts(
    Fact<String> version,
    Fact<List<Disk>> disks,
    Fact<List<Pool>> pools,
    Fact<List<Storage>> storages,
    Fact<List<Service>> services,
    Fact<List<Link>> links,
    Fact<Clock> clock,
    Fact<Load> load,
    Fact<List<ReplicationRun>> runs,
    Fact<List<Certificate>> certificates) {

  public static final NodeFacts UNKNOWN =
      new NodeFacts(
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown());

  /**
   * A disk.
   *
   * @param byId other path of the same disk; empty when unknown
   * @param usedAs what Proxmox says it is used for; empty when it is unused
   * @param health in SMART's words, as in {@code PASSED}; empty when not told
   * @param lifeLeftPercent of a solid-state disk; empty when not told
   */
  public record Disk(
      String path,
      Optional<String> byId,
      long sizeBytes,
      String type,
      String model,
      String serial,
      Optional<String> usedAs,
      Optional<String> health,
      OptionalInt lifeLeftPercent) {}

  /**
   * A ZFS pool.
   *
   * @param health in ZFS's words: ONLINE, DEGRADED, FAULTED, SUSPENDED, ...
   */
  public record Pool(
      PoolName name, String health, long sizeBytes, long allocatedBytes, int fragmentationPercent) {

    public boolean isOnline() {
      return "ONLINE".equals(health);
    }
  }

  /** A storage entry as it stands on a node. */
  public record Storage(
      StorageId id,
      String type,
      boolean active,
      boolean enabled,
      long totalBytes,
      long usedBytes) {}

  /** A daemon, and whether it runs. */
  public record Service(String name, boolean running, String state) {}

  /** A network interface. */
  public record Link(String name, String type, boolean active) {}

  /**
   * A node's clock against ours.
   *
   * @param aheadSeconds how much it is ahead of ours; negative when it is behind
   * @param withinSeconds how far that may be off, since question and answer took their time
   */
  public record Clock(long aheadSeconds, long withinSeconds) {}

  /** Memory and root file system, in bytes. */
  public record Load(long memoryBytes, long memoryUsedBytes, long rootBytes, long rootUsedBytes) {}

  /**
   * A certificate.
   *
   * @param notAfter end of its validity; empty when not told
   */
  public record Certificate(String file, String fingerprint, Optional<Instant> notAfter) {}
}
