package io.pveha.core.failover;

import io.pveha.core.failover.Remedy.Kind;
import io.pveha.core.placement.ClusterUsage;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.NodeSelection.Answer;
import io.pveha.core.placement.NodeSelection.Verdict;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the one change that releases a stranded guest: the smallest that lets the same play end
 * with the guest started. Where one is not enough, the sentence says so.
 */
final class RemedyChoice {

  /** Why a guest is stranded, in a word and in words, and what would help. */
  record Choice(StrandedReason reason, Remedy remedy, String sentence) {}

  private final LiveCluster cluster;
  private final RuleIndex rules;
  private final SortedSet<String> lost;
  private final Function<String, OptionalLong> freeMemory;

  RemedyChoice(
      LiveCluster cluster,
      RuleIndex rules,
      SortedSet<String> lost,
      Function<String, OptionalLong> freeMemory) {
    this.cluster = cluster;
    this.rules = rules;
    this.lost = lost;
    this.freeMemory = freeMemory;
  }

  Remedy arm() {
    return new Remedy(Kind.ARM, "", "", "Arm the HA stack.");
  }

  Remedy clearError(ServiceId sid) {
    return new Remedy(
        Kind.CLEAR_ERROR, "", "", "Set %s to disabled, then to started again.".formatted(sid));
  }

  Remedy restartAgent(String node) {
    return new Remedy(
        Kind.RESTART_AGENT, node, "", "Wait until pve-ha-lrm on %s has restarted.".formatted(node));
  }

