package io.pveha.api.v1alpha1;

import java.util.Arrays;
import java.util.Optional;

/** Types of the conditions in {@code ProxmoxCluster.status.nodes[]}; the names for health rules. */
public enum NodeConditionType {
  /** The node's own API answers the operator. */
  REACHABLE("Reachable"),

  /** The node is online in the view of at least two members. */
  MEMBER("Member"),

  /** The node's HA agent (LRM) reported within 30 seconds. */
  AGENT_ALIVE("AgentAlive"),

  /** All ZFS pools of the node are online. */
  POOLS_HEALTHY("PoolsHealthy"),

  /** No ZFS pool of the node is faulted, suspended or gone, so that guests on it can work. */
  POOLS_USABLE("PoolsUsable"),

  /** No pool has lost its redundancy, and no disk that fails is the last copy. */
  POOLS_REDUNDANT("PoolsRedundant"),

  /** SMART finds nothing wrong with the disks in use. */
  DISKS_HEALTHY("DisksHealthy"),

  /** A solid-state disk in use has little life left. */
  DISKS_WORN("DisksWorn"),

  /** All storages for guests that are meant for the node are active. */
  STORAGE_ACTIVE("StorageActive"),

  /** The services that a cluster node needs are running. */
  SERVICES_HEALTHY("ServicesHealthy"),

  /** The network interfaces that start with the node are up, and bonds have all their parts. */
  LINKS_UP("LinksUp"),

  /** The node's clock is within two seconds of the others. */
  TIME_IN_SYNC("TimeInSync"),

  /** The certificate of the node's API is valid for two more weeks. */
  CERTIFICATE_VALID("CertificateValid"),

  /** Memory is nearly used up. */
  MEMORY_PRESSURE("MemoryPressure"),

  /** The root file system is nearly full. */
  ROOT_DISK_PRESSURE("RootDiskPressure"),

  /** The replicas that the node holds as target are within their RPO. */
  REPLICAS_FRESH("ReplicasFresh"),

  /** The node is emptied and kept empty, by the spec or by Proxmox's maintenance mode. */
  MAINTENANCE("Maintenance"),

  /** No new guests are placed on the node. */
  CORDONED("Cordoned"),

  /** The node is known to be powered off or reset. */
  FENCED("Fenced");

  private final String text;

  NodeConditionType(String text) {
    this.text = text;
  }

  /** As written in a condition. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }

  /** The type of that name; empty for a condition that another controller set. */
  public static Optional<NodeConditionType> of(String type) {
    return Arrays.stream(values()).filter(known -> known.text.equals(type)).findFirst();
  }
}
