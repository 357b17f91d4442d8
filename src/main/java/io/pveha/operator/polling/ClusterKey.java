package io.pveha.operator.polling;

/**
 * A part of what is known of a cluster. An object is woken by changes of the parts that it reads.
 *
 * @param name of the one guest, resource or rule; empty for parts that a cluster has once
 */
public record ClusterKey(Part part, String name) {

  /** Kinds of parts. */
  public enum Part {
    /** Members, which of them are online, what HA says of nodes, how placement is said. */
    NODES,
    /** Storage entries, storages of nodes and the state of the pools below them. */
    STORAGES,
    /** Disks and pools of nodes. */
    POOLS,
    /** Which resources are under HA. */
    RESOURCES,
    /** A guest as it is listed. */
    GUEST,
    /** Whether a guest exists, where, and what selects it: tags, pool, template. */
    GUEST_PLACE,
    /** A guest's replication jobs and how they go. */
    REPLICATION,
    /** A guest's volumes and their replicas. */
    VOLUMES,
    /** An HA resource, how HA fares with it, and the rules and groups that name it. */
    HA,
    /** A rule or group of that name. */
    RULE,
    /** What becomes of a task. */
    TASK
  }

  public static final ClusterKey NODES = new ClusterKey(Part.NODES, "");
  public static final ClusterKey STORAGES = new ClusterKey(Part.STORAGES, "");
  public static final ClusterKey POOLS = new ClusterKey(Part.POOLS, "");
  public static final ClusterKey RESOURCES = new ClusterKey(Part.RESOURCES, "");

  public static ClusterKey guest(int vmid) {
    return new ClusterKey(Part.GUEST, Integer.toString(vmid));
  }

  public static ClusterKey guestPlace(int vmid) {
    return new ClusterKey(Part.GUEST_PLACE, Integer.toString(vmid));
  }

  public static ClusterKey replication(int vmid) {
    return new ClusterKey(Part.REPLICATION, Integer.toString(vmid));
  }

  public static ClusterKey volumes(int vmid) {
    return new ClusterKey(Part.VOLUMES, Integer.toString(vmid));
  }

  /** Of a resource, as {@code ct:100}. */
  public static ClusterKey ha(String sid) {
    return new ClusterKey(Part.HA, sid);
  }

  public static ClusterKey rule(String name) {
    return new ClusterKey(Part.RULE, name);
  }

  /** Of a task that is waited for. */
  public static ClusterKey task(String upid) {
    return new ClusterKey(Part.TASK, upid);
  }

  /** Whether it is about a guest that may be listed or not. */
  boolean isOfGuestList() {
    return part == Part.GUEST || part == Part.GUEST_PLACE;
  }

  /** Whether what replicates a guest reads it. */
  boolean isOfReplicatedGuest() {
    return part == Part.GUEST_PLACE || part == Part.REPLICATION || part == Part.VOLUMES;
  }

  /** The guest's number, for the parts of guests. */
  int vmid() {
    return Integer.parseInt(name);
  }
}
