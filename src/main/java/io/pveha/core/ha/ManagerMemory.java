package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a master works on. It begins with what the last master wrote and is written as a whole at
 * the end of a completed round; a round that fails leaves its changes here, and the next one goes
 * on from there.
 */
final class ManagerMemory {

  final SortedMap<String, NodeState> nodes;
  final SortedMap<ServiceId, ServiceRecord> services;
  final SortedSet<String> maintenanceRequests;
  private final String master;
  private final String term;
  private Disarm disarm;
  private long jobs;

  ManagerMemory(String master, ManagerStatus found, Instant now) {
    this.master = master;
    this.term = master + ":" + now.toEpochMilli() + ":";
    this.nodes = new TreeMap<>(found.nodes());
    this.services = new TreeMap<>(found.services());
    this.maintenanceRequests = new TreeSet<>(found.maintenanceRequests());
    this.disarm = found.disarm();
  }

  /** Unique over all masters, past and future: master, beginning of its term, number. */
  String newUid() {
    jobs++;
    return term + jobs;
  }

  Disarm disarm() {
    return disarm;
  }

  void setDisarm(Disarm other) {
    disarm = other;
  }

  NodeState nodeState(String node) {
    return nodes.getOrDefault(node, NodeState.UNKNOWN);
  }

  ManagerStatus status(Instant now) {
    return new ManagerStatus(master, now, nodes, services, maintenanceRequests, disarm);
  }
}
