package io.pveha.simulator.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a world is made of.
 *
 * @param version release on all nodes
 * @param nodes in the order of their node ids
 * @param clusterName name of the cluster that the nodes form from the start; null for bare,
 *     stand-alone nodes
 * @param rootPassword of {@code root@pam} on every node
 * @param timings how long things take
 * @param seed of everything random
 */
public record WorldSpec(
    PveVersion version,
    List<NodeSpec> nodes,
    String clusterName,
    String rootPassword,
    Timings timings,
    long seed) {

  public WorldSpec {
    nodes = List.copyOf(nodes);
  }

  /** Nodes {@code node1..nodeN}, each with a system disk and a spare one, not in a cluster. */
  public static WorldSpec bare(PveVersion version, int count, long seed) {
    List<NodeSpec> nodes = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      nodes.add(NodeSpec.standard(number, 1));
    }
    return new WorldSpec(version, nodes, null, "simulated-root", Timings.standard(), seed);
  }

  /** The same nodes as members of a cluster {@code simulated}. */
  public static WorldSpec formed(PveVersion version, int count, long seed) {
    return bare(version, count, seed).inCluster("simulated");
  }

  /** The same as members of a cluster of that name. */
  public WorldSpec inCluster(String name) {
    return new WorldSpec(version, nodes, name, rootPassword, timings, seed);
  }

  /** With these timings. */
  public WorldSpec withTimings(Timings changed) {
    return new WorldSpec(version, nodes, clusterName, rootPassword, changed, seed);
  }

  /** With these nodes. */
  public WorldSpec withNodes(List<NodeSpec> changed) {
    return new WorldSpec(version, changed, clusterName, rootPassword, timings, seed);
  }

  /** With this root password. */
  public WorldSpec withRootPassword(String changed) {
    return new WorldSpec(version, nodes, clusterName, changed, timings, seed);
  }

  /**
   * A node.
   *
   * @param name its host name
   * @param addresses one per corosync link, the first is the node's own IP
   * @param votes in a cluster that exists from the start
   * @param disks the first is the system disk
   * @param cores processor threads
   * @param memoryBytes main memory
   */
  public record NodeSpec(
      String name,
      List<String> addresses,
      int votes,
      List<DiskSpec> disks,
      int cores,
      long memoryBytes) {

    public NodeSpec {
      addresses = List.copyOf(addresses);
      disks = List.copyOf(disks);
    }

    /** {@code nodeN} with two networks, a system disk and {@code spares} spare disks. */
    public static NodeSpec standard(int number, int spares) {
      String name = "node" + number;
      List<DiskSpec> disks = new ArrayList<>();
      disks.add(DiskSpec.system(name));
      for (int spare = 1; spare <= spares; spare++) {
        disks.add(DiskSpec.spare(name, spare));
      }
      List<String> addresses = List.of("10.0.0." + (10 + number), "10.0.1." + (10 + number));
      return new NodeSpec(name, addresses, 1, disks, 8, 32L << 30);
    }
  }

  /**
   * A disk.
   *
   * @param devpath {@code /dev/sdb}
   * @param bytes its size
   * @param type {@code ssd}, {@code hdd} or {@code nvme}
   * @param serial unique
   * @param model as the maker prints it
   * @param used what it is used for before anything is done; null when it is free
   */
  public record DiskSpec(
      String devpath, long bytes, String type, String serial, String model, String used) {

    static DiskSpec system(String node) {
      return new DiskSpec(
          "/dev/sda", 64L << 30, "ssd", serial(node, 0), "SIM_SYSTEM_64G", "BIOS boot");
    }

    static DiskSpec spare(String node, int number) {
      String devpath = "/dev/sd" + (char) ('a' + number);
      return new DiskSpec(devpath, 200L << 30, "ssd", serial(node, number), "SIM_DATA_200G", null);
    }

    private static String serial(String node, int number) {
      return ("SIM" + node + "D" + number).toUpperCase(java.util.Locale.ROOT);
    }
  }

  /**
   * How long things take, in simulated time.
   *
   * @param containerBoot from the start of a container until it answers
   * @param vmBoot the same for a VM
   * @param nodeBoot from power on until the node's services run
   * @param apiRestart how long the web service is away when it restarts
   * @param replication base duration of one replication run
   */
  public record Timings(
      Duration containerBoot,
      Duration vmBoot,
      Duration nodeBoot,
      Duration apiRestart,
      Duration replication) {

    /** Those of small machines. */
    public static Timings standard() {
      return new Timings(
          Duration.ofMillis(1200),
          Duration.ofSeconds(25),
          Duration.ofSeconds(35),
          Duration.ofMillis(2500),
          Duration.ofMillis(1800));
    }
  }

  Map<String, NodeSpec> byName() {
    Map<String, NodeSpec> byName = new java.util.LinkedHashMap<>();
    nodes.forEach(node -> byName.put(node.name(), node));
    return byName;
  }
}
