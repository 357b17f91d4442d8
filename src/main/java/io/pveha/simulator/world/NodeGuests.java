package io.pveha.simulator.world;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** The guests whose configuration lies at one node. */
public final class NodeGuests {

  /** Containers and VMs. */
  public enum Kind {
    CT("lxc", "ct"),
    VM("qemu", "vm");

    private final String api;
    private final String ha;

    Kind(String api, String ha) {
      this.api = api;
      this.ha = ha;
    }

    /** As in API paths and resource rows: lxc, qemu. */
    public String api() {
      return api;
    }

    /** As in HA service ids: ct, vm. */
    public String ha() {
      return ha;
    }
  }

  /**
   * What {@code status/current} tells.
   *
   * @param status running or stopped
   * @param uptime seconds, 0 when stopped
   * @param haState null when not an HA resource
   * @param lock null when not locked
   */
  public record Status(
      int vmid,
      Kind kind,
      String name,
      String status,
      long uptime,
      double cpu,
      int cpus,
      long mem,
      long maxmem,
      long disk,
      long maxdisk,
      int pid,
      boolean template,
      String tags,
      String lock,
      String haState,
      String pool) {}

  /** How a guest is to go down. */
  public record StopOptions(Optional<Duration> timeout, boolean forceStop, boolean keepHaState) {}

  /**
   * What the migration precheck tells.
   *
   * @param notAllowed node to reason
   * @param localDisks volume ids on storages that are not shared
   */
  public record MigrationCheck(
      boolean running,
      List<String> allowed,
      SortedMap<String, String> notAllowed,
      List<String> localDisks) {}

  /** Parameters of a migration; {@code restart} for containers, {@code online} for VMs. */
  public record Migrate(
      String target, boolean online, boolean restart, boolean withLocalDisks, boolean force) {}

  /** Parameters of a clone. */
  public record Clone(
      int newId, Optional<String> name, boolean full, Optional<String> target,
      Optional<String> storage, Optional<String> pool) {}

  /** Guests here of that kind, by id. */
  public List<Status> list(Kind kind) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Status status(Kind kind, int vmid) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The options with {@code digest}; refused with the real text when the guest is not here. */
  public SortedMap<String, String> config(Kind kind, int vmid) {
    throw new UnsupportedOperationException("not there yet");
  }

  /**
   * Creates a guest (task {@code vzcreate} or {@code qmcreate}).
   *
   * @param options as sent; disks as {@code STORAGE:GIB}
   * @param template volume id of the container template; empty for VMs
   */
  public Upid create(
      String user,
      Kind kind,
      int vmid,
      Map<String, String> options,
      Optional<String> template,
      boolean start) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Upid clone(String user, Kind kind, int vmid, Clone request) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void configure(
      Kind kind, int vmid, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts it, or queues that with the HA manager (task {@code hastart}). */
  public Upid start(String user, Kind kind, int vmid) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Upid stop(String user, Kind kind, int vmid) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Upid shutdown(String user, Kind kind, int vmid, StopOptions options) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Upid reboot(String user, Kind kind, int vmid) {
    throw new UnsupportedOperationException("not there yet");
  }

  public MigrationCheck migrationCheck(Kind kind, int vmid, Optional<String> target) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Upid migrate(String user, Kind kind, int vmid, Migrate request) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Upid destroy(
      String user, Kind kind, int vmid, boolean purge, boolean force, boolean unreferenced) {
    throw new UnsupportedOperationException("not there yet");
  }
}
