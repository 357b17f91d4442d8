package io.pveha.core.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a node tells of its health. Each fact is read, fails and ages for itself.
 *
 * @param pools ZFS pools
 * @param services daemons of Proxmox that are meant to run
 * @param storages how the storage entries stand there
 * @param links network interfaces
 * @param clock its idea of the time
 * @param load memory and root file system
 * @param certificates that its API shows
 * @param disks without partitions
 */
public record NodeFacts(
    Fact<List<Pool>> pools,
    Fact<List<Service>> services,
    Fact<List<Storage>> storages,
    Fact<List<Link>> links,
    Fact<Clock> clock,
    Fact<Load> load,
    Fact<List<Certificate>> certificates,
    Fact<List<Disk>> disks) {

  public static final NodeFacts UNKNOWN =
      new NodeFacts(
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown());

  /**
   * A ZFS pool.
   *
   * @param health in ZFS's words: ONLINE, DEGRADED, FAULTED, SUSPENDED, ...
   * @param parts of a pool that is not online; empty when not told
   */
  public record Pool(PoolName name, String health, List<PoolPart> parts) {

    public Pool {
      parts = List.copyOf(parts);
    }

    /** One whose parts nobody told. */
    public Pool(PoolName name, String health) {
      this(name, health, List.of());
    }

    public boolean isOnline() {
      return "ONLINE".equals(health);
    }

    /** Whether it works, if with less redundancy. */
    public boolean isUsable() {
      return isOnline() || "DEGRADED".equals(health);
    }
  }

  /** A daemon, and whether it runs. */
  public record Service(String name, boolean running, String state) {}

  /**
   * A storage entry as it stands on a node.
   *
   * @param forGuests whether disks of guests may lie on it
   * @param everActive whether it was active at any time since the node is watched
   */
  public record Storage(
      StorageId id, boolean forGuests, boolean enabled, Belief active, boolean everActive) {}

  /**
   * A network interface.
   *
   * @param autostart whether it is to be up
   * @param parts interfaces that a bond is made of; empty for others
   */
  public record Link(
      String name, String type, boolean active, boolean autostart, List<String> parts) {

    public Link {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A node's clock against ours.
   *
   * @param aheadMillis how much it is ahead of ours; negative when it is behind
   * @param withinMillis how far that may be off, since question and answer took their time
   */
  public record Clock(long aheadMillis, long withinMillis) {}

  /** Memory and root file system, in bytes. */
  public record Load(long memoryBytes, long memoryUsedBytes, long rootBytes, long rootUsedBytes) {}

  /**
   * A certificate.
   *
   * @param notAfter end of its validity; empty when not told
   */
  public record Certificate(String file, Optional<Instant> notAfter) {}

  /**
   * A disk.
   *
   * @param inUse whether Proxmox says that it is used for anything
   * @param health in SMART's words, as in {@code PASSED}; empty when not told
   * @param lifeLeftPercent of a solid-state disk; empty when not told
   * @param lastCopy whether a pool loses data without it
   */
  public record Disk(
      String path,
      String model,
      String serial,
      boolean inUse,
      Optional<String> health,
      OptionalInt lifeLeftPercent,
      boolean lastCopy) {

    /** Whether SMART says that it fails. */
    public boolean isFailing() {
      return health.filter(word -> word.startsWith("FAIL")).isPresent();
    }
  }

  public NodeFacts withPools(Fact<List<Pool>> told) {
    return new NodeFacts(told, services, storages, links, clock, load, certificates, disks);
  }

  public NodeFacts withServices(Fact<List<Service>> told) {
    return new NodeFacts(pools, told, storages, links, clock, load, certificates, disks);
  }

  public NodeFacts withStorages(Fact<List<Storage>> told) {
    return new NodeFacts(pools, services, told, links, clock, load, certificates, disks);
  }

  public NodeFacts withLinks(Fact<List<Link>> told) {
    return new NodeFacts(pools, services, storages, told, clock, load, certificates, disks);
  }

  public NodeFacts withClock(Fact<Clock> told) {
    return new NodeFacts(pools, services, storages, links, told, load, certificates, disks);
  }

  public NodeFacts withLoad(Fact<Load> told) {
    return new NodeFacts(pools, services, storages, links, clock, told, certificates, disks);
  }

  public NodeFacts withCertificates(Fact<List<Certificate>> told) {
    return new NodeFacts(pools, services, storages, links, clock, load, told, disks);
  }

  public NodeFacts withDisks(Fact<List<Disk>> told) {
    return new NodeFacts(pools, services, storages, links, clock, load, certificates, told);
  }
}
