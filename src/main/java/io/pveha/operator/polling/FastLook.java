package io.pveha.operator.polling;

import static io.pveha.core.plan.Reason.ENDPOINT_UNREACHABLE;

import io.pveha.core.cluster.NodeName;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.FailureWords;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.rest.ClusterConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks a formed cluster for what changes within seconds. */
final class FastLook {

  private final ClusterAccess access;
  private final Clock clock;

  FastLook(ClusterAccess access, Clock clock) {
    this.access = access;
    this.clock = clock;
  }

  /** What asking one node came to. */
  record Asked(Optional<MembershipView> view, Optional<ProxmoxFailure> failure) {}

  /** A failure of the whole round. */
  static final class NobodyAnswers extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ProxmoxFailure cause;
    private final NodeName node;
    private final transient List<String> silent;

    NobodyAnswers(ProxmoxFailure cause, NodeName node, List<String> silent) {
      super(cause.getMessage(), null, false, false);
      this.cause = cause;
      this.node = node;
      this.silent = silent;
    }

    ProxmoxFailure failure() {
      return cause;
    }

    NodeName node() {
      return node;
    }

    /** What each node failed with, if all are out of reach; empty when one can be reached. */
    List<String> silent() {
      return silent;
    }
  }

  /** What is asked of one member for the whole cluster. */
  record Rest(NodeName member, List<GuestCalls.Guest> guests, HaCalls.ManagerStatus ha) {}

  /** What each member said of the membership, and why the others did not. */
  record Said(Map<NodeName, MembershipView> views, Map<NodeName, String> problems) {

    /** Members to ask for the rest: those that hold the quorum, if any does. */
    List<NodeName> toAsk() {
      List<NodeName> quorate =
          views.values().stream()
              .filter(MembershipView::quorate)
              .map(MembershipView::self)
              .toList();
      return quorate.isEmpty() ? List.copyOf(views.keySet()) : quorate;
    }

    FastFacts with(Rest rest, Optional<List<GuestCalls.Guest>> other, Instant at) {
      return new FastFacts(
          at,
          views,
          problems,
          Lists.union(rest.guests(), other.orElse(List.of()), GuestCalls.Guest::id),
          other.isPresent() ? 2 : 1,
          rest.ha());
    }
  }

  /**
   * Sorts what the nodes answered.
   *
   * @throws NobodyAnswers when no node of this cluster answered
   */
  Said said(Map<NodeName, Asked> asked) {
    Map<NodeName, MembershipView> views = new TreeMap<>();
    Map<NodeName, String> problems = new TreeMap<>();
    asked.forEach(
        (node, answer) -> {
          answer.view().ifPresent(view -> judge(node, view, views, problems));
          answer
              .failure()
              .ifPresent(failure -> problems.put(node, FailureWords.reason(failure).name()));
        });
    if (views.isEmpty()) {
      throw nobody(asked, problems);
    }
    return new Said(views, problems);
  }

  /** Asks a member for the whole cluster. */
  Rest rest(NodeName member) {
    ProxmoxApi api = access.node(member);
    return new Rest(member, new GuestCalls(api).guests(), new HaCalls(api).managerStatus());
  }

  /** Asks another member for what the first may not have yet; empty when it can't be asked. */
  Optional<List<GuestCalls.Guest>> guests(NodeName member) {
    try {
      return Optional.of(new GuestCalls(access.node(member)).guests());
    } catch (ProxmoxFailure untold) {
      return Optional.empty();
    }
  }

  /** Those members as one connection. */
  ProxmoxApi cluster(List<NodeName> members) {
    return new ClusterConnection(members.stream().map(access::node).toList(), clock);
  }

  private void judge(
      NodeName node,
      MembershipView view,
      Map<NodeName, MembershipView> views,
      Map<NodeName, String> problems) {
    boolean right =
        view.self().equals(node)
            && view.clusterName().filter(access.spec().clusterName()::equals).isPresent();
    if (right) {
      views.put(node, view);
    } else {
      problems.put(node, "NODE_NAME_MISMATCH");
    }
  }

  private static NobodyAnswers nobody(Map<NodeName, Asked> asked, Map<NodeName, String> problems) {
    return asked.entrySet().stream()
        .filter(entry -> entry.getValue().failure().isPresent())
        // What a person can correct says more than a node that is away.
        .min(
            java.util.Comparator.comparing(
                    (Map.Entry<NodeName, Asked> entry) ->
                        entry.getValue().failure().get() instanceof ProxmoxFailure.Unreachable)
                .thenComparing(Map.Entry::getKey))
        .map(
            entry ->
                new NobodyAnswers(entry.getValue().failure().get(), entry.getKey(), silent(asked)))
        .orElseGet(
            () ->
                new NobodyAnswers(
                    new ProxmoxFailure.Unreachable("no node is in the right cluster"),
                    problems.keySet().iterator().next(),
                    List.of()));
  }

  private static List<String> silent(Map<NodeName, Asked> asked) {
    boolean all =
        asked.values().stream()
            .allMatch(
                answer ->
                    answer
                        .failure()
                        .filter(failure -> FailureWords.reason(failure) == ENDPOINT_UNREACHABLE)
                        .isPresent());
    return all
        ? asked.entrySet().stream()
            .map(
                node ->
                    "%s (%s)"
                        .formatted(
                            node.getKey(),
                            node.getValue().failure().get().getMessage().replaceAll("\\.$", "")))
            .toList()
        : List.of();
  }
}
