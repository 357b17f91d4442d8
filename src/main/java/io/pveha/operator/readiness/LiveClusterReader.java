package io.pveha.operator.readiness;

import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.failover.LiveCluster;
import io.pveha.core.failover.LiveGuest;
import io.pveha.core.failover.LiveNode;
import io.pveha.core.failover.Surroundings;
import io.pveha.core.guest.StartNeed;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceState;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.operator.host.NodeResourcesReader;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.polling.SlowFacts.GuestDisks;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.HaCalls.Service;
import io.pveha.proxmox.HaCalls.StatusRow;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A watched cluster as the question "what if a node died" needs it. */
public final class LiveClusterReader {

  /** From start to service, where it was not measured. */
  private static final Duration CONTAINER_BOOT = Duration.ofSeconds(2);

  private static final Duration MACHINE_BOOT = Duration.ofSeconds(25);

  private final ClusterFacts facts;
  private final ProxmoxClusterStatus status;

  private LiveClusterReader(ClusterFacts facts, ProxmoxClusterStatus status) {
    this.facts = facts;
    this.status = status;
  }

  /**
   * The picture.
   *
   * @param status with the members and the votes of this moment
   */
  public static LiveCluster of(ClusterFacts facts, ProxmoxClusterStatus status) {
    return new LiveClusterReader(facts, status).picture();
  }

  /** Storages that hold disks of a guest; empty when unknown. */
  public static Optional<SortedSet<String>> storages(Guest guest, ClusterFacts facts) {
    return new LiveClusterReader(facts, ProxmoxClusterStatus.EMPTY).storages(guest);
  }

  private LiveCluster picture() {
    SortedMap<String, LiveNode> nodes = new TreeMap<>();
    Set<String> hidden = NodeResourcesReader.hidden(facts);
    status.nodes().forEach(node -> nodes.put(node.name(), node(node, hidden)));
    SortedMap<ServiceId, LiveGuest> guests = new TreeMap<>();
    Surroundings around = NodeResourcesReader.of(facts);
    for (Resource resource : facts.slow().resources()) {
      guest(resource, around).ifPresent(guest -> guests.put(ServiceId.of(resource.sid()), guest));
    }
    int memberVotes = nodes.values().stream().mapToInt(LiveNode::votes).sum();
    DeviceVotes device = DeviceVotes.of(status.quorum(), memberVotes);
    return new LiveCluster(
        nodes,
        guests,
        RulesInForce.of(facts.slow()).all(),
        scheduler(),
        device.cast(),
        device.missing(),
        Optional.ofNullable(status.haMaster()),
        isArmed(),
        sharedStorages(),
        RulesInForce.of(facts.slow()).doubts());
  }

  private LiveNode node(ProxmoxClusterStatus.Node node, Set<String> hidden) {
    NodeName name = new NodeName(node.name());
    Optional<NodeFacts.Load> load =
        Optional.ofNullable(facts.health().nodes().get(name))
            .map(NodeFacts::load)
            .flatMap(Fact::value);
    String haState = facts.fast().ha().manager().nodeStatus().get(node.name());
    long memory = load.map(NodeFacts.Load::memoryBytes).orElse(0L);
    return new LiveNode(
        Boolean.TRUE.equals(node.online()),
        haState == null || haState.equals("online"),
        node.votes(),
        0,
        memory,
        memory > 0 ? OptionalLong.of(memory - configured(name)) : OptionalLong.empty(),
        Optional.ofNullable(facts.slow().nodes().get(name))
            .map(told -> usableStorages(told, hidden)));
  }

  /**
   * What is configured counts, not what is used now: a guest may take all it is given, and the
   * answer must not change with every poll.
   */
  private long configured(NodeName node) {
    return facts.fast().guestsOn(node).stream()
        .filter(Guest::isRunning)
        .mapToLong(Guest::memoryBytes)
        .sum();
  }

  /** Those that are active, and those that are unknown: that is said of the guest. */
  private static SortedSet<String> usableStorages(SlowFacts.Node node, Set<String> hidden) {
    SortedSet<String> usable =
        node.storages().stream()
            .filter(StorageStatus::isActive)
            .map(StorageStatus::storage)
            .collect(Collectors.toCollection(TreeSet::new));
    usable.addAll(hidden);
    return usable;
  }

  /**
   * Empty for a resource that HA ignores, one in a state that this version does not know, a
   * template, and one whose guest is not there.
   */
  private Optional<LiveGuest> guest(Resource resource, Surroundings around) {
    if (resource.unknownProperties().contains("state")) {
      return Optional.empty();
    }
    RequestedState requested = RequestedState.ofWord(resource.requestedState());
    if (requested == RequestedState.IGNORED) {
      return Optional.empty();
    }
    Optional<Service> service = facts.fast().service(resource.sid());
    return GuestId.ofSid(resource.sid())
        .flatMap(id -> facts.fast().guest(id))
        .filter(guest -> !guest.template())
        .map(guest -> guest(resource, requested, service, guest, around));
  }

