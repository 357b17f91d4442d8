package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.FailureWords;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Asks each node for its view of the membership, in a loop of its own: a node that is gone costs
 * its own loop and nothing more. While a member is suspect the others are asked several times a
 * second, for a bounded time. A node that is gone for all is asked less and less often, until
 * another member has it back.
 */
final class MembershipLoops {

  /** Between two questions to a member while another one is suspect. */
  private static final Duration WATCHFUL = Duration.ofMillis(250);

  /** Between two questions to a node that has been gone for long. */
  private static final Duration RARELY = Duration.ofSeconds(30);

  private final ClusterAccess access;
  private final WatcherThreads threads;
  private final Pace pace;
  private final Clock clock;
  private final Runnable news;
  private final Map<NodeName, Lane> lanes = new TreeMap<>();
  private final AtomicReference<Membership> known;

  /**
   * Loops that do not run yet.
   *
   * @param news told whenever something is known again
   */
  MembershipLoops(
      String name,
      ClusterAccess access,
      List<NodeName> nodes,
      WatcherThreads threads,
      Pace pace,
      Clock clock,
      Runnable news) {
    this.access = access;
    this.threads = threads;
    this.pace = pace;
    this.clock = clock;
    this.news = news;
    this.known = new AtomicReference<>(Membership.of(nodes, pace.patience()));
    nodes.forEach(
        node ->
            lanes.put(
                node,
                new Lane(
                    "%s membership of %s".formatted(name, node),
                    threads,
                    () -> Optional.of(pause(node)),
                    () -> ask(node),
                    () -> change(seen -> seen.broken(node, clock.instant())))));
  }

  Membership known() {
    return known.get();
  }

  /** Asks everybody at once who owes no answer. */
  void now() {
    lanes.values().forEach(Lane::now);
  }

  void stop() {
    lanes.values().forEach(Lane::stop);
  }

  private void ask(NodeName node) {
    Instant at = clock.instant();
    change(seen -> seen.asked(node, at));
    List<Runnable> looks = looks();
    try {
      MembershipView view = new ClusterCalls(access.node(node)).membership().get();
      if (isRight(node, view)) {
        change(seen -> seen.answered(node, view, at, clock.instant()));
      } else {
        ProxmoxFailure wrong = new ProxmoxFailure.Unreachable("no node is in the right cluster");
        change(
            seen ->
                seen.failed(node, wrong, ConditionReason.NODE_NAME_MISMATCH, at, clock.instant()));
      }
    } catch (ProxmoxFailure failure) {
      change(seen -> seen.failed(node, failure, FailureWords.reason(failure), at, clock.instant()));
    } finally {
      looks.forEach(Runnable::run);
    }
  }

  /** Silence is news too. What calls it off. */
  private List<Runnable> looks() {
    return Stream.of(Membership.SILENCE, pace.patience())
        .map(
            after ->
                threads.after(
                    after.plusMillis(1), () -> change(seen -> seen.looked(clock.instant()))))
        .toList();
  }

  private boolean isRight(NodeName node, MembershipView view) {
    return view.self().equals(node)
        && view.clusterName().filter(access.spec().clusterName()::equals).isPresent();
  }

  private void change(UnaryOperator<Membership> change) {
    Instant now = clock.instant();
    Membership before = known.getAndUpdate(change);
    Membership after = change.apply(before);
    boolean suspicious = after.isSuspicious(now) && !before.isSuspicious(now);
    lanes.forEach(
        (node, lane) -> {
          boolean back = before.isGone(node, now) && !after.isGone(node, now);
          boolean anew = after.isUnheard(node) && !before.isUnheard(node);
          if (back || anew || suspicious && after.isResponsive(node, now)) {
            lane.in(Duration.ZERO);
          }
        });
    news.run();
  }

  private Duration pause(NodeName node) {
    Instant now = clock.instant();
    Membership seen = known.get();
    if (seen.isUnheard(node)) {
      return Duration.ZERO;
    }
    if (seen.isGone(node, now)) {
      Duration longer = pace.fast().multipliedBy(1L << Math.min(10, seen.failures(node)));
      return longer.compareTo(RARELY) > 0 ? RARELY : longer;
    }
    return seen.isSuspicious(now)
            && seen.isResponsive(node, now)
            && WATCHFUL.compareTo(pace.fast()) < 0
        ? WATCHFUL
        : pace.fast();
  }
}
