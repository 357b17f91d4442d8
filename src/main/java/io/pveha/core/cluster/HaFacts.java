package io.pveha.core.cluster;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the HA daemons wrote last.
 *
 * @param master the node of the CRM that leads; empty before there was one
 * @param writtenAt when the master wrote; empty before there was one
 * @param nodes state of each node in the master's words: online, unknown, fence, gone, maintenance
 * @param services each resource by its guest
 * @param agents each node's LRM
 */
public record HaFacts(
    Optional<NodeName> master,
    Optional<Instant> writtenAt,
    SortedMap<NodeName, String> nodes,
    SortedMap<GuestId, Service> services,
    SortedMap<NodeName, Agent> agents) {

  public HaFacts {
    nodes = sorted(nodes);
    services = sorted(services);
    agents = sorted(agents);
  }

  private static <K, V> SortedMap<K, V> sorted(Map<K, V> map) {
    return java.util.Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /**
   * A resource.
   *
   * @param state the master's state for it
   * @param target where it goes; empty when it goes nowhere
   * @param running whether its start was confirmed
   * @param maintenanceNode where it comes from, when it left for maintenance
   */
  public record Service(
      String state,
      NodeName node,
      Optional<NodeName> target,
      boolean running,
      Optional<NodeName> maintenanceNode) {}

  /**
   * An LRM.
   *
   * @param state wait_for_agent_lock, active, maintenance, lost_agent_lock
   * @param mode active, reboot, shutdown, restart, maintenance, disarm
   * @param writtenAt when it wrote last, by its node's clock
   */
  public record Agent(String state, String mode, Instant writtenAt) {}
}
