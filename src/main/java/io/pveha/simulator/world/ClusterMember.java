package io.pveha.simulator.world;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/** Forming, joining and describing the cluster, from one node. */
public final class ClusterMember {

  /** One corosync link: the address and its priority (0-255, default 0). */
  public record Link(String address, int priority) {}

  /** Parameters of {@code POST /cluster/config}; absent numbers take Proxmox's defaults. */
  public record Create(
      String clusterName,
      SortedMap<Integer, Link> links,
      OptionalInt nodeId,
      OptionalInt votes,
      OptionalInt tokenCoefficient) {}

  /** Parameters of {@code POST /cluster/config/join}. */
  public record Join(
      String hostname,
      String fingerprint,
      String password,
      SortedMap<Integer, Link> links,
      OptionalInt nodeId,
      OptionalInt votes,
      boolean force) {}

  /** A node of the cluster as {@code corosync.conf} has it, with what a joining node needs. */
  public record Peer(
      String name,
      int nodeId,
      int votes,
      SortedMap<Integer, Link> links,
      String address,
      String fingerprint) {}

  /** The answer of {@code GET /cluster/config/join}. */
  public record JoinInfo(
      List<Peer> nodes, String preferredNode, SortedMap<String, String> totem, String digest) {}

  /** The cluster's row of {@code GET /cluster/status}. */
  public record Head(String name, int nodes, int version, boolean quorate) {}

  /** A node's row of {@code GET /cluster/status}. */
  public record Row(String name, int nodeId, String ip, boolean online, boolean local) {}

  /** The whole of {@code GET /cluster/status}; no head on a stand-alone node. */
  public record Status(Optional<Head> head, List<Row> rows) {}

  /** Whether this node has a {@code corosync.conf}. */
  public boolean isClustered() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts the task {@code clustercreate}. */
  public Upid create(String user, Create request) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts the task {@code clusterjoin} on this node, which is to join. */
  public Upid join(String user, Join request) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** What a node needs to know to join; {@code WorldFailure.NotInCluster} when there is none. */
  public JoinInfo joinInfo(Optional<String> node) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Status status() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The nodes of {@code corosync.conf}, by name; empty on a stand-alone node. */
  public List<Peer> peers() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The totem section; empty on a stand-alone node. */
  public SortedMap<String, String> totem() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The quorum device's status; empty when there is none. */
  public Map<String, String> qdevice() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** {@code DELETE /cluster/config/nodes/NODE}. */
  public void remove(String node) {
    throw new UnsupportedOperationException("not there yet");
  }
}
