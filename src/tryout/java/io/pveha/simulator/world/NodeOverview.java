package io.pveha.simulator.world;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.HaEntries;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.NodeGuests;
import io.pveha.simulator.ha.HaView;
import io.pveha.simulator.machine.NodeLog;
import io.pveha.simulator.machine.NodeTasks;
import io.pveha.simulator.storage.NodeStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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
  public record GuestRow(
      String node,
      int vmid,
      GuestKind kind,
      NodeGuests.Status status,
      SortedMap<String, String> config) {}

  /** A storage at a node as {@code /cluster/resources} lists it; row null when node not online. */
  public record StorageAt(
      String node, String storage, NodeStorage.StorageRow row, SortedMap<String, String> config) {}

  private static final int TASKS_PER_NODE = 25;
  private static final long ROOT_BYTES = 60L << 30;

  private final NodeHost node;

  NodeOverview(NodeHost node) {
    this.node = node;
  }

  public Figures figures() {
    NodeHost host = node;
    int cores = host.spec().cores();
    long memory = host.spec().memoryBytes();
    long guests =
        host.runner().vmids().stream()
            .mapToLong(
                vmid ->
                    GuestConfig.entry(host.config(), vmid)
                            .map(entry -> Long.parseLong(entry.getOrDefault("memory", "512")))
                            .orElse(512L)
                        << 18)
            .sum();
    double load = 0.08 + 0.11 * host.runner().vmids().size();
    long uptime =
        host.bootedAt()
            .map(booted -> Duration.between(booted, host.world().now()).toSeconds())
            .orElse(0L);
    return new Figures(
        load / cores,
        cores,
        host.faults().memoryUsed((1L << 30) + guests, memory),
        memory,
        4L << 30,
        0,
        ROOT_BYTES,
        host.faults().rootUsed(4L << 30, ROOT_BYTES),
        uptime,
        new double[] {load, load, load});
  }

  /** The nodes of the cluster, or this one alone. */
  private Collection<String> names() {
    Collection<String> names =
        new TreeSet<>(node.config().section(Section.COROSYNC_NODES).keySet());
    if (names.isEmpty()) {
      names.add(node.name());
    }
    return names;
  }

  /** Whether the status daemon of that node is heard here. */
  private boolean isHeard(String name) {
    return node.membership().isOnline(name)
        && node.world().hasNode(name)
        && node.world().node(name).services().isRunning("pvestatd");
  }

  public List<NodeRow> nodes() {
    SortedMap<String, String> haStates = new TreeMap<>();
    HaView.managerStatus(node.config())
        .nodes()
        .forEach((name, state) -> haStates.put(name, state.word()));
    List<NodeRow> rows = new ArrayList<>();
    for (String name : names()) {
      boolean heard = isHeard(name);
      String status = heard ? "online" : node.membership().isOnline(name) ? "unknown" : "offline";
      String fingerprint =
          node.config().property(Section.CERTIFICATES, name, "fingerprint").orElse(null);
      rows.add(
          new NodeRow(
              name,
              status,
              heard ? node.world().node(name).overview().figures() : null,
              fingerprint,
              haStates.get(name)));
    }
    return rows;
  }

  public List<GuestRow> guests() {
    List<GuestRow> rows = new ArrayList<>();
    SortedMap<Integer, SortedMap<String, String>> byId = new TreeMap<>();
    node.config()
        .section(Section.GUESTS)
        .forEach((vmid, entry) -> byId.put(Integer.parseInt(vmid), entry));
    byId.forEach(
        (vmid, entry) -> {
          String home = entry.get("node");
          GuestKind kind = GuestKind.valueOf(entry.get("kind"));
          NodeGuests.Status status = null;
          boolean known =
              isHeard(home)
                  && GuestConfig.node(node.world().node(home).config(), vmid)
                      .filter(home::equals)
                      .isPresent();
          if (known) {
            status = node.world().node(home).guests().status(kind, vmid);
          }
          rows.add(new GuestRow(home, vmid, kind, status, entry));
        });
    return rows;
  }

  public List<StorageAt> storages() {
    List<StorageAt> rows = new ArrayList<>();
    new TreeMap<>(node.config().section(Section.STORAGE))
        .forEach(
            (id, entry) -> {
              for (String name : names()) {
                List<String> limit = HaEntries.words(entry.getOrDefault("nodes", ""));
                if (!limit.isEmpty() && !limit.contains(name)) {
                  continue;
                }
                NodeStorage.StorageRow row = null;
                if (isHeard(name)) {
                  row =
                      node.world().node(name).storage().status().stream()
                          .filter(each -> each.storage().equals(id))
                          .findFirst()
                          .orElse(null);
                }
                rows.add(new StorageAt(name, id, row, entry));
              }
            });
    return rows;
  }

  /** Tasks of all nodes that this one sees, newest first, at most 25 per node. */
  public List<NodeTasks.Task> clusterTasks() {
    List<NodeTasks.Task> tasks = new ArrayList<>();
    for (String name : node.membership().members()) {
      if (node.world().hasNode(name)) {
        node.world().node(name).tasks().list().stream().limit(TASKS_PER_NODE).forEach(tasks::add);
      }
    }
    tasks.sort(Comparator.comparing(NodeTasks.Task::start).reversed());
    return tasks;
  }

  /** Newest first. */
  public List<NodeLog.LogLine> clusterLog(int max) {
    List<NodeLog.LogLine> lines = new ArrayList<>();
    for (String name : node.membership().members()) {
      if (node.world().hasNode(name)) {
        lines.addAll(node.world().node(name).log());
      }
    }
    lines.sort(Comparator.comparingLong(NodeLog.LogLine::time).reversed());
    return lines.stream().limit(max).toList();
  }

  /** {@code GET /cluster/nextid}. */
  public int nextId() {
    int id = 100;
    while (GuestConfig.entry(node.config(), id).isPresent()) {
      id++;
    }
    return id;
  }

  /** The notes of the datacenter among its options. */
  public static final String NOTES = "description";

  /** {@code datacenter.cfg}. */
  public SortedMap<String, String> options() {
    return node.config()
        .entry(Section.DATACENTER, "datacenter")
        .orElse(Collections.emptySortedMap());
  }

  /** As a file keeps them, a comment a line: nothing of the empty lines at the end. */
  private static String asComment(String notes) {
    String kept = notes.replaceAll("\\n+$", "");
    return kept.isEmpty() ? null : kept + "\n";
  }

  public void setOptions(Map<String, String> set, Set<String> delete) {
    SortedMap<String, String> options = new TreeMap<>(options());
    options.keySet().removeAll(delete);
    options.putAll(set);
    options.computeIfPresent(NOTES, (name, text) -> asComment(text));
    node.write(
        Section.DATACENTER, config -> config.with(Section.DATACENTER, "datacenter", options));
  }
}
