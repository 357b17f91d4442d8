package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Asks two members for the guests of the whole cluster, and the first of them for HA, each in a
 * loop of its own. A member that is silent or fails is passed over: the next one takes its place.
 */
final class MemberLists {

  /** Lists of another member are no use to those that are so much newer. */
  private static final Duration OLDEST = Duration.ofSeconds(15);

  /**
   * What is known of the whole cluster.
   *
   * @param at when the oldest part of it was asked for
   * @param guests of all members asked
   * @param lists how many members were
   */
  record Told(Instant at, List<GuestCalls.Guest> guests, int lists, HaCalls.ManagerStatus ha) {}

  /** The latest of one member. */
  private static final class Member {
    private Instant owedSince;
    private Instant endedAt = Instant.MIN;
    private Instant at;
    private List<GuestCalls.Guest> guests;
    private ProxmoxFailure failure;
    private boolean broken;

    private boolean hasFailed() {
      return failure != null || broken;
    }

    private boolean owes(Duration forLongerThan, Instant now) {
      return owedSince != null && owedSince.plus(forLongerThan).isBefore(now);
    }
  }

  private final ClusterAccess access;
  private final WatcherThreads threads;
  private final Pace pace;
  private final Clock clock;
  private final Runnable news;
  private final Map<NodeName, Lane> lanes = new TreeMap<>();
  private final Map<NodeName, Member> members = new TreeMap<>();
  private List<NodeName> order = List.of();
  private List<NodeName> chosen = List.of();
  private HaCalls.ManagerStatus ha;
  private Instant haAt = Instant.MIN;
  private Told told;

  MemberLists(
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
    for (NodeName node : nodes) {
      members.put(node, new Member());
      lanes.put(
          node,
          new Lane(
              "%s lists of %s".formatted(name, node),
              threads,
              () -> pause(node),
              () -> ask(node),
              () -> failed(node, null)));
    }
  }

  /** From now on these are asked, best first. */
  void ask(List<NodeName> best) {
    synchronized (this) {
      order = best;
    }
    choose();
  }

  /** Asks at once. */
  void now() {
    List<NodeName> present;
    synchronized (this) {
      present = chosen;
    }
    present.forEach(node -> lanes.get(node).now());
  }

  void stop() {
    lanes.values().forEach(Lane::stop);
  }

  /** What is known; empty before the first answer. */
  synchronized Optional<Told> told() {
    return Optional.ofNullable(told);
  }

  /** Whether no member that may be asked tells, and none that is asked may still do so. */
  synchronized boolean isUnanswered() {
    Instant now = clock.instant();
    return !order.isEmpty()
        && order.stream()
            .map(members::get)
            .allMatch(member -> member.hasFailed() || member.owes(pace.patience(), now));
  }

  /** Whether the operator itself is at fault. */
  synchronized boolean isBroken() {
    return order.stream().map(members::get).anyMatch(member -> member.broken);
  }

  /** The failure that says most: what a person can correct. */
  synchronized ProxmoxFailure failure() {
    return order.stream()
        .map(members::get)
        .filter(member -> member.failure != null)
        .map(member -> member.failure)
        .min(Comparator.comparing(ProxmoxFailure::mayPass))
        .orElseGet(() -> new ProxmoxFailure.Unreachable("no member answered in time"));
  }

  private void ask(NodeName node) {
    Instant at = clock.instant();
    boolean withHa;
    synchronized (this) {
      if (!chosen.contains(node)) {
        return;
      }
      withHa = chosen.get(0).equals(node);
      members.get(node).owedSince = at;
    }
    List<Runnable> looks = looks();
    try {
      ProxmoxApi api = access.node(node);
      List<GuestCalls.Guest> guests = new GuestCalls(api).guests().get();
      Optional<HaCalls.ManagerStatus> status =
          withHa ? Optional.of(new HaCalls(api).managerStatus().get()) : Optional.empty();
      answered(node, at, guests, status);
    } catch (ProxmoxFailure failure) {
      failed(node, failure);
    } finally {
      looks.forEach(Runnable::run);
    }
  }

