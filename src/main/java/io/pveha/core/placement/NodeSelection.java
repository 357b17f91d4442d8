package io.pveha.core.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Chooses a node for a service, step by step as Proxmox does:
 *
 * <ol>
 *   <li>the online nodes that node affinity allows, of these the ones with the highest priority;
 *   <li>a service that does not fail back stays on any allowed node;
 *   <li>nodes where starts failed are out when the next one is asked for;
 *   <li>nodes used by services to be kept apart are out;
 *   <li>of the nodes where services to be kept together are, only the one with most of them;
 *   <li>the node to return to after maintenance;
 *   <li>where it is, when it may stay;
 *   <li>the least loaded, ties by name.
 * </ol>
 *
 * A pure function of the three arguments: usage is read, never changed.
 */
public final class NodeSelection {

  /** What is wanted of the choice. */
  public enum Preference {
    /** Stay unless somewhere else is better. */
    STAY,
    /** The best node, wherever the service is. */
    BEST,
    /** A node where it was not tried yet. */
    NEXT
  }

  /**
   * Who asks.
   *
   * @param node where the service is
   * @param failedNodes where starts failed
   * @param maintenanceNode where to return to, or null
   * @param eligible nodes that may be chosen at all: what rules can't say, a replica for instance
   */
  public record Question(
      ServiceId sid,
      String node,
      Preference preference,
      boolean failback,
      List<String> failedNodes,
      String maintenanceNode,
      Predicate<String> eligible) {

    public Question(
        ServiceId sid,
        String node,
        Preference preference,
        boolean failback,
        List<String> failedNodes,
        String maintenanceNode) {
      this(sid, node, preference, failback, failedNodes, maintenanceNode, anyNode -> true);
    }

    /** Where would it go if its node died? */
    public static Question recovery(ServiceId sid, String node, Predicate<String> eligible) {
      return new Question(sid, node, Preference.BEST, true, List.of(), null, eligible);
    }
  }

  /** Why a node was chosen or not. */
  public enum Verdict {
    CHOSEN,
    /** Nothing against it, another one was better. */
    OUTRANKED,
    /** Forbidden by the question's own filter. */
    NOT_ELIGIBLE,
    /** A strict node affinity rule does not name it. */
    FORBIDDEN_BY_NODE_AFFINITY,
    /** Node affinity prefers another one that is online. */
    LOWER_PRIORITY,
    /** A start failed there. */
    FAILED_THERE,
    /** Used by a service to be kept apart. */
    KEPT_APART,
    /** The services to be kept together are elsewhere. */
    KEPT_TOGETHER_ELSEWHERE
  }

  /**
   * The choice, with reasons.
   *
   * @param node null when no node is left
   * @param verdicts one per online node
   */
  public record Answer(String node, SortedMap<String, Verdict> verdicts) {}

  private final ClusterUsage usage;
  private final CompiledRules rules;
  private final Question question;
  private final SortedMap<String, Verdict> verdicts;

  private NodeSelection(
      Question question,
      ClusterUsage usage,
      CompiledRules rules,
      SortedMap<String, Verdict> verdicts) {
    this.question = question;
    this.usage = usage;
    this.rules = rules;
    this.verdicts = verdicts;
  }

  /** The chosen node, or null when none is left. */
  public static String select(Question question, ClusterUsage usage, CompiledRules rules) {
    return new NodeSelection(question, usage, rules, null).choose();
  }

  /** The choice and what spoke against each other node. */
  public static Answer explain(Question question, ClusterUsage usage, CompiledRules rules) {
    SortedMap<String, Verdict> verdicts = new TreeMap<>();
    usage.nodes().forEach(node -> verdicts.put(node, Verdict.OUTRANKED));
    String node = new NodeSelection(question, usage, rules, verdicts).choose();
    if (node != null) {
      verdicts.put(node, Verdict.CHOSEN);
    }
    return new Answer(node, verdicts);
  }

  private String choose() {
    ServiceId sid = question.sid();
    String node = question.node();
    List<String> eligible = new ArrayList<>(usage.nodes());
    keep(eligible, question.eligible(), Verdict.NOT_ELIGIBLE);
    List<String> allowed = rules.allowed(sid, eligible);
    note(eligible, allowed, Verdict.FORBIDDEN_BY_NODE_AFFINITY);
    List<String> left = rules.preferred(sid, allowed);
    note(allowed, left, Verdict.LOWER_PRIORITY);
    if (left.isEmpty()) {
      return null;
    }
    SortedMap<String, Integer> pull = pull();
    Set<String> avoid = nodesToAvoid(sid, usage, rules);
    boolean stays = question.preference() == Preference.STAY;
    if (stays
        && !question.failback()
        && allowed.contains(node)
        && (pull.containsKey(node) || !avoid.contains(node))) {
      return node;
    }
    if (question.preference() == Preference.NEXT) {
      keep(left, n -> !question.failedNodes().contains(n), Verdict.FAILED_THERE);
    }
    keep(left, n -> !avoid.contains(n), Verdict.KEPT_APART);
    pull.keySet().retainAll(left);
    if (!pull.isEmpty()) {
      String strongest = strongest(pull);
      keep(left, strongest::equals, Verdict.KEPT_TOGETHER_ELSEWHERE);
    }
    if (question.maintenanceNode() != null && left.contains(question.maintenanceNode())) {
      return question.maintenanceNode();
    }
    if (stays && left.contains(node)) {
      return node;
    }
    return byScore(left);
  }

  private String byScore(List<String> left) {
    if (left.size() > 1) {
      double[] scores = usage.scores(question.sid());
      left.sort(
          Comparator.comparingDouble((String node) -> scores[usage.index(node)])
              .thenComparing(Comparator.naturalOrder()));
    }
    if (left.isEmpty()) {
      return null;
    }
    int here = left.indexOf(question.node());
    boolean after = question.preference() == Preference.NEXT && here >= 0 && here < left.size() - 1;
    return left.get(after ? here + 1 : 0);
  }

  /** Node to the number of services to be kept together with this one that are or will be there. */
  private SortedMap<String, Integer> pull() {
    SortedMap<String, Integer> pull = new TreeMap<>();
    for (ServiceId partner : rules.positivePartners(question.sid())) {
      String node = usage.partnerPlace(partner).destination();
      if (node != null) {
        pull.merge(node, 1, Integer::sum);
      }
    }
    return pull;
  }

  private static String strongest(SortedMap<String, Integer> pull) {
    String strongest = pull.firstKey();
    for (String node : pull.keySet()) {
      if (pull.get(node) > pull.get(strongest)) {
        strongest = node;
      }
    }
    return strongest;
  }

  /** Nodes that services to be kept apart from the given one use or will use. */
  static Set<String> nodesToAvoid(ServiceId sid, ClusterUsage usage, CompiledRules rules) {
    Set<String> avoid = new TreeSet<>();
    for (ServiceId partner : rules.negativePartners(sid)) {
      usage.partnerPlace(partner).nodes().forEach(avoid::add);
    }
    return avoid;
  }

  private void keep(List<String> nodes, Predicate<String> condition, Verdict otherwise) {
    List<String> before = verdicts == null ? List.of() : List.copyOf(nodes);
    nodes.removeIf(condition.negate());
    note(before, nodes, otherwise);
  }

  private void note(Collection<String> before, Collection<String> after, Verdict verdict) {
    if (verdicts != null) {
      before.stream().filter(node -> !after.contains(node)).forEach(n -> verdicts.put(n, verdict));
    }
  }
}
