package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The one document that the master writes and everybody reads ({@code /etc/pve/ha/manager_status}).
 *
 * @param masterNode who wrote it, null before anybody did
 * @param timestamp when, by the writer's clock; null before anybody did
 * @param nodes state of every node that was online at least once
 * @param services what is known of each service
 * @param maintenanceRequests nodes whose owner asked for maintenance
 * @param disarm null while armed
 */
public record ManagerStatus(
    String masterNode,
    Instant timestamp,
    SortedMap<String, NodeState> nodes,
    SortedMap<ServiceId, ServiceRecord> services,
    SortedSet<String> maintenanceRequests,
    Disarm disarm) {

  public static final ManagerStatus EMPTY =
      new ManagerStatus(
          null,
          null,
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedSet(),
          null);

  public ManagerStatus {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    maintenanceRequests = Collections.unmodifiableSortedSet(new TreeSet<>(maintenanceRequests));
  }

  /** A node that was never listed counts as unknown. */
  public NodeState nodeState(String node) {
    return nodes.getOrDefault(node, NodeState.UNKNOWN);
  }

  /** Whether the node must let go because a service of it is to be taken elsewhere. */
  public boolean hasServiceInFence(String node) {
    for (ServiceRecord record : services.values()) {
      if (record.state() == ServiceState.FENCE && node.equals(record.node())) {
        return true;
      }
    }
    return false;
  }

  public boolean isDisarmed() {
    return disarm != null && disarm.complete();
  }
}
