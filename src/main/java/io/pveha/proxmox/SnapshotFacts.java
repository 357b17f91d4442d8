package io.pveha.proxmox;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.HaFacts;
import io.pveha.core.cluster.ListedGuest;
import io.pveha.core.cluster.MembershipView;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolName;
import io.pveha.core.cluster.QuorumDevice;
import io.pveha.core.cluster.ReplicationJobFacts;
import io.pveha.core.cluster.ReplicationJobId;
import io.pveha.core.cluster.ReplicationRun;
import io.pveha.core.cluster.StorageEntry;
import io.pveha.core.cluster.StorageId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** From Proxmox's answers to facts. Rows that make no sense are left out. */
final class SnapshotFacts {

  private SnapshotFacts() {}

  static MembershipView membership(NodeName expected, ProxmoxApi api) {
    ClusterCalls.MembershipView view = new ClusterCalls(api).membership();
    if (!view.self().equals(expected)) {
      throw new ProxmoxFailure.NotProxmox(
          "the node at the address of %s calls itself %s".formatted(expected, view.self()));
    }
    return new MembershipView(
        view.self(),
        view.clusterName(),
        view.quorate(),
        view.members().stream()
            .map(
                member ->
                    new MembershipView.Member(
                        member.name(),
                        member.nodeId(),
                        member.ip() == null ? "" : member.ip(),
                        member.online()))
            .toList());
  }

  static HaFacts ha(HaCalls.ManagerStatus status) {
    HaCalls.Manager manager = status.manager();
    SortedMap<NodeName, String> nodes = new TreeMap<>();
    manager.nodeStatus().forEach((node, state) -> nodes.put(new NodeName(node), state));
    SortedMap<GuestId, HaFacts.Service> services = new TreeMap<>();
    manager
        .serviceStatus()
        .forEach(
            (sid, service) ->
                GuestId.ofSid(sid)
                    .filter(id -> service.node() != null)
                    .ifPresent(id -> services.put(id, service(service))));
    SortedMap<NodeName, HaFacts.Agent> agents = new TreeMap<>();
    status
        .lrms()
        .forEach(
            (node, lrm) ->
                agents.put(
                    new NodeName(node),
                    new HaFacts.Agent(
                        lrm.state(), lrm.mode(), Instant.ofEpochSecond(lrm.timestamp()))));
    return new HaFacts(
        name(manager.masterNode()), instant(manager.timestamp()), nodes, services, agents);
  }

  private static HaFacts.Service service(HaCalls.Service service) {
    return new HaFacts.Service(
        service.state(),
        new NodeName(service.node()),
        name(service.target()),
        service.running(),
        name(service.maintenanceNode()));
  }

  static List<ListedGuest> guests(ProxmoxApi api) {
    return new GuestCalls(api)
        .guests().stream()
            .map(
                guest ->
                    new ListedGuest(
                        guest.id(),
                        guest.node(),
                        "unknown".equals(guest.status())
                            ? Optional.empty()
                            : Optional.of(guest.isRunning()),
                        guest.name(),
                        guest.tags(),
                        guest.pool(),
                        guest.template(),
                        guest.lock()))
            .toList();
  }

  static List<StorageEntry> storages(ProxmoxApi api) {
    return new StorageCalls(api)
        .storages().stream()
            .filter(entry -> entry.storage() != null)
            .map(
                entry ->
                    new StorageEntry(
                        new StorageId(entry.storage()),
                        String.valueOf(entry.type()),
                        Optional.ofNullable(entry.pool()).map(PoolName::new),
                        entry.nodeList().stream()
                            .map(NodeName::new)
                            .collect(Collectors.toCollection(TreeSet::new)),
                        entry.disable()))
            .toList();
  }

  static List<ReplicationJobFacts> jobs(ProxmoxApi api) {
    return new ReplicationCalls(api).jobs().stream().flatMap(job -> job(job).stream()).toList();
  }

