package io.pveha.simulator.world;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Figures of one node, and the whole cluster as that node sees it. */
public final class NodeOverview {

  /** Load and size of a node. */
  public record Figures(
      double cpu,
      int maxcpu,
      long mem,
      long maxmem,
      long swapTotal,
      long swapUsed,
      long rootTotal,
      long rootUsed,
      long uptime,
      double[] loadavg) {}

  /**
   * A node as {@code GET /nodes} lists it.
   *
   * @param status online, offline or unknown
   * @param figures null unless online
   * @param haState null when the HA manager does not know it
   */
  public record NodeRow(
      String node, String status, Figures figures, String fingerprint, String haState) {}

  /** A guest as {@code /cluster/resources} lists it; figures null when its node is not online. */
  public record GuestRow(String node, int vmid, NodeGuests.Kind kind, NodeGuests.Status status,
      SortedMap<String, String> config) {}

  /** A storage at a node as {@code /cluster/resources} lists it; row null when node not online. */
  public record StorageAt(String node, String storage, NodeStorage.StorageRow row,
      SortedMap<String, String> config) {}

  /** A line of {@code GET /cluster/log}. */
  public record LogLine(long time, String node, String user, String tag, int priority, int pid,
      long uid, String message) {}

  public Figures figures() {
    throw new UnsupportedOperationException("not there yet");
  }

  public List<NodeRow> nodes() {
    throw new UnsupportedOperationException("not there yet");
  }

  public List<GuestRow> guests() {
    throw new UnsupportedOperationException("not there yet");
  }

  public List<StorageAt> storages() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Tasks of all nodes that this one sees, newest first, at most 25 per node. */
  public List<NodeTasks.Task> clusterTasks() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Newest first. */
  public List<LogLine> clusterLog(int max) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** {@code GET /cluster/nextid}. */
  public int nextId() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** {@code datacenter.cfg}. */
  public SortedMap<String, String> options() {
    throw new UnsupportedOperationException("not there yet");
  }

  public void setOptions(Map<String, String> set, Set<String> delete) {
    throw new UnsupportedOperationException("not there yet");
  }
}
