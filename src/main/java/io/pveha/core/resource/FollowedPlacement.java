package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.resource.GuestCopies.Copy;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.WantedResource.Placement;
import io.pveha.core.resource.WantedResource.Preference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a replicated guest may run: where it is, and where a copy of its disks is good. Properties
 * kept:
 *
 * <ol>
 *   <li>the node where the guest is stays allowed, unless the spec's own strict list leaves it out:
 *       Proxmox would move the guest at once, and without a sync;
 *   <li>it is never the only one while another node has a copy of any age;
 *   <li>what is not known, or known of a node that is offline, changes nothing that is written;
 *   <li>an order that can still be argued for stays as it is written.
 * </ol>
 */
final class FollowedPlacement {

  /** A run may start this much late and take this long, without its copy being counted too old. */
  private static final Duration JITTER = Duration.ofSeconds(90);

  private final WantedResource resource;
  private final Placement wanted;
  private final ResourceFacts facts;
  private final Optional<Entry> written;
  private final Instant now;
  private final Map<NodeName, Copy> copies = new TreeMap<>();
  private final SortedMap<NodeName, String> leftOut = new TreeMap<>();

  FollowedPlacement(
      WantedResource resource, ResourceFacts facts, Optional<Entry> written, Instant now) {
    this.resource = resource;
    this.wanted = resource.placement();
    this.facts = facts;
    this.written = written;
    this.now = now;
    facts.copies().others().stream()
        .filter(copy -> facts.members().contains(copy.node()))
        .forEach(copy -> copies.put(copy.node(), copy));
  }

  PlacementChoice choose() {
    SortedSet<NodeName> allowed = new TreeSet<>();
    copies.values().stream()
        .filter(copy -> isListed(copy.node()) || !wanted.strict())
        .filter(this::isAllowed)
        .forEach(copy -> allowed.add(copy.node()));
    Optional<NodeName> spared =
        allowed.isEmpty() ? leastBad().filter(node -> !leftOut.isEmpty()) : Optional.empty();
    spared.ifPresent(allowed::add);
    facts.copies().own().filter(own -> isListed(own) || !wanted.strict()).ifPresent(allowed::add);
    if (allowed.isEmpty()) {
      // The spec's strict list has no copy at all: it is the owner's word, and taken as it is.
      wanted.nodes().forEach(listed -> allowed.add(listed.node()));
    }
    Preferences preferences =
        written
            .filter(entry -> stillRight(entry, allowed))
            .map(entry -> new Preferences(entry.nodes(), true))
            .orElseGet(() -> new Preferences(ranked(allowed), true));
    boolean free =
        allowed.containsAll(facts.members())
            && preferences.nodes().values().stream().distinct().count() == 1
            && !wanted.strict();
    return new PlacementChoice(
        free ? Optional.empty() : Optional.of(preferences), true, spared, leftOut);
  }

  /** Whether nothing is to be written yet: the first runs of new jobs are still ahead. */
  static boolean isTooEarly(ResourceFacts facts, Optional<Entry> written) {
    return facts.copies().own().isEmpty()
        || (written.isEmpty() && facts.copies().others().stream().anyMatch(Copy::isAwaited));
  }

  private boolean isAllowed(Copy copy) {
    Optional<String> against = against(copy);
    against.ifPresent(why -> leftOut.put(copy.node(), why));
    return against.isEmpty();
  }

  /** Why a node may not be taken; empty when it may. */
  private Optional<String> against(Copy copy) {
    String keptAway = facts.keptAway().get(copy.node());
    if (keptAway != null) {
      return Optional.of(keptAway);
    }
    if (!copy.online()) {
      // Proxmox takes none that is offline; when it is back there will be news.
      return asWritten(copy, "it was left out when it went offline");
    }
    return switch (copy.usable()) {
      case NO -> Optional.of(copy.trouble());
      case UNKNOWN -> asWritten(copy, "its storage has not been reported since it was left out");
      case YES -> wanted.maxReplicaAge().flatMap(limit -> tooOld(copy, limit));
    };
  }

  private Optional<String> tooOld(Copy copy, Duration limit) {
    String words = "its replica is older than %d s".formatted(limit.toSeconds());
    Optional<Duration> age = copy.age(now);
    if (age.isEmpty()) {
      return asWritten(copy, "the age of its replica is not known since it was left out");
    }
    boolean old =
        isWritten(copy.node())
            ? age.get().compareTo(limit.plus(JITTER)) > 0
            : copy.reach(now).filter(reach -> reach.compareTo(limit) <= 0).isEmpty();
    return old ? Optional.of(words) : Optional.empty();
  }

  private Optional<String> asWritten(Copy copy, String why) {
    return isWritten(copy.node()) ? Optional.empty() : Optional.of(why);
  }

  /** Whether Proxmox may take the node as things stand there. */
  private boolean isWritten(NodeName node) {
    return written
        .map(entry -> !entry.strict() || entry.nodes().containsKey(node.value()))
        .orElse(true);
  }

