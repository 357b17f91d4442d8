package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.ErrorRecovery;
import io.pveha.api.v1alpha1.RequestedState;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Memory;
import io.pveha.core.resource.ErrorStateRecovery;
import io.pveha.core.resource.ErrorStateRecovery.Advice;
import io.pveha.core.resource.ErrorStateRecovery.Elsewhere;
import io.pveha.core.resource.ErrorStateRecovery.Patient;
import io.pveha.core.resource.ErrorStateRecovery.Sight;
import io.pveha.core.resource.StartFailure;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.HaCalls.Service;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.TaskCalls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Brings resources in the error state to the doctor. Only then, and only if it is online, the
 * guest's node is asked why the guest did not start.
 */
final class ErrorStateCases {

  private static final int MOST_RECORDED = 10;

  private final HaResourceSpec spec;
  private final HaResourceStatus former;
  private final ClusterFacts facts;
  private final ClusterWatcher watcher;

  ErrorStateCases(
      HaResourceSpec spec, HaResourceStatus former, ClusterFacts facts, ClusterWatcher watcher) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
    this.watcher = watcher;
  }

  /** The doctor's advice; empty for what is in no error state, is not to run, or not ours. */
  Optional<Advice> advice(Memory memory, Instant now) {
    Optional<Service> service =
        facts.fast().service(spec.guest().sid()).filter(s -> s.state().equals("error"));
    Optional<Resource> resource =
        facts
            .slow()
            .resource(spec.guest().sid())
            .filter(found -> found.unknownProperties().isEmpty());
    if (service.isEmpty() || resource.isEmpty() || spec.state() != RequestedState.STARTED) {
      return Optional.empty();
    }
    Patient patient = patient(new NodeName(service.get().node()), resource.get().requestedState());
    List<Instant> recoveries = former.errorRecoveries().stream().map(ErrorRecovery::at).toList();
    return Optional.of(ErrorStateRecovery.examine(patient, recoveries, memory, now));
  }

  /** With the recovery that begins now, to be saved before it does. */
  static HaResourceStatus recorded(
      HaResourceStatus status, Optional<Advice> advice, boolean begins, Instant now) {
    Optional<String> cause = advice.flatMap(Advice::cause).filter(unused -> begins);
    if (cause.isEmpty()) {
      return status;
    }
    List<ErrorRecovery> all = new ArrayList<>();
    all.add(new ErrorRecovery(now, cause.get()));
    all.addAll(status.errorRecoveries());
    return status.withErrorRecoveries(all.stream().limit(MOST_RECORDED).toList());
  }

  private Patient patient(NodeName node, String requested) {
    boolean online =
        facts.fast().online(node).orElse(false)
            && watcher.access().spec().node(node.value()).isPresent();
    Optional<StartFailure> failure =
        online && !requested.equals("disabled") ? failure(node) : Optional.empty();
    return new Patient(
        spec.guest().sid(),
        node,
        requested,
        online,
        elsewhere(node),
        failure,
        sight(node, failure.flatMap(StartFailure::cause)),
        facts.at());
  }

  private Optional<Elsewhere> elsewhere(NodeName node) {
    return guest()
        .filter(guest -> !guest.node().equals(node))
        .map(
            guest ->
                new Elsewhere(
                    guest.node(),
                    facts.fast().online(guest.node()).orElse(false),
                    guest.status().equals("running")));
  }

  private Optional<Guest> guest() {
    return facts.fast().guest(new GuestId(kind(), spec.guest().vmid()));
  }

  private Optional<StartFailure> failure(NodeName node) {
    try {
      return new TaskCalls(watcher.access().node(node))
          .failures(node, spec.guest().vmid()).get().stream()
              .filter(task -> task.type().endsWith("start"))
              .findFirst()
              .map(task -> new StartFailure(task.endedAt(), task.status()));
    } catch (ProxmoxFailure notTold) {
      return Optional.empty();
    }
  }

  private Sight sight(NodeName node, Optional<StartFailure.Cause> cause) {
    Map<String, Boolean> storages = new TreeMap<>();
    Map<String, Boolean> pools = new TreeMap<>();
    Optional<SlowFacts.Node> told = Optional.ofNullable(facts.slow().nodes().get(node));
    told.ifPresent(
        seen -> {
          seen.pools().forEach(pool -> pools.put(pool.name(), StorageUse.works(pool)));
          for (Storage storage : facts.slow().storages()) {
            storages.put(storage.storage(), StorageUse.of(storage, node, seen).works().isYes());
          }
        });
    Optional<Set<String>> volumes = cause.flatMap(c -> disks(node, c));
    Optional<String> lock = guest().flatMap(Guest::lock);
    return new Sight(storages, pools, volumes, lock);
  }

  private io.pveha.core.cluster.GuestKind kind() {
    return GuestId.ofSid(spec.guest().sid()).orElseThrow().kind();
  }

  /** Names of the disks where the one in question should be. */
  private Optional<Set<String>> disks(NodeName node, StartFailure.Cause cause) {
    return switch (cause.kind()) {
      case VOLUME -> volumes(node, cause.name().substring(0, cause.name().indexOf(':')));
      case DATASET -> {
        String parent = cause.name().substring(0, cause.name().lastIndexOf('/'));
        yield facts.slow().storages().stream()
            .filter(storage -> parent.equals(storage.pool()))
            .findFirst()
            .flatMap(storage -> volumes(node, storage.storage()))
            .map(found -> datasets(parent, found));
      }
      case LOCK, STORAGE, POOL -> Optional.empty();
    };
  }

  /** A linked clone is told with its base: {@code tank:base-9-disk-0/vm-100-disk-0}. */
  private static Set<String> datasets(String parent, Set<String> volumes) {
    return volumes.stream()
        .map(volume -> parent + "/" + volume.replaceFirst(".*[:/]", ""))
        .collect(Collectors.toSet());
  }

  private Optional<Set<String>> volumes(NodeName node, String storage) {
    try {
      ProxmoxApi api = watcher.access().node(node);
      return Optional.of(
          new StorageCalls(api)
              .content(node, storage).get().stream()
                  .map(StorageCalls.Volume::volid)
                  .collect(Collectors.toSet()));
    } catch (ProxmoxFailure notTold) {
      return Optional.empty();
    }
  }
}