  private static Optional<ReplicationJobFacts> job(ReplicationCalls.Job job) {
    return ReplicationJobId.parse(job.id())
        .filter(id -> job.target() != null)
        .map(
            id ->
                new ReplicationJobFacts(
                    id,
                    new NodeName(job.target()),
                    name(job.source()),
                    job.schedule() == null ? "*/15" : job.schedule(),
                    job.disable(),
                    job.removal() != null));
  }

  static Optional<QuorumDevice> quorumDevice(ProxmoxApi api) {
    return new ClusterCalls(api)
        .quorumDevice()
        .map(
            device ->
                new QuorumDevice(
                    Optional.ofNullable(device.model()),
                    Optional.ofNullable(device.algorithm()),
                    Optional.ofNullable(device.state()),
                    Optional.ofNullable(device.host())));
  }

  static List<NodeFacts.Disk> disks(List<StorageCalls.Disk> disks) {
    return disks.stream()
        .map(
            disk ->
                new NodeFacts.Disk(
                    disk.devpath(),
                    Optional.ofNullable(disk.byIdLink()),
                    disk.size(),
                    String.valueOf(disk.type()),
                    String.valueOf(disk.model()),
                    String.valueOf(disk.serial()),
                    Optional.ofNullable(disk.used()),
                    Optional.ofNullable(disk.health()),
                    percent(disk.wearout())))
        .toList();
  }

  static List<NodeFacts.Pool> pools(List<StorageCalls.Pool> pools) {
    return pools.stream()
        .filter(pool -> pool.name() != null)
        .map(
            pool ->
                new NodeFacts.Pool(
                    new PoolName(pool.name()),
                    String.valueOf(pool.health()),
                    pool.size(),
                    pool.alloc(),
                    pool.frag()))
        .toList();
  }

  static List<NodeFacts.Storage> standing(List<StorageCalls.StorageStatus> storages) {
    return storages.stream()
        .filter(storage -> storage.storage() != null)
        .map(
            storage ->
                new NodeFacts.Storage(
                    new StorageId(storage.storage()),
                    String.valueOf(storage.type()),
                    storage.active(),
                    storage.enabled(),
                    storage.total(),
                    storage.used()))
        .toList();
  }

  static List<NodeFacts.Service> services(List<HealthCalls.Service> services) {
    return services.stream()
        .filter(HealthCalls.Service::isWanted)
        .map(
            service ->
                new NodeFacts.Service(
                    service.service(), service.isRunning(), String.valueOf(service.state())))
        .toList();
  }

  static List<NodeFacts.Link> links(List<HealthCalls.Link> links) {
    return links.stream()
        .map(link -> new NodeFacts.Link(link.iface(), String.valueOf(link.type()), link.active()))
        .toList();
  }

  static NodeFacts.Load load(HealthCalls.NodeStatus status) {
    return new NodeFacts.Load(
        status.memory().total(),
        status.memory().used(),
        status.rootfs().total(),
        status.rootfs().used());
  }

  static List<ReplicationRun> runs(List<ReplicationCalls.JobStatus> jobs) {
    return jobs.stream().flatMap(job -> run(job).stream()).toList();
  }

  private static Optional<ReplicationRun> run(ReplicationCalls.JobStatus job) {
    return ReplicationJobId.parse(job.id())
        .filter(id -> job.target() != null)
        .map(
            id ->
                new ReplicationRun(
                    id,
                    new NodeName(job.target()),
                    job.lastSync(),
                    instant(job.lastTrySeconds()),
                    job.nextSync(),
                    job.failCount(),
                    Optional.ofNullable(job.error()),
                    job.isRunning()));
  }

  static List<NodeFacts.Certificate> certificates(List<HealthCalls.Certificate> certificates) {
    return certificates.stream()
        .map(
            certificate ->
                new NodeFacts.Certificate(
                    String.valueOf(certificate.filename()),
                    String.valueOf(certificate.fingerprint()),
                    certificate.notAfter()))
        .toList();
  }

  private static Optional<NodeName> name(String text) {
    return Optional.ofNullable(text).filter(name -> !name.isBlank()).map(NodeName::new);
  }

  private static Optional<Instant> instant(long seconds) {
    return seconds > 0 ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
  }

  private static OptionalInt percent(String text) {
    return text != null && text.matches("[0-9]{1,3}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
