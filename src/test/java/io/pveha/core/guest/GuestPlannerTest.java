package io.pveha.core.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.GuestFacts.Found;
import io.pveha.core.guest.GuestStep.CloneGuest;
import io.pveha.core.guest.GuestStep.CreateGuest;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.StepKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GuestPlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");

  @Test
  void makesAGuestThatDoesNotExist() {
    Plan<GuestStep> plan = plan(container(OptionalInt.empty()), facts(null, null, "tank"));

    assertThat(plan.now()).singleElement().isInstanceOf(CreateGuest.class);
  }

  @Test
  void waitsForItsStorage() {
    Plan<GuestStep> plan = plan(container(OptionalInt.empty()), facts(null, null, "local"));

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.WAITING_FOR_STORAGE);
  }

  @Test
  void neverChangesAGuestThatExists() {
    Found there = new Found(true, NODE2, false, false, Optional.empty());

    assertThat(plan(container(OptionalInt.empty()), facts(there, null, "tank")).isDone()).isTrue();
  }

  @Test
  void refusesANumberOfAnotherKind() {
    Found machine = new Found(false, NODE2, true, false, Optional.empty());

    Plan<GuestStep> plan = plan(container(OptionalInt.empty()), facts(machine, null, "tank"));

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.GUEST_KIND_MISMATCH);
  }

  @Test
  void isNotThereBeforeTheTaskThatMakesItHasEnded() {
    Found halfMade = new Found(true, NODE1, false, false, Optional.empty());
    StepKey key = new StepKey(CreateGuest.ACTION, "ct:100");
    Memory memory =
        new Memory(
            List.of(
                new PendingStep(
                    key, Optional.of("node1"), Optional.of("UPID"), NOW, NOW.plusSeconds(600), 1)),
            Map.of(key, Outcome.RUNNING));

    Plan<GuestStep> plan =
        GuestPlanner.plan(
            container(OptionalInt.empty()), facts(halfMade, null, "tank"), memory, NOW, NOW);

    assertThat(plan.isDone()).isFalse();
    assertThat(plan.pending()).hasSize(1);
    assertThat(plan.now()).isEmpty();
  }

  @Test
  void clonesWhereTheSourceIs() {
    Found source = new Found(true, NODE2, false, false, Optional.empty());

    Plan<GuestStep> plan = plan(container(OptionalInt.of(900)), facts(null, source, "tank"));

    assertThat(((CloneGuest) plan.now().get(0)).sourceNode()).isEqualTo(NODE2);
  }

  @Test
  void refusesToCloneWhatIsNotThere() {
    Plan<GuestStep> plan = plan(container(OptionalInt.of(900)), facts(null, null, "tank"));

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.TEMPLATE_NOT_FOUND);
  }

  @Test
  void needsItsTemplateOnTheNode() {
    GuestFacts facts = facts(null, null, "tank");

    Plan<GuestStep> without =
        plan(container(OptionalInt.empty()), facts.withTemplates(Set.of("local:vztmpl/alpine")));
    Plan<GuestStep> with =
        plan(container(OptionalInt.empty()), facts.withTemplates(Set.of("local:vztmpl/debian")));

    assertThat(without.now()).isEmpty();
    assertThat(reasons(without)).containsExactly(ConditionReason.TEMPLATE_NOT_FOUND);
    assertThat(with.now()).singleElement().isInstanceOf(CreateGuest.class);
  }

  @Test
  void neverMakesAGuestWhoseAbsenceIsInDoubt() {
    Finding doubt = Finding.blocks(ConditionReason.PERMISSION_DENIED, "VM.Audit is missing.");

    for (WantedGuest wanted :
        List.of(container(OptionalInt.empty()), new WantedGuest(100, true, Optional.empty()))) {
      Plan<GuestStep> plan =
          plan(wanted, facts(null, null, "tank").withObstacle(Optional.of(doubt)));

      assertThat(plan.now()).isEmpty();
      assertThat(plan.later()).isEmpty();
      assertThat(plan.findings()).containsExactly(doubt);
    }
  }

  @Test
  void blocksATemplateAndSaysIfItIsUnderHa() {
    for (boolean underHa : List.of(false, true)) {
      Found template = new Found(true, NODE2, false, true, Optional.empty());
      Plan<GuestStep> plan =
          plan(
              container(OptionalInt.empty()),
              new GuestFacts(
                  Optional.of(template),
                  Map.of(NODE1, true, NODE2, true),
                  new TreeMap<>(),
                  Map.of(),
                  Optional.empty(),
                  underHa,
                  Optional.empty(),
                  Optional.empty()));

      assertThat(plan.now()).isEmpty();
      assertThat(reasons(plan)).containsExactly(ConditionReason.GUEST_IS_TEMPLATE);
      assertThat(plan.findings().get(0).message())
          .startsWith("100 is a template; it can't be started.")
          .satisfies(
              message ->
                  assertThat(message.contains("ha-manager remove ct:100")).isEqualTo(underHa));
    }
  }

  @Test
  void takesTheFirstNodeThatIsOnlineTakesGuestsAndHasTheStorage() {
    NodeName node3 = new NodeName("node3");
    NodeName node4 = new NodeName("node4");
    Map<NodeName, Boolean> members = Map.of(NODE1, true, NODE2, false, node3, true, node4, true);
    TreeMap<NodeName, String> keptAway = new TreeMap<>(Map.of(NODE1, "it is in spec.maintenance"));
    Map<NodeName, Set<String>> storages =
        Map.of(NODE1, Set.of("tank"), node3, Set.of("local"), node4, Set.of("tank"));

    Plan<GuestStep> plan =
        plan(on(NODE1, NODE2, node3, node4), members(members, keptAway, storages));
    assertThat(plan.now())
        .singleElement()
        .satisfies(step -> assertThat(step.node()).contains(node4));

    Plan<GuestStep> waiting = plan(on(NODE1, NODE2, node3), members(members, keptAway, storages));
    assertThat(waiting.now()).isEmpty();
    assertThat(waiting.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(ConditionReason.WAITING_FOR_NODE);
              assertThat(finding.message())
                  .contains("node1 is left out: it is in spec.maintenance")
                  .contains("node2 is offline")
                  .contains("node3 has no storage tank");
            });
  }

  @Test
  void aNodeThatIsNoMemberBlocksOnlyIfThereIsNoOther() {
    NodeName nobody = new NodeName("node9");

    assertThat(reasons(plan(on(nobody), facts(null, null, "tank"))))
        .containsExactly(ConditionReason.NODE_UNKNOWN);
    assertThat(plan(on(nobody, NODE1), facts(null, null, "tank")).now()).hasSize(1);
  }

  private static GuestFacts members(
      Map<NodeName, Boolean> members,
      TreeMap<NodeName, String> keptAway,
      Map<NodeName, Set<String>> storages) {
    return new GuestFacts(
        Optional.empty(),
        members,
        keptAway,
        storages,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  private static WantedGuest on(NodeName... nodes) {
    WantedGuest.Create one = container(OptionalInt.empty()).create().orElseThrow();
    return new WantedGuest(
        100,
        true,
        Optional.of(
            new WantedGuest.Create(
                List.of(nodes),
                one.hostname(),
                one.template(),
                one.cloneOf(),
                one.fullClone(),
                one.storage(),
                one.diskGiB(),
                one.cores(),
                one.memoryMiB(),
                one.network(),
                one.unprivileged(),
                one.start())));
  }

  private static Plan<GuestStep> plan(WantedGuest wanted, GuestFacts facts) {
    return GuestPlanner.plan(wanted, facts, Memory.EMPTY, NOW, NOW);
  }

  private static List<ConditionReason> reasons(Plan<GuestStep> plan) {
    return plan.findings().stream().map(Finding::reason).toList();
  }

  private static GuestFacts facts(Found found, Found source, String storage) {
    return new GuestFacts(
        Optional.ofNullable(found),
        Map.of(NODE1, true, NODE2, true),
        new TreeMap<>(),
        Map.of(NODE1, Set.of(storage)),
        Optional.ofNullable(source),
        false,
        Optional.empty(),
        Optional.empty());
  }

  private static WantedGuest container(OptionalInt cloneOf) {
    return new WantedGuest(
        100,
        true,
        Optional.of(
            new WantedGuest.Create(
                List.of(NODE1),
                "web",
                cloneOf.isPresent() ? Optional.empty() : Optional.of("local:vztmpl/debian"),
                cloneOf,
                true,
                Optional.of("tank"),
                OptionalLong.of(8),
                1,
                512,
                List.of(),
                true,
                false)));
  }
}