  private LiveGuest guest(
      Resource resource,
      RequestedState requested,
      Optional<Service> service,
      Guest guest,
      Surroundings around) {
    boolean container = guest.id().kind() == GuestKind.CT;
    return new LiveGuest(
        requested,
        service.map(Service::state).flatMap(LiveClusterReader::state).orElse(resting(requested)),
        service.map(Service::node).orElse(guest.node().value()),
        service.map(Service::target),
        service.map(Service::running).orElse(guest.isRunning()),
        service.map(Service::failedNodes).orElse(List.of()),
        service.map(Service::maintenanceNode),
        resource.maxRestartOrDefault(),
        resource.maxRelocateOrDefault(),
        guest.cores(),
        guest.memoryBytes(),
        storages(guest),
        replicas(guest),
        container ? CONTAINER_BOOT : MACHINE_BOOT,
        needs(guest).map(needs -> around.bonds(needs, guest.node().value())));
  }

  private static Optional<ServiceState> state(String word) {
    for (ServiceState state : ServiceState.values()) {
      if (state.word().equals(word)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  private static ServiceState resting(RequestedState requested) {
    return requested == RequestedState.STARTED ? ServiceState.STARTED : ServiceState.STOPPED;
  }

  private Optional<List<StartNeed>> needs(Guest guest) {
    return Optional.ofNullable(facts.slow().starts().needs().get(guest.id()));
  }

  /**
   * As its configuration says, if that was read. Else those that hold volumes of it, which may be
   * left over from another guest of that number; unknown then unless every storage of its node, and
   * every shared one, could be listed.
   */
  private Optional<SortedSet<String>> storages(Guest guest) {
    return needs(guest).map(LiveClusterReader::storages).or(() -> storagesOfVolumes(guest));
  }

  private static SortedSet<String> storages(List<StartNeed> needs) {
    return needs.stream()
        .filter(need -> need.kind() == StartNeed.Kind.DISK)
        .flatMap(need -> need.storage().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<SortedSet<String>> storagesOfVolumes(Guest guest) {
    SlowFacts.Node node = facts.slow().nodes().get(guest.node());
    if (node == null) {
      return Optional.empty();
    }
    SortedSet<String> found = new TreeSet<>();
    for (StorageStatus storage : node.storages()) {
      if (storage.isForGuests() && storage.isActive()) {
        Optional<GuestDisks> told = listed(guest.node(), storage);
        if (told.isEmpty()) {
          return Optional.empty();
        }
        if (!told.get().of(guest.id().vmid(), storage.storage()).isEmpty()) {
          found.add(storage.storage());
        }
      }
    }
    return Optional.of(found);
  }

  /** Who listed a storage of a node; empty when nobody did. */
  private Optional<GuestDisks> listed(NodeName node, StorageStatus storage) {
    Map<NodeName, GuestDisks> disks = facts.slow().disks();
    return (storage.shared()
            ? disks.values().stream()
            : Optional.ofNullable(disks.get(node)).stream())
        .filter(told -> told.byStorage().containsKey(storage.storage()))
        .findFirst();
  }

  /** Targets of its jobs; when they succeeded last is told by the node where it is. */
  private SortedMap<String, Optional<Instant>> replicas(Guest guest) {
    SlowFacts.Node node = facts.slow().nodes().get(guest.node());
    SortedMap<String, Optional<Instant>> replicas = new TreeMap<>();
    facts.slow().jobs(guest.id().vmid()).stream()
        .filter(job -> job.removal() == null)
        .forEach(
            job ->
                replicas.put(
                    job.target(),
                    Optional.ofNullable(node)
                        .flatMap(here -> here.run(job.id()))
                        .flatMap(JobStatus::lastSync)));
    return replicas;
  }

  private SchedulerMode scheduler() {
    String option = facts.slow().options().getOrDefault("crs", "");
    for (SchedulerMode mode : SchedulerMode.values()) {
      if (List.of(option.split(",")).contains("ha=" + mode.word())) {
        return mode;
      }
    }
    return SchedulerMode.BASIC;
  }

  private boolean isArmed() {
    return facts.slow().haStatus().stream()
        .map(StatusRow::armedState)
        .filter(Objects::nonNull)
        .allMatch("armed"::equals);
  }

  private SortedSet<String> sharedStorages() {
    return facts.slow().nodes().values().stream()
        .flatMap(node -> node.storages().stream())
        .filter(StorageStatus::shared)
        .map(StorageStatus::storage)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
