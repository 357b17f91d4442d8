package io.pveha.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.placement.NodeSelection.Preference;
import io.pveha.core.placement.NodeSelection.Question;
import io.pveha.core.placement.NodeSelection.Verdict;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeSelectionTest {

  private static final ServiceId SID = ServiceId.of("vm:100");
  private static final Set<String> NODES = new TreeSet<>(List.of("n1", "n2", "n3"));

  private final ClusterUsage usage = new ClusterUsage(SchedulerMode.BASIC, NODES, LoadFigures.NONE);
  private final List<HaRule> rules = new ArrayList<>();

  private String select(Preference preference, String node, String... failed) {
    return NodeSelection.select(
        new Question(SID, node, preference, true, List.of(failed), null), usage, compiled());
  }

  private CompiledRules compiled() {
    return CompiledRules.compile(rules, NODES);
  }

  private static ServiceId id(int number) {
    return ServiceId.of("vm:" + number);
  }

  private void near(boolean strict, Object... nodes) {
    TreeMap<String, Integer> priorities = new TreeMap<>();
    for (int i = 0; i < nodes.length; i += 2) {
      priorities.put((String) nodes[i], (Integer) nodes[i + 1]);
    }
    rules.add(NodeAffinityRule.of("near", List.of(SID), priorities, strict));
  }

  @Test
  void choosesTheNodeWithFewestServicesThenTheFirstName() {
    usage.place(id(1), ServicePlace.on("n1"));
    assertThat(select(Preference.BEST, "n3")).isEqualTo("n2");
    usage.place(id(2), ServicePlace.on("n2"));
    usage.place(id(3), ServicePlace.on("n3"));
    assertThat(select(Preference.BEST, "n3")).isEqualTo("n1");
  }

  @Test
  void aMovingServiceCountsOnBothNodes() {
    usage.place(id(1), new ServicePlace("n1", "n2", true));
    assertThat(usage.scores(SID)).containsExactly(1, 1, 0);
  }

  @Test
  void placingAnewTakesTheOldPlaceAway() {
    usage.place(id(1), new ServicePlace("n1", "n2", true));
    usage.place(id(1), ServicePlace.on("n3"));
    assertThat(usage.scores(SID)).containsExactly(0, 0, 1);
  }

  @Test
  void staysWhereItMayStay() {
    usage.place(id(1), ServicePlace.on("n3"));
    assertThat(select(Preference.STAY, "n3")).isEqualTo("n3");
  }

  @Test
  void theNextNodeIsTheOneAfterItsOwnWhenThatDidNotFail() {
    assertThat(select(Preference.NEXT, "n1")).isEqualTo("n2");
    assertThat(select(Preference.NEXT, "n2")).isEqualTo("n3");
    assertThat(select(Preference.NEXT, "n3")).as("it is the last").isEqualTo("n1");
  }

  @Test
  void theNextNodeIsNoneOfThoseThatFailed() {
    assertThat(select(Preference.NEXT, "n1", "n1")).isEqualTo("n2");
    assertThat(select(Preference.NEXT, "n2", "n1", "n2")).isEqualTo("n3");
    assertThat(select(Preference.NEXT, "n3", "n1", "n2", "n3")).isNull();
  }

  @Test
  void failedNodesDoNotMatterForOtherPreferences() {
    assertThat(select(Preference.BEST, "n2", "n1")).isEqualTo("n1");
  }

  @Test
  void onlyTheHighestPriorityThatIsOnlineIsPreferred() {
    near(true, "n2", 1, "n3", 2, "n9", 7);
    assertThat(select(Preference.BEST, "n1")).isEqualTo("n3");
  }

  @Test
  void aStrictRuleWithoutOnlineNodeLeavesNone() {
    near(true, "n9", 0);
    assertThat(select(Preference.BEST, "n1")).isNull();
  }

  @Test
  void aRuleThatIsNotStrictAllowsTheOthersWithoutPriority() {
    near(false, "n9", 0);
    assertThat(select(Preference.BEST, "n1")).isEqualTo("n1");
  }

  @Test
  void withoutFailbackItStaysOnAnAllowedNodeUnlessKeptApart() {
    near(true, "n1", 1, "n2", 2);
    Question stays = new Question(SID, "n1", Preference.STAY, false, List.of(), null);
    assertThat(NodeSelection.select(stays, usage, compiled())).isEqualTo("n1");
    rules.clear();
    rules.add(ResourceAffinityRule.of("apart", List.of(SID, id(1)), Affinity.NEGATIVE));
    usage.place(id(1), ServicePlace.on("n1"));
    assertThat(NodeSelection.select(stays, usage, compiled())).isEqualTo("n2");
  }

  @Test
  void theStrongestPullDecidesThenTheName() {
    rules.add(
        ResourceAffinityRule.of("pair", List.of(SID, id(1), id(2), id(3)), Affinity.POSITIVE));
    usage.place(id(1), ServicePlace.on("n2"));
    usage.place(id(2), ServicePlace.on("n3"));
    assertThat(select(Preference.BEST, "n1")).isEqualTo("n2");
    usage.place(id(3), new ServicePlace("n1", "n3", true));
    assertThat(select(Preference.STAY, "n1"))
        .as("a target pulls, not the old node")
        .isEqualTo("n3");
  }

  @Test
  void aPullFromAForbiddenNodeIsIgnored() {
    near(true, "n1", 0);
    rules.add(ResourceAffinityRule.of("pair", List.of(SID, id(1)), Affinity.POSITIVE));
    usage.place(id(1), ServicePlace.on("n3"));
    assertThat(select(Preference.BEST, "n2")).isEqualTo("n1");
  }

  @Test
  void bothNodesOfAMovingPartnerAreAvoided() {
    rules.add(ResourceAffinityRule.of("apart", List.of(SID, id(1)), Affinity.NEGATIVE));
    usage.place(id(1), new ServicePlace("n1", "n2", true));
    assertThat(select(Preference.BEST, "n1")).isEqualTo("n3");
  }

  @Test
  void theMaintenanceNodeIsTakenWhenItIsPreferred() {
    usage.place(id(1), ServicePlace.on("n3"));
    Question question = new Question(SID, "n1", Preference.STAY, true, List.of(), "n3");
    assertThat(NodeSelection.select(question, usage, compiled())).isEqualTo("n3");
    near(true, "n1", 0, "n2", 0);
    assertThat(NodeSelection.select(question, usage, compiled())).isEqualTo("n1");
  }

  @Test
  void servicesThatNobodyManagesWeighButHaveNoPartners() {
    rules.add(ResourceAffinityRule.of("apart", List.of(SID, id(1)), Affinity.NEGATIVE));
    usage.count(id(1), new ServicePlace("n1", null, false));
    usage.place(id(2), ServicePlace.on("n2"));
    usage.place(id(3), ServicePlace.on("n3"));
    usage.place(id(4), ServicePlace.on("n3"));
    assertThat(usage.scores(SID)).containsExactly(1, 1, 2);
    assertThat(select(Preference.BEST, "n3")).isEqualTo("n1");
  }

  @Test
  void answersWhyEachOtherNodeWasNotChosen() {
    near(true, "n1", 0, "n2", 1, "n3", 1);
    rules.add(ResourceAffinityRule.of("apart", List.of(id(7), id(8)), Affinity.NEGATIVE));
    Question question = Question.recovery(SID, "n9", node -> !node.equals("n3"));

    NodeSelection.Answer answer = NodeSelection.explain(question, usage, compiled());

    assertThat(answer.node()).isEqualTo("n2");
    assertThat(answer.verdicts())
        .containsEntry("n1", Verdict.LOWER_PRIORITY)
        .containsEntry("n2", Verdict.CHOSEN)
        .containsEntry("n3", Verdict.NOT_ELIGIBLE);
  }

  @Test
  void namesStrictRulesAndApartnessAsReasons() {
    near(true, "n1", 0, "n2", 0);
    rules.add(ResourceAffinityRule.of("apart", List.of(SID, id(1)), Affinity.NEGATIVE));
    usage.place(id(1), ServicePlace.on("n1"));
    assertThat(
            NodeSelection.explain(
                    Question.recovery(SID, "n3", node -> !node.equals("n2")), usage, compiled())
                .verdicts())
        .containsEntry("n1", Verdict.KEPT_APART)
        .containsEntry("n2", Verdict.NOT_ELIGIBLE)
        .containsEntry("n3", Verdict.FORBIDDEN_BY_NODE_AFFINITY);
  }
}
