package io.pveha.simulator.world;

import java.util.List;
import java.util.Map;

/** Disks and ZFS pools of one node. */
public final class NodeDisks {

  /**
   * A disk as {@code disks/list} shows it.
   *
   * @param used null when free
   * @param health {@code PASSED}, {@code FAILED} or {@code UNKNOWN}
   * @param wearout percent of life left; negative when unknown
   */
  public record Disk(
      String devpath,
      String model,
      String serial,
      String vendor,
      String wwn,
      String byIdLink,
      long size,
      String type,
      boolean gpt,
      String used,
      String health,
      int wearout) {}

  /** A pool as {@code disks/zfs} lists it. */
  public record PoolSummary(
      String name, long size, long alloc, long free, int frag, double dedup, String health) {}

  /** A row of the pool's tree; leaves have no children. */
  public record Vdev(
      String name,
      String state,
      long read,
      long write,
      long cksum,
      String message,
      List<Vdev> children) {}

  /** A pool as {@code disks/zfs/NAME} shows it; nulls where the real answer has no such key. */
  public record PoolDetail(
      String name,
      String state,
      String status,
      String action,
      String scan,
      String errors,
      List<Vdev> children) {}

  /** Parameters of {@code POST disks/zfs}; {@code draidConfig} empty unless draid. */
  public record CreatePool(
      String name,
      String raidLevel,
      List<String> devices,
      int ashift,
      String compression,
      boolean addStorage,
      Map<String, String> draidConfig) {}

  public List<Disk> list() {
    throw new UnsupportedOperationException("not there yet");
  }

  public List<PoolSummary> pools() {
    throw new UnsupportedOperationException("not there yet");
  }

  public PoolDetail pool(String name) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts the task {@code zfscreate}. */
  public Upid createPool(String user, CreatePool request) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts the task {@code zfsremove}. */
  public Upid destroyPool(String user, String name, boolean cleanupConfig, boolean cleanupDisks) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts the task {@code wipedisk}. */
  public Upid wipe(String user, String devpath) {
    throw new UnsupportedOperationException("not there yet");
  }
}