  /** A member that is silent until then is passed over. What calls it off. */
  private List<Runnable> looks() {
    return Stream.of(Membership.SILENCE, pace.patience())
        .map(
            after ->
                threads.after(
                    after.plusMillis(1),
                    () -> {
                      choose();
                      news.run();
                    }))
        .toList();
  }

  private void answered(
      NodeName node,
      Instant at,
      List<GuestCalls.Guest> guests,
      Optional<HaCalls.ManagerStatus> status) {
    synchronized (this) {
      Member member = members.get(node);
      member.owedSince = null;
      member.endedAt = clock.instant();
      member.at = at;
      member.guests = guests;
      member.failure = null;
      member.broken = false;
      if (status.isPresent() && !at.isBefore(haAt)) {
        ha = status.get();
        haAt = at;
      }
      tell();
    }
    choose();
    news.run();
  }

  private void failed(NodeName node, ProxmoxFailure failure) {
    synchronized (this) {
      Member member = members.get(node);
      member.owedSince = null;
      member.endedAt = clock.instant();
      member.failure = failure;
      member.broken = failure == null;
    }
    choose();
    news.run();
  }

  /** The newest list with that of another member that is up to date too; never older than known. */
  private void tell() {
    Instant now = clock.instant();
    List<Member> newest =
        members.entrySet().stream()
            .filter(entry -> order.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .filter(member -> member.at != null && !member.hasFailed())
            .filter(member -> !member.owes(Membership.SILENCE, now))
            .filter(member -> !member.at.plus(OLDEST).isBefore(now))
            .sorted(Comparator.comparing((Member member) -> member.at).reversed())
            .limit(2)
            .toList();
    if (newest.isEmpty() || ha == null) {
      return;
    }
    Member first = newest.get(0);
    Member last = newest.get(newest.size() - 1);
    Instant at = last.at.isBefore(haAt) ? last.at : haAt;
    if (told == null || !at.isBefore(told.at())) {
      told =
          new Told(
              at,
              newest.size() == 1
                  ? first.guests
                  : Lists.union(first.guests, last.guests, GuestCalls.Guest::id),
              newest.size(),
              ha);
    }
  }

  /** The first two that answer; those that just failed come last. */
  private void choose() {
    Map<NodeName, Duration> fresh = new TreeMap<>();
    synchronized (this) {
      Instant now = clock.instant();
      List<NodeName> best =
          order.stream()
              .filter(node -> !members.get(node).owes(Membership.SILENCE, now))
              .sorted(
                  Comparator.comparing((NodeName node) -> members.get(node).hasFailed())
                      .thenComparing(
                          node ->
                              members.get(node).hasFailed()
                                  ? members.get(node).endedAt
                                  : Instant.MIN))
              .limit(2)
              .toList();
      boolean otherFirst =
          !best.isEmpty() && (chosen.isEmpty() || !best.get(0).equals(chosen.get(0)));
      List<NodeName> toStart = new ArrayList<>(best);
      toStart.removeAll(chosen);
      if (otherFirst) {
        // It has not been asked for HA yet.
        toStart.add(best.get(0));
      }
      toStart.forEach(node -> fresh.put(node, rest(node, now)));
      chosen = best;
    }
    fresh.forEach((node, delay) -> lanes.get(node).in(delay));
  }

  /** One that failed is left alone for a while, so that no two of them are asked in turn. */
  private Duration rest(NodeName node, Instant now) {
    Member member = members.get(node);
    if (!member.hasFailed()) {
      return Duration.ZERO;
    }
    Duration rest = Duration.between(now, member.endedAt.plus(pace.fast()));
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private synchronized Optional<Duration> pause(NodeName node) {
    return chosen.contains(node) ? Optional.of(pace.fast()) : Optional.empty();
  }
}
