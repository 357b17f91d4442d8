package io.pveha.core.cluster;

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
 * All that is known of a cluster at a moment. Immutable; a new one is made from the old one and
 * what nodes answered. What could not be read anew stays, with its age.
 *
 * @param probes whether each node's API answers us
 * @param views each node's own view of the membership
 * @param ha what the HA daemons wrote
 * @param guests all guests
 * @param storages all storage entries
 * @param jobs all replication jobs
 * @param quorumDevice the external tie-breaker; an empty value when there is none
 * @param nodes what nodes tell of themselves
 */
public record ClusterSnapshot(
    SortedMap<NodeName, Probe> probes,
    SortedMap<NodeName, Fact<MembershipView>> views,
    Fact<HaFacts> ha,
    Fact<List<ListedGuest>> guests,
    Fact<List<StorageEntry>> storages,
    Fact<List<ReplicationJobFacts>> jobs,
    Fact<Optional<QuorumDevice>> quorumDevice,
    SortedMap<NodeName, NodeFacts> nodes) {

  /** Nothing is known yet. */
  public static final ClusterSnapshot EMPTY =
      new ClusterSnapshot(
          new TreeMap<>(),
          new TreeMap<>(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          Fact.unknown(),
          new TreeMap<>());

  public ClusterSnapshot {
    probes = sorted(probes);
    views = sorted(views);
    nodes = sorted(nodes);
  }

  private static <V> SortedMap<NodeName, V> sorted(Map<NodeName, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** Views that are young enough, by the node that has them. */
  public List<MembershipView> memberViews(Duration oldest, Instant now) {
    return views.values().stream().flatMap(view -> view.within(oldest, now).stream()).toList();
  }

  /**
   * Whether the cluster holds a quorum. One quorate view proves it; that there is none is believed
   * when at least two nodes, or the only one known, say so and nobody the contrary.
   */
  public Belief isQuorate(Duration oldest, Instant now) {
    List<MembershipView> young = memberViews(oldest, now);
    if (young.stream().anyMatch(MembershipView::quorate)) {
      return Belief.YES;
    }
    return !young.isEmpty() && young.size() >= Math.min(2, known().size())
        ? Belief.NO
        : Belief.UNKNOWN;
  }

  /**
   * Whether a node is a member that is online. YES when a quorate view shows it; NO when two
   * quorate views of other nodes agree that it is not (one, where there is only one other node),
   * and no quorate view the contrary.
   */
  public Belief isOnline(NodeName node, Duration oldest, Instant now) {
    List<MembershipView> quorate =
        memberViews(oldest, now).stream().filter(MembershipView::quorate).toList();
    if (quorate.stream().anyMatch(view -> view.seesOnline(node))) {
      return Belief.YES;
    }
    long against = quorate.stream().filter(view -> !view.self().equals(node)).count();
    long others = known().stream().filter(name -> !name.equals(node)).count();
    return against > 0 && against >= Math.min(2, others) ? Belief.NO : Belief.UNKNOWN;
  }

  /** Nodes that a quorate, young enough view shows online. */
  public SortedSet<NodeName> online(Duration oldest, Instant now) {
    SortedSet<NodeName> online = new TreeSet<>();
    known().stream().filter(node -> isOnline(node, oldest, now).isYes()).forEach(online::add);
    return online;
  }

  /** Every node that was asked or that any node ever listed. */
  public SortedSet<NodeName> known() {
    SortedSet<NodeName> known = new TreeSet<>(probes.keySet());
    known.addAll(views.keySet());
    views.values().stream()
        .flatMap(view -> view.value().stream())
        .flatMap(view -> view.members().stream())
        .forEach(member -> known.add(member.name()));
    return known;
  }

  /** What a node tells of itself; all unknown when it never did. */
  public NodeFacts node(NodeName node) {
    return nodes.getOrDefault(node, NodeFacts.UNKNOWN);
  }

  /** The guest of that number and kind, as last listed. */
  public Optional<ListedGuest> guest(GuestId guest) {
    return guests.value().stream()
        .flatMap(List::stream)
        .filter(facts -> facts.id().equals(guest))
        .findFirst();
  }

  /** Where a guest's configuration is, as last listed. */
  public Optional<NodeName> guestNode(GuestId guest) {
    return guest(guest).map(ListedGuest::node);
  }

  /** The pool of that name on a node, as last told. */
  public Optional<NodeFacts.Pool> poolOn(NodeName node, PoolName pool) {
    return node(node).pools().value().stream()
        .flatMap(List::stream)
        .filter(facts -> facts.name().equals(pool))
        .findFirst();
  }

  /** The storage entry of that id, as last listed. */
  public Optional<StorageEntry> storage(StorageId storage) {
    return storages.value().stream()
        .flatMap(List::stream)
        .filter(entry -> entry.id().equals(storage))
        .findFirst();
  }

  /** How a job goes, as told by the node that holds its guest now; empty when that is unknown. */
  public Optional<ReplicationRun> run(ReplicationJobId job) {
    return guests.value().stream()
        .flatMap(List::stream)
        .filter(guest -> guest.id().vmid() == job.vmid())
        .flatMap(guest -> node(guest.node()).runs().value().stream())
        .flatMap(List::stream)
        .filter(run -> run.id().equals(job))
        .findFirst();
  }
}
