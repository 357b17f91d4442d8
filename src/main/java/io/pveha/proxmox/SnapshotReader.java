package io.pveha.proxmox;

import io.pveha.core.cluster.ClusterSnapshot;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.HaFacts;
import io.pveha.core.cluster.MembershipView;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Probe;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes a new snapshot from the old one and what nodes answer. Properties kept:
 *
 * <ol>
 *   <li>a question that fails makes what is known older, and takes nothing away;
 *   <li>a node that does not answer costs one bounded attempt a round, and is then left alone for a
 *       while that grows with its failures;
 *   <li>the number of calls depends on nodes, not on guests.
 * </ol>
 */
public final class SnapshotReader {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Members asked for what any of them could tell. */
  private static final int ATTEMPTS = 2;

  private final SortedMap<NodeName, ProxmoxApi> nodes;
  private final Executor threads;
  private final Clock clock;

  /**
   * A reader of these nodes.
   *
   * @param nodes each node's own API
   * @param threads ask several nodes at once
   * @param clock says when, and what the nodes' clocks are compared with
   */
  public SnapshotReader(Map<NodeName, ProxmoxApi> nodes, Executor threads, Clock clock) {
    this.nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    this.threads = threads;
    this.clock = clock;
  }

  /** What changes within seconds: who answers, who is a member, HA. */
  public ClusterSnapshot fast(ClusterSnapshot old) {
    Instant now = clock.instant();
    List<NodeName> due = nodes.keySet().stream().filter(node -> isDue(old, node, now)).toList();
    Map<NodeName, Asked<MembershipView>> asked =
        atOnce(due, node -> Asked.of(() -> SnapshotFacts.membership(node, nodes.get(node))));
    SortedMap<NodeName, Probe> probes = new TreeMap<>(old.probes());
    SortedMap<NodeName, Fact<MembershipView>> views = new TreeMap<>(old.views());
    asked.forEach(
        (node, answer) -> {
          probes.put(node, probe(Optional.ofNullable(probes.get(node)), answer, now));
          views.put(node, answer.onto(views.getOrDefault(node, Fact.unknown()), node, now));
        });
    ClusterSnapshot seen = with(old, probes, views, old.ha());
    Fact<HaFacts> ha =
        ofAny(seen, now, old.ha(), api -> SnapshotFacts.ha(new HaCalls(api).managerStatus()));
    return with(old, probes, views, ha);
  }

  /** What changes rarely. Needs the fast facts to know whom to ask. */
  public ClusterSnapshot slow(ClusterSnapshot old) {
    Instant now = clock.instant();
    return new ClusterSnapshot(
        old.probes(),
        old.views(),
        old.ha(),
        ofAny(old, now, old.guests(), SnapshotFacts::guests),
        ofAny(old, now, old.storages(), SnapshotFacts::storages),
        ofAny(old, now, old.jobs(), SnapshotFacts::jobs),
        ofAny(old, now, old.quorumDevice(), SnapshotFacts::quorumDevice),
        ofEach(old, NodeQuestions::slow));
  }

  /** Disks with their health, which makes every disk test itself and takes seconds. */
  public ClusterSnapshot disks(ClusterSnapshot old) {
    return new ClusterSnapshot(
        old.probes(),
        old.views(),
        old.ha(),
        old.guests(),
        old.storages(),
        old.jobs(),
        old.quorumDevice(),
        ofEach(old, NodeQuestions::disks));
  }

  private SortedMap<NodeName, NodeFacts> ofEach(
      ClusterSnapshot old, BiFunction<NodeQuestions, NodeFacts, NodeFacts> questions) {
    List<NodeName> asking =
        nodes.keySet().stream().filter(node -> speaker(old, node).isPresent()).toList();
    SortedMap<NodeName, NodeFacts> all = new TreeMap<>(old.nodes());
    all.putAll(
        atOnce(
            asking,
            node -> {
              NodeName speaker = speaker(old, node).orElseThrow();
              return questions.apply(
                  new NodeQuestions(node, speaker, nodes.get(speaker), clock), old.node(node));
            }));
    return all;
  }

  private static ClusterSnapshot with(
      ClusterSnapshot old,
      SortedMap<NodeName, Probe> probes,
      SortedMap<NodeName, Fact<MembershipView>> views,
      Fact<HaFacts> ha) {
    return new ClusterSnapshot(
        probes,
        views,
        ha,
        old.guests(),
        old.storages(),
        old.jobs(),
        old.quorumDevice(),
        old.nodes());
  }

  private static boolean isDue(ClusterSnapshot old, NodeName node, Instant now) {
    Probe probe = old.probes().get(node);
    return probe == null
        || probe.isAnswering()
        || !now.isBefore(probe.lastTry().plus(pause(probe.failures())));
  }

  private static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 5) - 1);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private static Probe probe(Optional<Probe> former, Asked<?> answer, Instant now) {
    if (answer.hasAnswered()) {
      return new Probe(Optional.of(now), now, 0, Optional.empty());
    }
    return new Probe(
        former.flatMap(Probe::lastAnswer),
        now,
        former.map(Probe::failures).orElse(0) + 1,
        answer.problem());
  }

  /** Asks members that answered, those with the quorum first, until one tells. */
  private <T> Fact<T> ofAny(
      ClusterSnapshot seen, Instant now, Fact<T> former, Function<ProxmoxApi, T> question) {
    Fact<T> fact = former.failed(now, "no member answers");
    for (NodeName member : answering(seen).stream().limit(ATTEMPTS).toList()) {
      Asked<T> asked = Asked.of(() -> question.apply(nodes.get(member)));
      fact = asked.onto(former, member, now);
      if (asked.isDecided()) {
        return fact;
      }
    }
    return fact;
  }

  private List<NodeName> answering(ClusterSnapshot seen) {
    return nodes.keySet().stream()
        .filter(
            node ->
                Optional.ofNullable(seen.probes().get(node)).filter(Probe::isAnswering).isPresent())
        .sorted(
            Comparator.comparing((NodeName node) -> !isQuorate(seen, node))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static boolean isQuorate(ClusterSnapshot seen, NodeName node) {
    return Optional.ofNullable(seen.views().get(node))
        .flatMap(Fact::value)
        .filter(MembershipView::quorate)
        .isPresent();
  }

  /**
   * Who tells about a node: itself; or, when only we can't reach it, a member that has it online.
   */
  private Optional<NodeName> speaker(ClusterSnapshot seen, NodeName node) {
    List<NodeName> answering = answering(seen);
    if (answering.contains(node)) {
      return Optional.of(node);
    }
    return answering.stream()
        .filter(member -> isQuorate(seen, member))
        .filter(
            member ->
                seen.views().get(member).value().filter(view -> view.seesOnline(node)).isPresent())
        .findFirst();
  }

  private <T> Map<NodeName, T> atOnce(List<NodeName> whom, Function<NodeName, T> question) {
    Map<NodeName, CompletableFuture<T>> asked =
        whom.stream()
            .collect(
                Collectors.toMap(
                    node -> node,
                    node -> CompletableFuture.supplyAsync(() -> question.apply(node), threads)));
    Map<NodeName, T> answers = new TreeMap<>();
    asked.forEach((node, answer) -> answers.put(node, answer.join()));
    return answers;
  }
}
