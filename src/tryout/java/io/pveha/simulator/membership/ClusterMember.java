package io.pveha.simulator.membership;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.Membership;
import io.pveha.simulator.machine.TaskRun;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Forming, joining and describing the cluster, from one node. */
public final class ClusterMember implements MachinePart {

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

  private static final Duration AT_ONCE = Duration.ofMillis(300);

  private final Machine node;

  public ClusterMember(Machine node) {
    this.node = node;
  }

  /** Whether this node has a {@code corosync.conf}. */
  public boolean isClustered() {
    return node.isClustered();
  }

  /** Starts the task {@code clustercreate}. */
  public Upid create(String user, Create request) {
    if (isClustered()) {
      throw new WorldFailure.Refused("cluster config '/etc/pve/corosync.conf' already exists");
    }
    return node.tasks()
        .start(user, "clustercreate", request.clusterName(), AT_ONCE, run -> found(run, request));
  }

  private void found(TaskRun run, Create request) {
    if (isClustered()) {
      throw new WorldFailure.Refused("cluster config '/etc/pve/corosync.conf' already exists");
    }
    SortedMap<Integer, Link> links = linksOrOwnAddress(request.links());
    links.values().forEach(this::checkLocal);
    run.log("Corosync Cluster Engine Authentication key generator.");
    run.log("Gathering 2048 bits for key from /dev/urandom.");
    run.log("Writing corosync key to /etc/corosync/authkey.");
    run.log("Writing corosync config to /etc/pve/corosync.conf");
    Map<String, String> totem = Foundation.totem(request.clusterName(), 1, links.size());
    links.forEach((number, link) -> putPriority(totem, number, link));
    request
        .tokenCoefficient()
        .ifPresent(given -> totem.put("token_coefficient", Integer.toString(given)));
    node.write(
        Section.COROSYNC_NODES,
        config ->
            config
                .with(Section.COROSYNC_TOTEM, "totem", totem)
                .with(
                    Section.COROSYNC_NODES,
                    node.name(),
                    CorosyncEntry.of(
                        request.nodeId().orElse(1), request.votes().orElse(1), links)));
    run.log("Restart corosync and cluster filesystem");
    node.restartApi();
    node.world().corosync().reconsider();
    run.then(Duration.ofSeconds(2), run::succeed);
  }

  /** Starts the task {@code clusterjoin} on this node, which is to join. */
  public Upid join(String user, Join request) {
    return node.tasks()
        .start(
            user, "clusterjoin", "", AT_ONCE, run -> new ClusterJoin(node, run, request).begin());
  }

  SortedMap<Integer, Link> linksOrOwnAddress(SortedMap<Integer, Link> links) {
    return links.isEmpty() ? new TreeMap<>(Map.of(0, new Link(node.ip(), 0))) : links;
  }

  void checkLocal(Link link) {
    if (!node.spec().addresses().contains(link.address()) && !link.address().equals(node.name())) {
      throw new WorldFailure.Refused(
          "cannot use IP '" + link.address() + "', not found on local node!");
    }
  }

  private static void putPriority(Map<String, String> totem, int number, Link link) {
    totem.put("interface." + number + ".linknumber", Integer.toString(number));
    if (link.priority() != 0) {
      totem.put("interface." + number + ".knet_link_priority", Integer.toString(link.priority()));
    }
  }

  /** What a node needs to know to join; {@code WorldFailure.NotInCluster} when there is none. */
  public JoinInfo joinInfo(Optional<String> preferred) {
    if (!isClustered()) {
      throw new WorldFailure.NotInCluster();
    }
    String name = preferred.orElse(node.name());
    List<Peer> peers = peers();
    if (peers.stream().noneMatch(peer -> peer.name().equals(name))) {
      throw new WorldFailure.Refused("node '" + name + "' is not part of the cluster");
    }
    return new JoinInfo(peers, name, totem(), node.config().digest(Section.COROSYNC_NODES));
  }

  public Status status() {
    if (!isClustered()) {
      return new Status(Optional.empty(), List.of(new Row(node.name(), 0, node.ip(), true, true)));
    }
    Membership membership = node.membership();
    List<Row> rows = new ArrayList<>();
    for (Peer peer : peers()) {
      rows.add(
          new Row(
              peer.name(),
              peer.nodeId(),
              peer.address(),
              node.faults().says(peer.name(), membership.isOnline(peer.name())),
              peer.name().equals(node.name())));
    }
    int version = Integer.parseInt(totem().getOrDefault("config_version", "1"));
    String name = totem().get("cluster_name");
    return new Status(
        Optional.of(new Head(name, rows.size(), version, membership.quorate())), rows);
  }

  /** The nodes of {@code corosync.conf}, by name; empty on a stand-alone node. */
  public List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    SortedMap<String, String> totem = totem();
    new TreeMap<>(node.config().section(Section.COROSYNC_NODES))
        .forEach(
            (name, entry) ->
                peers.add(
                    CorosyncEntry.peer(
                        name,
                        entry,
                        totem,
                        node.config()
                            .property(Section.CERTIFICATES, name, "fingerprint")
                            .orElse(null))));
    return peers;
  }

  /** The totem section; empty on a stand-alone node. */
  public SortedMap<String, String> totem() {
    return node.config()
        .entry(Section.COROSYNC_TOTEM, "totem")
        .orElse(Collections.emptySortedMap());
  }

  /** The quorum device's status; empty when there is none. */
  public Map<String, String> qdevice() {
    return isClustered() ? node.world().quorumDevice() : Map.of();
  }

  /** {@code DELETE /cluster/config/nodes/NODE}. */
  public void remove(String name) {
    if (!isClustered() || node.config().entry(Section.COROSYNC_NODES, name).isEmpty()) {
      throw new WorldFailure.Refused("Node/IP: " + name + " is not a known host of the cluster.");
    }
    if (name.equals(node.name())) {
      throw new WorldFailure.Refused("Cannot delete myself from cluster!");
    }
    node.write(
        Section.COROSYNC_NODES,
        config ->
            CorosyncEntry.nextVersion(
                config.without(Section.COROSYNC_NODES, name).without(Section.CERTIFICATES, name)));
    node.world().corosync().reconsider();
  }
}