  /** The fewest nodes that are offline and would restore the quorum, or else votes of outsiders. */
  Remedy addVotes() {
    int missing = cluster.votesNeeded() - cluster.votesWithout(lost);
    List<String> offline =
        cluster.nodes().entrySet().stream()
            .filter(node -> !node.getValue().online() && !lost.contains(node.getKey()))
            .filter(node -> node.getValue().votes() > 0)
            .sorted(
                Comparator.comparing((Map.Entry<String, LiveNode> node) -> -node.getValue().votes())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    List<String> wanted = new ArrayList<>();
    for (String node : offline) {
      if (missing > 0) {
        wanted.add(node);
        missing -= cluster.nodes().get(node).votes();
      }
    }
    if (missing > 0) {
      // A device gives no second node to recover to.
      boolean alone = cluster.nodes().size() == 1;
      return new Remedy(
          Kind.ADD_VOTES,
          "",
          "",
          alone
              ? "Add two nodes."
              : missing <= cluster.missingVotes()
                  ? "Connect the quorum device again; pvecm status shows its state."
                  : "Add a node, or set up an external quorum device.");
    }
    return new Remedy(
        Kind.BRING_NODE,
        String.join(",", wanted),
        "",
        "Bring %s back.".formatted(String.join(" and ", wanted)));
  }

  /** The manager finds no node at all. */
  Choice nowhere(ServiceId sid, LiveGuest guest, Answer answer, ClusterUsage usage) {
    List<String> apart = nodes(answer, Verdict.KEPT_APART);
    if (!apart.isEmpty()) {
      return keptApart(sid, apart, usage);
    }
    List<String> forbidden = nodes(answer, Verdict.FORBIDDEN_BY_NODE_AFFINITY);
    if (!forbidden.isEmpty()) {
      return forbidden(sid, guest, forbidden);
    }
    return new Choice(
        StrandedReason.NO_NODE_LEFT,
        bringNode(cluster.nodes().keySet())
            .orElse(new Remedy(Kind.BRING_NODE, "", "", "Add a node.")),
        "no other node accepts services");
  }

  private Choice forbidden(ServiceId sid, LiveGuest guest, List<String> nodes) {
    Optional<NodeAffinityRule> rule = rules.binding(sid);
    String id = rule.map(NodeAffinityRule::id).orElse("");
    String node = best(guest, nodes);
    List<Obstacle> more = obstacles(guest, node);
    Optional<Remedy> back = rule.flatMap(r -> bringNode(r.chosenOf(cluster.nodes().keySet())));
    if (rule.filter(NodeAffinityRule::negative).isPresent()) {
      Remedy let =
          new Remedy(
              Kind.ALLOW_NODE,
              node,
              id,
              "Remove %s from rule %s.".formatted(node, id) + also(sid, more));
      return new Choice(
          StrandedReason.STRICT_RULE,
          more.isEmpty() ? let : back.orElse(let),
          "rule %s keeps it off every remaining node".formatted(id));
    }
    Remedy allow =
        new Remedy(
            Kind.ALLOW_NODE,
            node,
            id,
            "Name %s in rule %s, or make the rule not strict.".formatted(node, id)
                + also(sid, more));
    return new Choice(
        StrandedReason.STRICT_RULE,
        more.isEmpty() ? allow : back.orElse(allow),
        "strict rule %s names no remaining node".formatted(id));
  }

  private Choice keptApart(ServiceId sid, List<String> nodes, ClusterUsage usage) {
    List<ResourceAffinityRule> inTheWay = List.of();
    for (String node : nodes) {
      List<ResourceAffinityRule> here =
          rules.apart(sid).stream()
              .filter(
                  rule ->
                      rule.resources().stream()
                          .filter(other -> !other.equals(sid))
                          .anyMatch(other -> usage.placeOf(other).nodes().anyMatch(node::equals)))
              .toList();
      if (inTheWay.isEmpty() || !here.isEmpty() && here.size() < inTheWay.size()) {
        inTheWay = here;
      }
    }
    String ids = inTheWay.stream().map(HaRule::id).collect(Collectors.joining(" and "));
    return new Choice(
        StrandedReason.KEPT_APART,
        new Remedy(
            Kind.LEAVE_RULE, "", ids, "Remove %s from rule %s, or add a node.".formatted(sid, ids)),
        "guests that rule %s keeps apart from it are on every remaining node".formatted(ids));
  }

  /** The manager chooses a node where the guest can't start. */
  Choice cannotStart(ServiceId sid, LiveGuest guest, Answer first, List<Obstacle> obstacles) {
    String chosen = first.node();
    Obstacle worst = obstacles.get(0);
    List<String> others = new ArrayList<>(nodes(first, Verdict.OUTRANKED));
    others.addAll(nodes(first, Verdict.LOWER_PRIORITY));
    Optional<String> fit =
        others.stream().sorted().filter(node -> obstacles(guest, node).isEmpty()).findFirst();
    Remedy remedy;
    if (obstacles.size() > 1 && fit.isPresent() || isOfTheNode(worst) && fit.isPresent()) {
      remedy =
          new Remedy(
              Kind.PREFER_NODE,
              fit.get(),
              "",
              "Prefer %s for %s with a node affinity rule: it could start there."
                  .formatted(fit.get(), sid));
    } else {
      Remedy first1 = worst.remedy(sid);
      remedy =
          new Remedy(
              first1.kind(),
              first1.node(),
              first1.subject(),
              first1.sentence()
                  + also(sid, obstacles.subList(1, obstacles.size()))
                  + cautions(guest, chosen));
    }
    return new Choice(
        worst.reason(),
        remedy,
        ("the HA manager, which checks neither storage nor replica nor memory, would choose "
                + "%s, and %s")
            .formatted(chosen, worst.complaint()));
  }

  private static boolean isOfTheNode(Obstacle obstacle) {
    return obstacle.reason() == StrandedReason.NO_STORAGE
        || obstacle.reason() == StrandedReason.BOUND_TO_NODE;
  }

  private static String also(ServiceId sid, List<Obstacle> more) {
    return more.stream()
        .map(obstacle -> " " + obstacle.remedy(sid).sentence())
        .collect(Collectors.joining());
  }

  /** What must be so there beside, where that is unknown. */
  private static String cautions(LiveGuest guest, String node) {
    return guest.bonds().stream()
        .flatMap(List::stream)
        .filter(bond -> bond.leavesOpen(node))
        .map(bond -> " Also, " + bond.caution(node))
        .collect(Collectors.joining());
  }

  private List<Obstacle> obstacles(LiveGuest guest, String node) {
    return Obstacle.of(guest, node, cluster, freeMemory.apply(node));
  }

  private String best(LiveGuest guest, List<String> nodes) {
    return nodes.stream()
        .min(
            Comparator.comparing((String node) -> obstacles(guest, node).size())
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** The first of these nodes that is a member but takes nothing now. */
  private Optional<Remedy> bringNode(Set<String> among) {
    return cluster.nodes().entrySet().stream()
        .filter(node -> among.contains(node.getKey()) && !lost.contains(node.getKey()))
        .filter(node -> !node.getValue().isCandidate())
        .map(
            node ->
                new Remedy(
                    Kind.BRING_NODE,
                    node.getKey(),
                    "",
                    node.getValue().online()
                        ? "End the maintenance of %s.".formatted(node.getKey())
                        : "Bring %s back.".formatted(node.getKey())))
        .findFirst();
  }

  private static List<String> nodes(Answer answer, Verdict verdict) {
    return answer.verdicts().entrySet().stream()
        .filter(entry -> entry.getValue() == verdict)
        .map(entry -> entry.getKey())
        .toList();
  }
}
