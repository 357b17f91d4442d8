package io.pveha.core.failover;

import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceRecord;
import io.pveha.core.ha.ServiceState;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A guest under HA.
 *
 * @param requested what its owner asks for
 * @param state where it stands for the manager
 * @param node where it is
 * @param target where a pending move takes it
 * @param running whether its start was confirmed
 * @param failedNodes where starts failed lately
 * @param maintenanceNode where it returns to after maintenance
 * @param maxRestart how often its start is tried again on the same node
 * @param maxRelocate on how many further nodes its start is tried
 * @param cores 0 when unknown
 * @param memoryBytes configured; 0 when unknown
 * @param storages ids of the storage entries that hold its disks; empty when unknown, and then no
 *     lack of storage or replica is claimed
 * @param replicas nodes that its disks are replicated to, with the recovery point there; no point
 *     when no replication is known to have succeeded
 * @param boot how long it takes from start to service
 * @param bonds what else of its configuration not every node has; empty when the configuration
 *     could not be read yet
 */
@RecordBuilder
public record LiveGuest(
    RequestedState requested,
    ServiceState state,
    String node,
    Optional<String> target,
    boolean running,
    List<String> failedNodes,
    Optional<String> maintenanceNode,
    int maxRestart,
    int maxRelocate,
    double cores,
    long memoryBytes,
    Optional<SortedSet<String>> storages,
    SortedMap<String, Optional<Instant>> replicas,
    Duration boot,
    Optional<List<Bond>> bonds)
    implements LiveGuestBuilder.With {

  public LiveGuest {
    bonds = bonds.map(List::copyOf);
    failedNodes = List.copyOf(failedNodes);
    storages = storages.map(ids -> Collections.unmodifiableSortedSet(new TreeSet<>(ids)));
    replicas = Collections.unmodifiableSortedMap(new TreeMap<>(replicas));
  }

  /** A guest that runs, with Proxmox's defaults; nothing is known of its disks and its memory. */
  public static LiveGuest startedOn(String node) {
    return new LiveGuest(
        RequestedState.STARTED,
        ServiceState.STARTED,
        node,
        Optional.empty(),
        true,
        List.of(),
        Optional.empty(),
        1,
        1,
        0,
        0,
        Optional.empty(),
        new TreeMap<>(),
        Duration.ZERO,
        Optional.of(List.of()));
  }

  /** The same as another one asks for it, and stands. */
  public LiveGuest in(RequestedState wanted, ServiceState now) {
    return withRequested(wanted).withState(now);
  }

  /** The same with disks on storages, replicated to nodes. */
  public LiveGuest withDisks(SortedSet<String> ids, Map<String, Optional<Instant>> copies) {
    return withStorages(Optional.of(ids)).withReplicas(new TreeMap<>(copies));
  }

  /** The same with figures. */
  public LiveGuest withFigures(double processors, long bytes, Duration time) {
    return with(guest -> guest.cores(processors).memoryBytes(bytes).boot(time));
  }

  /** The same with a limit of tries. */
  public LiveGuest withTries(int restarts, int relocations) {
    return withMaxRestart(restarts).withMaxRelocate(relocations);
  }

  /** The same with what binds it to some nodes. */
  public LiveGuest boundBy(List<Bond> found) {
    return withBonds(Optional.of(found));
  }

  /** The same as long as its configuration could not be read. */
  public LiveGuest withoutConfiguration() {
    return withBonds(Optional.empty());
  }

  /** As the manager remembers it. */
  ServiceRecord record() {
    return new ServiceRecord(
        state,
        node,
        "",
        target.orElse(null),
        null,
        null,
        failedNodes,
        maintenanceNode.orElse(null),
        running);
  }
}
