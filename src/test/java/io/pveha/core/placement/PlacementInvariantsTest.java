package io.pveha.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.placement.NodeSelection.Preference;
import io.pveha.core.placement.NodeSelection.Question;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What holds for every set of rules and every choice of a node. */
class PlacementInvariantsTest {

  /** Random nodes, rules and places. */
  private static final class Cluster {
    private final Random random;
    private final Set<String> nodes = new TreeSet<>();
    private final List<ServiceId> services = new ArrayList<>();
    private final List<HaRule> rules = new ArrayList<>();
    private final ClusterUsage usage;
    private final CompiledRules compiled;

    Cluster(long seed) {
      random = new Random(seed);
      int nodeCount = 2 + random.nextInt(5);
      for (int i = 0; i < nodeCount; i++) {
        nodes.add("n" + i);
      }
      int serviceCount = 2 + random.nextInt(8);
      for (int i = 0; i < serviceCount; i++) {
        services.add(ServiceId.of("vm:" + (100 + i)));
      }
      int ruleCount = random.nextInt(6);
      for (int i = 0; i < ruleCount; i++) {
        rules.add(rule("r" + i));
      }
      compiled = CompiledRules.compile(rules, nodes);
      List<String> online = new ArrayList<>(nodes);
      online.remove(random.nextInt(online.size()));
      usage = new ClusterUsage(SchedulerMode.BASIC, online, LoadFigures.NONE);
      for (ServiceId sid : services) {
        if (random.nextInt(3) > 0) {
          usage.place(sid, ServicePlace.on(node()));
        }
      }
    }

    private HaRule rule(String id) {
      List<ServiceId> some = new ArrayList<>(services);
      java.util.Collections.shuffle(some, random);
      List<ServiceId> members = some.subList(0, 1 + random.nextInt(Math.min(4, some.size())));
      if (random.nextBoolean()) {
        Affinity affinity = random.nextBoolean() ? Affinity.POSITIVE : Affinity.NEGATIVE;
        return ResourceAffinityRule.of(id, members, affinity);
      }
      TreeMap<String, Integer> places = new TreeMap<>();
      places.put(node(), random.nextInt(2));
      places.put(node(), 0);
      return NodeAffinityRule.of(id, members, places, random.nextBoolean());
    }

    private String node() {
      return List.copyOf(nodes).get(random.nextInt(nodes.size()));
    }

    private Question question(ServiceId sid) {
      Preference preference = Preference.values()[random.nextInt(Preference.values().length)];
      return new Question(sid, node(), preference, random.nextBoolean(), List.of(node()), node());
    }
  }

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void aChosenNodeViolatesNoRuleThatWasKept(@ForAll long seed) {
    Cluster cluster = new Cluster(seed);
    Set<String> dropped = new TreeSet<>();
    cluster.compiled.problems().forEach(problem -> dropped.add(problem.rule()));
    for (ServiceId sid : cluster.services) {
      Question question = cluster.question(sid);
      String node = NodeSelection.select(question, cluster.usage, cluster.compiled);
      if (node == null) {
        continue;
      }
      assertThat(cluster.usage.nodes()).contains(node);
      for (HaRule rule : cluster.rules) {
        if (!dropped.contains(rule.id()) && rule.resources().contains(sid)) {
          holds(rule, sid, node, question, cluster, seed);
        }
      }
    }
  }

  private static void holds(
      HaRule rule, ServiceId sid, String node, Question question, Cluster cluster, long seed) {
    if (rule instanceof NodeAffinityRule affinity && affinity.strict()) {
      assertThat(affinity.nodes()).as("%s, seed %d", rule.id(), seed).containsKey(node);
    }
    boolean staysForTogether =
        question.preference() == Preference.STAY
            && !question.failback()
            && node.equals(question.node());
    if (rule instanceof ResourceAffinityRule affinity
        && !affinity.isPositive()
        && !staysForTogether) {
      for (ServiceId other : rule.resources()) {
        if (!other.equals(sid)) {
          assertThat(cluster.usage.placeOf(other).nodes())
              .as("%s and %s, %s, seed %d", sid, other, rule.id(), seed)
              .doesNotContain(node);
        }
      }
    }
  }

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void keptRulesHaveNoProblemsAmongThemselves(@ForAll long seed) {
    Cluster cluster = new Cluster(seed);
    Set<String> dropped = new TreeSet<>();
    cluster.compiled.problems().forEach(problem -> dropped.add(problem.rule()));
    List<HaRule> kept = new ArrayList<>(cluster.rules);
    kept.removeIf(rule -> dropped.contains(rule.id()));

    assertThat(RuleFeasibility.check(kept, cluster.nodes)).as("seed %d", seed).isEmpty();
  }

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void explainingChoosesAsSelecting(@ForAll long seed) {
    Cluster cluster = new Cluster(seed);
    for (ServiceId sid : cluster.services) {
      Question question = cluster.question(sid);
      NodeSelection.Answer answer =
          NodeSelection.explain(question, cluster.usage, cluster.compiled);
      assertThat(answer.node())
          .isEqualTo(NodeSelection.select(question, cluster.usage, cluster.compiled));
      assertThat(answer.verdicts()).hasSize(cluster.usage.nodes().size());
    }
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void noChoiceIsMadeOfANodeThatIsNotEligible(@ForAll long seed) {
    Cluster cluster = new Cluster(seed);
    String excluded = cluster.node();
    for (ServiceId sid : cluster.services) {
      Question recovery = Question.recovery(sid, "gone", node -> !node.equals(excluded));
      assertThat(NodeSelection.select(recovery, cluster.usage, cluster.compiled))
          .isNotEqualTo(excluded);
    }
  }
}