  /** Of the nodes that were left out, the one that is most likely to get the guest running. */
  private Optional<NodeName> leastBad() {
    Comparator<Copy> likely =
        Comparator.comparing((Copy copy) -> !copy.usable().isNo())
            .thenComparing(copy -> !facts.keptAway().containsKey(copy.node()))
            .thenComparing(Copy::online);
    List<Copy> candidates =
        copies.values().stream().filter(copy -> isListed(copy.node()) || !wanted.strict()).toList();
    Optional<Copy> best =
        candidates.stream()
            .max(
                likely
                    .thenComparing(copy -> copy.lastSync().orElse(Instant.EPOCH))
                    .thenComparing(Copy::node, Comparator.reverseOrder()));
    // One that is written stays, as long as no other is clearly better.
    return candidates.stream()
        .filter(copy -> written.filter(e -> e.nodes().containsKey(copy.node().value())).isPresent())
        .filter(copy -> likely.compare(copy, best.get()) == 0)
        .filter(copy -> !Freshness.isClear(best.get(), copy, now))
        .findFirst()
        .or(() -> best)
        .map(Copy::node);
  }

  private boolean isListed(NodeName node) {
    return wanted.nodes().stream().anyMatch(listed -> listed.node().equals(node));
  }

  /** What comes before freshness: the site, then the order of the spec. */
  private int standing(NodeName node) {
    int listed =
        wanted.nodes().stream()
            .filter(preference -> preference.node().equals(node))
            .mapToInt(Preference::priority)
            .findFirst()
            .orElse(-1);
    return facts.remote().contains(node) ? listed - 100_000 : listed;
  }

  private boolean stillRight(Entry entry, Set<NodeName> allowed) {
    Set<String> names = new TreeSet<>();
    allowed.forEach(node -> names.add(node.value()));
    if (!entry.nodes().keySet().equals(names)) {
      return false;
    }
    return allowed.stream().allMatch(a -> allowed.stream().allMatch(b -> mayStand(entry, a, b)));
  }

  /** Whether two nodes may stand to each other as they do. */
  private boolean mayStand(Entry entry, NodeName a, NodeName b) {
    int written = Integer.compare(priority(entry, a), priority(entry, b));
    int standing = Integer.compare(standing(a), standing(b));
    if (standing != 0 || isOneClass()) {
      return written == standing;
    }
    Optional<Copy> copyA = Optional.ofNullable(copies.get(a));
    Optional<Copy> copyB = Optional.ofNullable(copies.get(b));
    if (copyA.isEmpty() || copyB.isEmpty()) {
      return true;
    }
    if (written > 0) {
      return Freshness.isArguable(copyA.get(), copyB.get(), now);
    }
    return !Freshness.isClear(copyA.get(), copyB.get(), now);
  }

  private static int priority(Entry entry, NodeName node) {
    return entry.nodes().get(node.value());
  }

  /** Proxmox drops rules between resources when their nodes have different priorities. */
  private boolean isOneClass() {
    return !wanted.together().isEmpty()
        || !wanted.apart().isEmpty()
        || resource.isWantedByOthers()
        || facts.isBoundToOthers(resource.sid());
  }

  private SortedMap<String, Integer> ranked(Set<NodeName> allowed) {
    SortedMap<Integer, List<NodeName>> standings = new TreeMap<>();
    allowed.forEach(
        node -> standings.computeIfAbsent(standing(node), none -> new ArrayList<>()).add(node));
    List<List<NodeName>> fromLow = new ArrayList<>();
    standings.values().forEach(nodes -> fromLow.addAll(classes(nodes)));
    SortedMap<String, Integer> ranked = new TreeMap<>();
    for (int rank = 0; rank < fromLow.size(); rank++) {
      for (NodeName node : fromLow.get(rank)) {
        ranked.put(node.value(), rank);
      }
    }
    return ranked;
  }

  /** Stalest first. Nodes of unknown freshness, and the guest's own, are with the freshest. */
  private List<List<NodeName>> classes(List<NodeName> nodes) {
    if (isOneClass()) {
      return List.of(nodes);
    }
    List<NodeName> unknown = new ArrayList<>();
    List<Copy> known = new ArrayList<>();
    for (NodeName node : nodes) {
      Optional<Copy> copy = Optional.ofNullable(copies.get(node));
      if (copy.flatMap(c -> c.reach(now)).isPresent()) {
        known.add(copy.get());
      } else {
        unknown.add(node);
      }
    }
    known.sort(
        Comparator.comparing((Copy copy) -> copy.reach(now).get()).thenComparing(Copy::node));
    List<List<NodeName>> classes = new ArrayList<>();
    Copy first = null;
    for (Copy copy : known) {
      if (first == null || Freshness.isClear(first, copy, now)) {
        classes.add(0, new ArrayList<>());
        first = copy;
      }
      classes.get(0).add(copy.node());
    }
    if (classes.isEmpty()) {
      classes.add(new ArrayList<>());
    }
    classes.get(classes.size() - 1).addAll(unknown);
    return classes;
  }
}
