package io.pveha.operator.polling;

import java.time.Duration;

/**
 * How often a cluster is asked.
 *
 * @param fast for membership, guests and HA; and for everything while a cluster is being formed
 * @param slow for disks, pools, storage, replication and settings
 * @param patience how long a round waits for the slowest node: longer than the 3 s that Proxmox
 *     takes to refuse a login, which else looks like silence. A node that does not accept the
 *     connection is found out before, by {@link io.pveha.proxmox.Patience#connect}
 */
public record Pace(Duration fast, Duration slow, Duration patience) {

  /** Right for real clusters. */
  public static final Pace DEFAULT =
      new Pace(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(5));

  /** For pools, storages and services of nodes: what guests die of. */
  public Duration health() {
    return slow.dividedBy(3);
  }

  /** For disks with SMART, which takes each disk seconds. */
  public Duration disks() {
    return slow.multipliedBy(20);
  }
}
