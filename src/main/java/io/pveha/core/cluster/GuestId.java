package io.pveha.core.cluster;

/**
 * A guest of a cluster.
 *
 * @param vmid its number, unique in the cluster over both kinds
 */
public record GuestId(GuestKind kind, int vmid) implements Comparable<GuestId> {

  /** Its id in Proxmox HA, as in {@code ct:100}. */
  public String sid() {
    return kind.haPrefix() + ":" + vmid;
  }

  @Override
  public int compareTo(GuestId other) {
    return Integer.compare(vmid, other.vmid);
  }

  @Override
  public String toString() {
    return sid();
  }
}
