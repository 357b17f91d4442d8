package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.QuorumViews;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.ProxmoxFailure;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What each node last said of the membership, and what it owes. Properties:
 *
 * <ol>
 *   <li>an answer has the time at which it was asked for, however late it comes;
 *   <li>a view counts until it is {@link #OLDEST}, its node fails, or its node owes the next answer
 *       for longer than the patience;
 *   <li>the view of a node that is silent does not outlive newer views that contradict it;
 *   <li>no one waits for a node that owes an answer, but for a moment before the first one.
 * </ol>
 *
 * @param nodes all nodes that are asked
 * @param patience after which a node that owes an answer is said not to answer
 * @param backSince when a node answered again after none had: the way to all of them was cut then,
 *     and what was asked before says nothing of a node
 */
record Membership(SortedMap<NodeName, Last> nodes, Duration patience, Optional<Instant> backSince) {

  /** A node is silent once it has owed an answer for so long, unless it always takes as long. */
  static final Duration SILENCE = Duration.ofSeconds(1);

  /** Views that are older say nothing of who is a member now. */
  static final Duration OLDEST = Duration.ofSeconds(15);

  /** So long at most the others are asked more often because of one member. */
  static final Duration SUSPICION = Duration.ofSeconds(30);

  /**
   * The latest of one node.
   *
   * @param owedSince when the question was put that is not answered yet
   * @param view latest view
   * @param at when that was asked for
   * @param took how long the latest answer took
   * @param failure what the latest attempt that came to an end failed with; empty also where the
   *     operator itself is at fault
   * @param problem why that attempt failed
   * @param failures how many attempts in a row have failed
   * @param suspectSince when it was first silent, or offline for another member; until it answers
   *     without delay and is online for all
   */
  @RecordBuilder
  record Last(
      Optional<Instant> owedSince,
      Optional<MembershipView> view,
      Optional<Instant> at,
      Duration took,
      Optional<ProxmoxFailure> failure,
      Optional<ConditionReason> problem,
      int failures,
      Optional<Instant> suspectSince) {

    static final Last NOTHING =
        new Last(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty());

    private boolean hasEnded() {
      return view.isPresent() || problem.isPresent();
    }

    private boolean owes(Duration forLongerThan, Instant now) {
      return owedSince.filter(since -> since.plus(forLongerThan).isBefore(now)).isPresent();
    }

    /** Whether it owes an answer for longer than it usually takes. */
    private boolean isOverdue(Instant now) {
      Duration usual = took.multipliedBy(2);
      return owes(usual.compareTo(SILENCE) > 0 ? usual : SILENCE, now);
    }

    /** Whether it does not answer at present. */
    private boolean isSilent(Instant now) {
      return isOverdue(now)
          || problem.filter(why -> why == ConditionReason.ENDPOINT_UNREACHABLE).isPresent();
    }

    private Last asked(Instant now) {
      return MembershipLastBuilder.builder(this).owedSince(Optional.of(now)).build();
    }

    private Last answered(MembershipView told, Instant asked, Duration howLong) {
      return MembershipLastBuilder.builder(NOTHING)
          .view(Optional.of(told))
          .at(Optional.of(asked))
          .took(howLong)
          .suspectSince(suspectSince)
          .build();
    }

    private Last failed(Optional<ProxmoxFailure> how, ConditionReason why) {
      return MembershipLastBuilder.builder(this)
          .owedSince(Optional.empty())
          .failure(how)
          .problem(Optional.of(why))
          .failures(failures + 1)
          .build();
    }

    /** As if it had never been asked, but for the question that it is asked at present. */
    private Last unheard(Instant now) {
      return MembershipLastBuilder.builder(NOTHING).owedSince(owedSince.map(unused -> now)).build();
    }

    private Last unowed() {
      return MembershipLastBuilder.builder(this).owedSince(Optional.empty()).build();
    }

    private boolean isUnheard() {
      return !hasEnded();
    }

    private Last suspect(Optional<Instant> since) {
      return MembershipLastBuilder.builder(this).suspectSince(since).build();
    }
  }

  Membership {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /** Before anybody was asked. */
  static Membership of(Collection<NodeName> nodes, Duration patience) {
    SortedMap<NodeName, Last> all = new TreeMap<>();
    nodes.forEach(node -> all.put(node, Last.NOTHING));
    return new Membership(all, patience, Optional.empty());
  }

  /** A node is being asked. */
  Membership asked(NodeName node, Instant now) {
    return with(node, last -> last.asked(now));
  }

  /** A node answered. */
  Membership answered(NodeName node, MembershipView view, Instant asked, Instant now) {
    return (isUnanswered(now) ? back(now) : this)
        .with(node, last -> last.answered(view, asked, Duration.between(asked, now)))
        .looked(now);
  }

  private Membership back(Instant now) {
    SortedMap<NodeName, Last> anew = new TreeMap<>(nodes);
    anew.replaceAll((node, last) -> last.unheard(now));
    return new Membership(anew, patience, Optional.of(now));
  }

  /** An attempt failed that began at that time. */
  Membership failed(
      NodeName node, ProxmoxFailure how, ConditionReason why, Instant asked, Instant now) {
    boolean stale = nodes.get(node).isUnheard() && backSince.filter(asked::isBefore).isPresent();
    return with(node, last -> stale ? last.unowed() : last.failed(Optional.of(how), why))
        .looked(now);
  }

  /** Whether a node is to be asked at once, since what it was asked before says nothing. */
  boolean isUnheard(NodeName node) {
    return nodes.get(node).isUnheard();
  }

  /** An attempt failed by a fault of the operator. */
  Membership broken(NodeName node, Instant now) {
    return with(node, last -> last.failed(Optional.empty(), ConditionReason.FACTS_TOO_OLD))
        .looked(now);
  }

  private Membership with(NodeName node, UnaryOperator<Last> change) {
    SortedMap<NodeName, Last> changed = new TreeMap<>(nodes);
    changed.computeIfPresent(node, (name, last) -> change.apply(last));
    return new Membership(changed, patience, backSince);
  }

  /** The same now: who owes an answer for long is suspect. */
  Membership looked(Instant now) {
    Map<NodeName, MembershipView> views = views(now);
    SortedMap<NodeName, Last> changed = new TreeMap<>(nodes);
    changed.replaceAll(
        (node, last) -> {
          boolean suspect = last.isSilent(now) || isOfflineForAny(node, views.values());
          // One that owes an answer has not shown yet that it is well.
          boolean well =
              !suspect && last.owedSince().isEmpty() && last.took().compareTo(SILENCE) <= 0;
          return last.suspect(
              suspect
                  ? last.suspectSince().or(() -> Optional.of(now))
                  : last.suspectSince().filter(unused -> !well));
        });
    return new Membership(changed, patience, backSince);
  }

  /** Whether the others are to be asked more often for a while. */
  boolean isSuspicious(Instant now) {
    Map<NodeName, MembershipView> views = views(now);
    return nodes.entrySet().stream()
        .anyMatch(
            node ->
                node.getValue()
                    .suspectSince()
                    .filter(since -> since.plus(SUSPICION).isAfter(now))
                    .filter(unused -> !isLost(node.getKey(), views.values()))
                    .isPresent());
  }

  /** Whether a node does not answer, and all that hold the quorum have it offline. */
  boolean isGone(NodeName node, Instant now) {
    return nodes.get(node).isSilent(now) && isLost(node, views(now).values());
  }

  /** Whether a node answers without delay. */
  boolean isResponsive(NodeName node, Instant now) {
    Last last = nodes.getOrDefault(node, Last.NOTHING);
    return last.view().isPresent() && !last.isSilent(now);
  }

  /** How many attempts at a node have failed in a row. */
  int failures(NodeName node) {
    return nodes.get(node).failures();
  }

  private static boolean isOfflineForAny(NodeName node, Collection<MembershipView> views) {
    return views.stream()
        .filter(MembershipView::quorate)
        .anyMatch(view -> lists(view, node) && !FastFacts.sees(view, node));
  }

  /** Nothing more is to be learned about it: all that hold the quorum, and enough, say so. */
  private static boolean isLost(NodeName node, Collection<MembershipView> views) {
    List<MembershipView> quorate = views.stream().filter(MembershipView::quorate).toList();
    return quorate.size() >= QuorumViews.wanted(members(quorate))
        && quorate.stream().allMatch(view -> lists(view, node) && !FastFacts.sees(view, node));
  }

  private static int members(Collection<MembershipView> views) {
    return views.stream().mapToInt(view -> view.members().size()).max().orElse(0);
  }

  private static boolean lists(MembershipView view, NodeName node) {
    return view.members().stream().anyMatch(member -> member.name().equals(node));
  }

  /**
   * Whether something may be said of the cluster: every node has been heard of once, or has been
   * waited for long enough, which is a moment where enough others have answered; not so where the
   * way to all of them was cut until now.
   */
  boolean isReady(Instant now) {
    List<MembershipView> quorate =
        views(now).values().stream().filter(MembershipView::quorate).toList();
    boolean enough = !quorate.isEmpty() && quorate.size() >= QuorumViews.wanted(members(quorate));
    boolean back = backSince.filter(since -> since.plus(patience).isAfter(now)).isPresent();
    Duration wait = enough && !back ? SILENCE : patience;
    return nodes.values().stream().allMatch(last -> last.hasEnded() || last.owes(wait, now));
  }

  /** Views that count now, by node. */
  SortedMap<NodeName, MembershipView> views(Instant now) {
    SortedMap<NodeName, MembershipView> views = new TreeMap<>();
    nodes.forEach(
        (node, last) ->
            last.view()
                .filter(unused -> counts(last, now))
                .filter(view -> !isContradicted(node, last, now))
                .ifPresent(view -> views.put(node, view)));
    return views;
  }

  /** Nodes whose view still counts, and who owe the next one for longer than they usually take. */
  Set<NodeName> silent(Instant now) {
    return views(now).keySet().stream()
        .filter(node -> nodes.get(node).isOverdue(now))
        .collect(Collectors.toSet());
  }

  private boolean counts(Last last, Instant now) {
    return last.view().isPresent()
        && last.problem().isEmpty()
        && !last.owes(patience, now)
        && !last.at().orElseThrow().plus(OLDEST).isBefore(now);
  }

  /** A silent node's word of who is online does not stand against a newer one. */
  private boolean isContradicted(NodeName node, Last silent, Instant now) {
    return silent.isOverdue(now)
        && nodes.entrySet().stream()
            .filter(other -> !other.getKey().equals(node))
            .map(Map.Entry::getValue)
            .filter(other -> counts(other, now) && !other.isOverdue(now))
            .filter(other -> other.view().orElseThrow().quorate())
            .filter(other -> other.at().orElseThrow().isAfter(silent.at().orElseThrow()))
            .anyMatch(
                other ->
                    !online(other.view().orElseThrow())
                        .equals(online(silent.view().orElseThrow())));
  }

  private static Set<NodeName> online(MembershipView view) {
    return view.members().stream()
        .filter(Member::online)
        .map(Member::name)
        .collect(Collectors.toSet());
  }

  /**
   * As of when the membership is known: enough of the views that hold the quorum were asked for
   * then or later; where none holds it, the newest was.
   */
  Optional<Instant> at(Instant now) {
    Map<NodeName, MembershipView> views = views(now);
    List<MembershipView> quorate = views.values().stream().filter(MembershipView::quorate).toList();
    List<Instant> times =
        (quorate.isEmpty() ? views.values() : quorate)
            .stream()
                .map(view -> nodes.get(view.self()).at().orElseThrow())
                .sorted(Comparator.reverseOrder())
                .toList();
    int wanted = quorate.isEmpty() ? 1 : QuorumViews.wanted(members(quorate));
    return times.isEmpty()
        ? Optional.empty()
        : Optional.of(times.get(Math.min(wanted, times.size()) - 1));
  }

  /** Members to ask for the whole cluster: those that hold the quorum, if any does. */
  List<NodeName> toAsk(Instant now) {
    Map<NodeName, MembershipView> views = views(now);
    List<NodeName> quorate =
        views.values().stream().filter(MembershipView::quorate).map(MembershipView::self).toList();
    // What answers at once comes first.
    return (quorate.isEmpty() ? List.copyOf(views.keySet()) : quorate)
        .stream()
            .sorted(Comparator.comparing((NodeName node) -> nodes.get(node).isSilent(now)))
            .toList();
  }

  /** Why nodes do not answer as they should, by node. */
  SortedMap<NodeName, ConditionReason> problems(Instant now) {
    SortedMap<NodeName, ConditionReason> problems = new TreeMap<>();
    nodes.forEach((node, last) -> problem(last, now).ifPresent(why -> problems.put(node, why)));
    return problems;
  }

  private Optional<ConditionReason> problem(Last last, Instant now) {
    if (last.problem().isPresent()) {
      return last.problem();
    }
    if (last.took().compareTo(patience) > 0 || last.owes(patience, now)) {
      return Optional.of(ConditionReason.ENDPOINT_UNREACHABLE);
    }
    return last.view().isPresent() ? Optional.empty() : Optional.of(ConditionReason.NOT_TOLD);
  }

  /** Whether no node is of any help, and none that is asked may still be. */
  boolean isUnanswered(Instant now) {
    return views(now).isEmpty()
        && nodes.values().stream()
            .allMatch(
                last ->
                    last.problem().isPresent()
                        || last.owes(patience, now)
                        || last.owedSince().isEmpty() && last.hasEnded());
  }

  /** Whether the operator itself is at fault. */
  boolean isBroken() {
    return nodes.values().stream()
        .anyMatch(last -> last.problem().isPresent() && last.failure().isEmpty());
  }

  /** The failure that says most when no node answers: what a person can correct. */
  Map.Entry<NodeName, ProxmoxFailure> failure() {
    return failures().entrySet().stream()
        .min(
            Comparator.comparing(
                    (Map.Entry<NodeName, ProxmoxFailure> entry) ->
                        entry.getValue() instanceof ProxmoxFailure.Unreachable)
                .thenComparing(Map.Entry::getKey))
        .orElseThrow();
  }

  /** Why each node does not answer, if all are out of reach; empty when one can be reached. */
  List<String> unreachable(Instant now) {
    Map<NodeName, ProxmoxFailure> failures = failures();
    boolean all =
        nodes.values().stream()
            .allMatch(
                last ->
                    problem(last, now)
                        .filter(ConditionReason.ENDPOINT_UNREACHABLE::equals)
                        .isPresent());
    return all
        ? failures.entrySet().stream()
            .map(
                node ->
                    "%s (%s)"
                        .formatted(
                            node.getKey(), node.getValue().getMessage().replaceAll("\\.$", "")))
            .toList()
        : List.of();
  }

  private SortedMap<NodeName, ProxmoxFailure> failures() {
    SortedMap<NodeName, ProxmoxFailure> failures = new TreeMap<>();
    nodes.forEach(
        (node, last) ->
            failures.put(
                node,
                last.failure()
                    .orElseGet(
                        () -> new ProxmoxFailure.Unreachable(node + " did not answer in time"))));
    return failures;
  }
}
