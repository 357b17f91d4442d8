package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.FailureLog;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.HealthCalls;
import io.pveha.proxmox.PlacementCalls;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.ReplicationCalls;
import io.pveha.proxmox.StorageCalls;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import io.pveha.proxmox.StorageCalls.Volume;
import java.time.Instant;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Asks a formed cluster for what changes rarely. */
final class SlowLook {

  private static final String AUTHORITY = "pve-root-ca.pem";

  private final ClusterAccess access;

  SlowLook(ClusterAccess access) {
    this.access = access;
  }

  /** What one node says of itself. */
  SlowFacts.Node at(NodeName name) {
    ProxmoxApi api = access.node(name);
    StorageCalls storage = new StorageCalls(api);
    List<Pool> pools = storage.pools(name);
    Map<String, PoolDetail> details = new TreeMap<>();
    pools.forEach(pool -> details.put(pool.name(), storage.pool(name, pool.name())));
    return new SlowFacts.Node(
        new ClusterCalls(api).version().understood().version(),
        storage.disks(name),
        pools,
        details,
        storage.storageStatus(name),
        new ReplicationCalls(api).status(name),
        FailureLog.NONE);
  }

  /**
   * Disks of guests on the storages of a node, those of guests that run elsewhere too: their
   * replicas. A storage that can't be listed is missing.
   *
   * @param withShared whether this node also tells of storages that all nodes see
   */
  Map<String, List<Volume>> disks(NodeName name, List<StorageStatus> storages, boolean withShared) {
    StorageCalls calls = new StorageCalls(access.node(name));
    Map<String, List<Volume>> disks = new TreeMap<>();
    for (StorageStatus storage : storages) {
      if (storage.isForGuests() && storage.isActive() && (withShared || !storage.shared())) {
        try {
          disks.put(
              storage.storage(),
              calls.content(name, storage.storage()).stream()
                  .filter(volume -> volume.vmid() != null)
                  .toList());
        } catch (ProxmoxFailure unknown) {
          continue;
        }
      }
    }
    return disks;
  }

  /** The notes of the datacenter as one member has them; empty when it does not show them. */
  Optional<String> notes(NodeName member) {
    try {
      return new ClusterCalls(access.node(member)).notes();
    } catch (ProxmoxFailure unknown) {
      return Optional.empty();
    }
  }

  /** The rest, of a quorate member. */
  SlowFacts together(
      NodeName member,
      Map<NodeName, SlowFacts.Node> nodes,
      Map<NodeName, String> notes,
      Map<NodeName, SlowFacts.GuestDisks> disks,
      Instant at) {
    ProxmoxApi cluster = access.node(member);
    ClusterCalls calls = new ClusterCalls(cluster);
    PlacementCalls placement = new PlacementCalls(cluster);
    HaCalls ha = new HaCalls(cluster);
    ClusterCalls.JoinInfo join = calls.joinInfo();
    join.nodelist().stream()
        .filter(node -> node.fingerprint() != null)
        .forEach(node -> access.learn(new NodeName(node.name()), node.fingerprint()));
    IntSummaryStatistics majors = majors(nodes, calls);
    Means means = placement.means(majors.getMin(), majors.getMax());
    return new SlowFacts(
        at,
        member,
        nodes,
        join,
        authority(cluster, member),
        calls.quorumDevice(),
        means,
        means == Means.GROUPS ? placement.groups() : List.of(),
        means == Means.RULES ? placement.rules() : List.of(),
        ha.resources(),
        ha.current(),
        new ReplicationCalls(cluster).jobs(),
        new StorageCalls(cluster).storages(),
        calls.options(),
        notes,
        disks,
        // Asked last: what was taken away before has shortened the lists above.
        privileges(cluster),
        1,
        StartFacts.NONE);
  }

  /** The same with what another member lists beside; empty when it can't be asked. */
  Optional<SlowFacts> otherLists(NodeName other, SlowFacts facts) {
    ProxmoxApi cluster = access.node(other);
    PlacementCalls placement = new PlacementCalls(cluster);
    try {
      return Optional.of(
          facts.with(
              facts.means() == Means.GROUPS ? placement.groups() : List.of(),
              facts.means() == Means.RULES ? placement.rules() : List.of(),
              new HaCalls(cluster).resources(),
              new ReplicationCalls(cluster).jobs(),
              new StorageCalls(cluster).storages()));
    } catch (ProxmoxFailure untold) {
      return Optional.empty();
    }
  }

  private static HeldPrivileges privileges(ProxmoxApi cluster) {
    try {
      return TokenPrivileges.of(cluster);
    } catch (ProxmoxFailure untold) {
      return HeldPrivileges.unknown(untold.getMessage());
    }
  }

  /** All members have the same, in the files that the cluster shares. */
  private static Optional<String> authority(ProxmoxApi cluster, NodeName member) {
    try {
      return new HealthCalls(cluster)
          .certificates(member).stream()
              .filter(certificate -> AUTHORITY.equals(certificate.filename()))
              .map(HealthCalls.Certificate::fingerprint)
              .filter(Objects::nonNull)
              .findFirst();
    } catch (ProxmoxFailure unknown) {
      return Optional.empty();
    }
  }

  private static IntSummaryStatistics majors(
      Map<NodeName, SlowFacts.Node> nodes, ClusterCalls calls) {
    IntStream told =
        nodes.isEmpty()
            ? IntStream.of(calls.version().understood().major())
            : nodes.values().stream()
                .mapToInt(node -> new ClusterCalls.Version(node.version(), null).major());
    return told.summaryStatistics();
  }
}
