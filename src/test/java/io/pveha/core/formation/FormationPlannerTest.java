package io.pveha.core.formation;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.FormationPlan.Phase;
import io.pveha.core.formation.FormationStep.CreateCluster;
import io.pveha.core.formation.FormationStep.JoinNode;
import io.pveha.core.formation.NodeView.Answer;
import io.pveha.core.formation.NodeView.Member;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.StepKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormationPlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final NodeName NODE3 = new NodeName("node3");
  private static final WantedCluster THREE = wanted(true);

  private final Map<NodeName, NodeView> views = new HashMap<>();
  private Memory memory = Memory.EMPTY;

  @Test
  void createsOnTheFirstOfThreeBareNodes() {
    bare(NODE1);
    bare(NODE2);
    bare(NODE3);

    FormationPlan plan = plan(THREE);

    assertThat(plan.phase()).isEqualTo(Phase.CREATING);
    assertThat(plan.firstNode()).contains(NODE1);
    assertThat(plan.plan().now()).containsExactly(new CreateCluster(NODE1, "prod", List.of(), 1));
    assertThat(plan.plan().later())
        .extracting(step -> step.subject())
        .containsExactly("node2", "node3");
  }

  @Test
  void createsNothingUntilEveryNodeAnswers() {
    bare(NODE1);
    bare(NODE2);
    views.put(
        NODE3, NodeView.unreachable(ConditionReason.ENDPOINT_UNREACHABLE, "spec.nodes[2].address"));

    FormationPlan plan = plan(THREE);

    assertThat(plan.phase()).isEqualTo(Phase.PENDING);
    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.ENDPOINT_UNREACHABLE);
  }

  @Test
  void waitsForTheCreateThatWasAsked() {
    bare(NODE1);
    bare(NODE2);
    bare(NODE3);
    asked(CreateCluster.ACTION, "prod", Outcome.UNKNOWN, NOW.minusSeconds(5));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(plan.plan().pending()).hasSize(1);
  }

  @Test
  void toleratesThatTheFirstNodeIsAwayWhileItCreates() {
    views.put(NODE1, NodeView.unreachable(ConditionReason.ENDPOINT_UNREACHABLE, "refused"));
    bare(NODE2);
    bare(NODE3);
    asked(CreateCluster.ACTION, "prod", Outcome.UNKNOWN, NOW.minusSeconds(5));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(plan.plan().pending()).hasSize(1);
    assertThat(reasons(plan))
        .containsOnly(ConditionReason.WAITING_FOR_NODE, ConditionReason.IN_PROGRESS);
  }

  @Test
  void joinsOneNodeAtATimeThroughAQuorateMember() {
    member(NODE1, NODE1);
    bare(NODE2);
    bare(NODE3);

    FormationPlan plan = plan(THREE);

    assertThat(plan.phase()).isEqualTo(Phase.JOINING);
    assertThat(plan.joining()).contains(NODE2);
    assertThat(plan.plan().now()).containsExactly(new JoinNode(NODE2, NODE1, List.of(), 1));
    assertThat(plan.plan().later()).containsExactly(new JoinNode(NODE3, NODE1, List.of(), 1));
  }

  @Test
  void doesNotJoinTheNextBeforeTheFormerIsSeenByAMemberAndByItself() {
    member(NODE1, NODE1, NODE2);
    views.put(NODE2, NodeView.unreachable(ConditionReason.CREDENTIALS_REJECTED, "401"));
    bare(NODE3);
    asked(JoinNode.ACTION, "node2", Outcome.UNKNOWN, NOW.minusSeconds(8));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(plan.joining()).contains(NODE2);
    assertThat(plan.plan().pending()).hasSize(1);
  }

  @Test
  void joinsTheNextWhenTheFormerHasArrived() {
    member(NODE1, NODE1, NODE2);
    member(NODE2, NODE1, NODE2);
    bare(NODE3);
    asked(JoinNode.ACTION, "node2", Outcome.UNKNOWN, NOW.minusSeconds(8));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).extracting(step -> step.subject()).containsExactly("node3");
    assertThat(plan.plan().pending()).isEmpty();
  }

  @Test
  void neverJoinsAgainBlindlyAfterTheConnectionDropped() {
    member(NODE1, NODE1);
    views.put(NODE2, NodeView.unreachable(ConditionReason.ENDPOINT_UNREACHABLE, "gone"));
    bare(NODE3);
    asked(JoinNode.ACTION, "node2", Outcome.UNKNOWN, NOW.minusSeconds(900));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(plan.plan().pending()).hasSize(1);
  }

  @Test
  void joinsAgainWhenTheNodeIsStillBareLongAfterward() {
    member(NODE1, NODE1);
    bare(NODE2);
    bare(NODE3);
    asked(JoinNode.ACTION, "node2", Outcome.UNKNOWN, NOW.minusSeconds(900));

    assertThat(plan(THREE).plan().now()).extracting(s -> s.subject()).containsExactly("node2");
  }

  @Test
  void joinsAgainSoonWhenTheNodeIsBareAndRunsNoSuchTask() {
    member(NODE1, NODE1);
    bare(NODE2);
    bare(NODE3);
    asked(JoinNode.ACTION, "node2", Outcome.UNKNOWN, NOW.minusSeconds(6));

    assertThat(plan(THREE).plan().now()).extracting(s -> s.subject()).containsExactly("node2");
  }

  @Test
  void waitsForAJoinThatItsNodeIsStillBusyWith() {
    member(NODE1, NODE1);
    views.put(
        NODE2,
        NodeView.answered(
            new Answer(NODE2, Optional.empty(), true, List.of(new Member(NODE2, true)), 0, true)));
    bare(NODE3);
    asked(JoinNode.ACTION, "node2", Outcome.UNKNOWN, NOW.minusSeconds(900));

    assertThat(plan(THREE).plan().now()).isEmpty();
  }

  @Test
  void isFormedWhenAllAreMembers() {
    member(NODE1, NODE1, NODE2, NODE3);
    member(NODE2, NODE1, NODE2, NODE3);
    member(NODE3, NODE1, NODE2, NODE3);
    asked(JoinNode.ACTION, "node3", Outcome.SUCCEEDED, NOW.minusSeconds(9));

    FormationPlan plan = plan(THREE);

    assertThat(plan.phase()).isEqualTo(Phase.FORMED);
    assertThat(plan.members()).containsExactly(NODE1, NODE2, NODE3);
    assertThat(plan.plan().isDone()).isTrue();
  }

  @Test
  void refusesAClusterOfAnotherName() {
    bare(NODE1);
    bare(NODE2);
    views.put(
        NODE3,
        NodeView.answered(
            new Answer(
                NODE3, Optional.of("other"), true, List.of(new Member(NODE3, true)), 0, false)));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.CLUSTER_NAME_MISMATCH);
    assertThat(plan.plan().findings().get(0).message()).contains("spec.clusterName", "other");
  }

  @Test
  void refusesANodeOfAnotherNameAtAnAddress() {
    bare(NODE1);
    bare(NODE2);
    views.put(NODE3, NodeView.answered(answer(new NodeName("pve"), Optional.empty(), 0)));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.NODE_NAME_MISMATCH);
    assertThat(plan.plan().findings().get(0).message()).contains("spec.nodes[2].address", "pve");
  }

  @Test
  void refusesAJoinerWithGuestsButLetsTheFirstNodeHaveThem() {
    views.put(NODE1, NodeView.answered(answer(NODE1, Optional.empty(), 4)));
    bare(NODE2);
    views.put(NODE3, NodeView.answered(answer(NODE3, Optional.empty(), 1)));

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.NODE_NOT_BARE);
    assertThat(plan.plan().findings().get(0).message()).contains("node3 has 1 guest,");
  }

  @Test
  void refusesAnotherClusterOfTheSameName() {
    member(NODE1, NODE1, NODE2);
    member(NODE2, NODE1, NODE2);
    member(NODE3, NODE3);

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan)).contains(ConditionReason.NODE_NOT_BARE);
  }

  @Test
  void adoptsAClusterOnlyWithExactlyItsMembers() {
    member(NODE1, NODE1, NODE2, new NodeName("node9"));
    member(NODE2, NODE1, NODE2, new NodeName("node9"));
    bare(NODE3);

    FormationPlan plan = plan(wanted(false));

    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan))
        .containsExactlyInAnyOrder(ConditionReason.UNLISTED_MEMBER, ConditionReason.NODE_UNKNOWN);
  }

  @Test
  void saysOnceThatAMemberIsCalledOtherwise() {
    NodeName pve3 = new NodeName("NODE3");
    member(NODE1, NODE1, NODE2, pve3);
    member(NODE2, NODE1, NODE2, pve3);
    views.put(
        NODE3,
        NodeView.answered(
            new Answer(
                pve3, Optional.of("prod"), true, List.of(new Member(pve3, true)), 0, false)));

    for (boolean create : List.of(true, false)) {
      FormationPlan plan = plan(wanted(create));

      assertThat(plan.plan().now()).isEmpty();
      assertThat(reasons(plan)).containsExactly(ConditionReason.NODE_NAME_MISMATCH);
      assertThat(plan.plan().findings().get(0).message()).contains("calls itself NODE3, not node3");
    }
  }

  @Test
  void waitsWhileTheClusterIsNotQuorate() {
    views.put(
        NODE1,
        NodeView.answered(
            new Answer(
                NODE1, Optional.of("prod"), false, List.of(new Member(NODE1, true)), 0, false)));
    bare(NODE2);
    bare(NODE3);

    FormationPlan plan = plan(THREE);

    assertThat(plan.plan().now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.QUORUM_LOST);
  }

  private FormationPlan plan(WantedCluster wanted) {
    return FormationPlanner.plan(wanted, views, Optional.empty(), memory, NOW, NOW);
  }

  private static List<ConditionReason> reasons(FormationPlan plan) {
    return plan.plan().findings().stream().map(Finding::reason).distinct().toList();
  }

  private void bare(NodeName node) {
    views.put(node, NodeView.answered(answer(node, Optional.empty(), 0)));
  }

  private void member(NodeName node, NodeName... members) {
    views.put(
        node,
        NodeView.answered(
            new Answer(
                node,
                Optional.of("prod"),
                true,
                Arrays.stream(members).map(name -> new Member(name, true)).toList(),
                0,
                false)));
  }

  private static Answer answer(NodeName self, Optional<String> cluster, int guests) {
    return new Answer(self, cluster, true, List.of(new Member(self, true)), guests, false);
  }

  private void asked(String action, String subject, Outcome outcome, Instant at) {
    StepKey key = new StepKey(action, subject);
    memory =
        new Memory(
            List.of(
                new PendingStep(
                    key,
                    action.equals(JoinNode.ACTION) ? Optional.of(subject) : Optional.of("node1"),
                    Optional.empty(),
                    at,
                    at.plusSeconds(60),
                    1)),
            Map.of(key, outcome));
  }

  private static WantedCluster wanted(boolean create) {
    return new WantedCluster(
        "prod",
        create,
        List.of(NODE1, NODE2, NODE3).stream()
            .map(
                name ->
                    new WantedCluster.Node(name, "192.0.2.1:8006", List.of(), 1, Optional.empty()))
            .toList());
  }
}
