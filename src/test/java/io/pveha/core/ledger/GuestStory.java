package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.ledger.GuestSighting.Gap;
import io.pveha.core.ledger.GuestSighting.Order;
import io.pveha.core.ledger.GuestSighting.ProbeView;
import io.pveha.core.ledger.GuestSighting.Service;
import io.pveha.core.ledger.LedgerUpdate.News;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Guest 100 under HA on node1 of three, and what is seen of it second by second. */
final class GuestStory {

  private static final Instant ZERO = Instant.parse("2026-01-05T08:00:00Z");

  private final Set<NodeName> lost = new HashSet<>();
  private final Set<NodeName> online =
      new HashSet<>(Set.of(node("node1"), node("node2"), node("node3")));
  private final Map<NodeName, Instant> synced = new HashMap<>();
  private final Set<NodeName> failed = new HashSet<>();
  private final List<FailoverRecord> entries = new ArrayList<>();
  private final List<News> news = new ArrayList<>();
  private NodeName node = node("node1");
  private NodeName serviceNode = node("node1");
  private String state = "started";
  private boolean confirmed = true;
  private Belief running = Belief.YES;
  private boolean container = true;
  private boolean toRun = true;
  private Optional<Instant> silent = Optional.empty();
  private Optional<ProbeView> probe = Optional.empty();
  private List<Order> orders = List.of();
  private Optional<Long> predicted = Optional.empty();
  private Optional<Duration> rto = Optional.empty();
  private Optional<Duration> rpo = Optional.empty();
  private Optional<NodeName> savedNode = Optional.of(node("node1"));
  private Optional<FailoverRecord> inProgress = Optional.empty();
  private WatchMemory recollection = WatchMemory.quiet(Optional.empty());

  static Instant at(long second) {
    return ZERO.plusSeconds(second);
  }

  private static NodeName node(String name) {
    return new NodeName(name);
  }

  /** What a reconciliation sees then, and what it saves. */
  void look(int second) {
    GuestSighting seen =
        new GuestSighting(
            at(second),
            Optional.of(node),
            running,
            Optional.of(new Service(state, serviceNode, confirmed, failed)),
            lost,
            online,
            Set.of(),
            silent,
            probe,
            orders);
    Optional<Instant> lastLoss =
        entries.isEmpty()
                || entries.get(entries.size() - 1).reached(FailoverPhase.RUNNING).isPresent()
            ? Optional.empty()
            : entries.get(entries.size() - 1).reached(FailoverPhase.LOSS_SEEN);
    FailoverContext terms =
        new FailoverContext(
            container ? "ct:100" : "vm:100",
            container,
            toRun,
            savedNode,
            synced,
            predicted,
            lastLoss,
            rto,
            rpo);
    LedgerUpdate look = FailoverWatch.observe(seen, terms, inProgress, recollection);
    inProgress = look.inProgress();
    entries.addAll(look.ended());
    news.addAll(look.news());
    recollection = look.recollection();
    savedNode = Optional.of(node);
  }

  GuestStory lose(String name) {
    lost.add(node(name));
    online.remove(node(name));
    running = Belief.UNKNOWN;
    return this;
  }

  GuestStory unsure(String name) {
    lost.remove(node(name));
    return this;
  }

  GuestStory returns(String name) {
    lost.remove(node(name));
    online.add(node(name));
    running = Belief.YES;
    return this;
  }

  /** Its node does not answer since then. */
  GuestStory silent(int second) {
    silent = Optional.of(at(second));
    return silentProbe();
  }

  GuestStory silentProbe() {
    probe = probe.map(p -> new ProbeView(false, p.lastAnswer(), p.lastGap()));
    return this;
  }

  GuestStory foundOn(String name) {
    node = node(name);
    serviceNode = node;
    savedNode = savedNode.or(() -> Optional.of(node));
    confirmed = false;
    return this;
  }

  GuestStory state(String word) {
    state = word;
    if (word.equals("stopped")) {
      running = Belief.NO;
    }
    return this;
  }

  GuestStory stopped() {
    running = Belief.NO;
    confirmed = false;
    return this;
  }

  GuestStory confirmed() {
    state = "started";
    confirmed = true;
    running = Belief.YES;
    failed.clear();
    return this;
  }

  GuestStory failedOn(String name) {
    failed.add(node(name));
    return this;
  }

  GuestStory machine() {
    container = false;
    return this;
  }

  GuestStory wantedStopped() {
    toRun = false;
    return this;
  }

  GuestStory synced(String name, int second) {
    synced.put(node(name), at(second));
    return this;
  }

  GuestStory probed() {
    probe = Optional.of(new ProbeView(true, Optional.of(at(98)), Optional.empty()));
    return this;
  }

  GuestStory answered(int second) {
    probe = probe.map(p -> new ProbeView(true, Optional.of(at(second)), p.lastGap()));
    return this;
  }

  GuestStory gap(int from, int to) {
    probe =
        Optional.of(
            new ProbeView(true, Optional.of(at(to)), Optional.of(new Gap(at(from), at(to), true))));
    return this;
  }

  GuestStory ordered(Order order) {
    orders = List.of(order);
    return this;
  }

  GuestStory predicted(long seconds) {
    predicted = Optional.of(seconds);
    return this;
  }

  GuestStory rto(long seconds) {
    rto = Optional.of(Duration.ofSeconds(seconds));
    return this;
  }

  GuestStory rpo(long seconds) {
    rpo = Optional.of(Duration.ofSeconds(seconds));
    return this;
  }

  /** The operator ends; what it did not save is gone. */
  GuestStory restart() {
    recollection = WatchMemory.NONE;
    return this;
  }

  Optional<FailoverRecord> inProgress() {
    return inProgress;
  }

  List<FailoverRecord> entries() {
    return entries;
  }

  FailoverRecord entry() {
    return entries.get(entries.size() - 1);
  }

  List<News> news() {
    return news;
  }

  String lastNews() {
    return news.get(news.size() - 1).sentence();
  }

  List<String> times(FailoverRecord entry) {
    return entry.phases().entrySet().stream()
        .map(phase -> phase.getKey() + " " + Duration.between(ZERO, phase.getValue()).toSeconds())
        .toList();
  }
}
