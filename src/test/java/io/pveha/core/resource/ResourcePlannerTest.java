package io.pveha.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.ResourceFacts.Resource;
import io.pveha.core.resource.ResourceStep.PutPlacement;
import io.pveha.core.resource.WantedResource.Placement;
import io.pveha.core.resource.WantedResource.Preference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ResourcePlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final NodeName NODE3 = new NodeName("node3");
  private static final Placement ANYWHERE = new Placement(List.of(), false, true);
  private static final Placement AS_IT_IS = new Placement(List.of(), false, false);
  private static final Placement ON_1_THEN_2 =
      new Placement(List.of(new Preference(NODE1, 2), new Preference(NODE2, 1)), true, true);
  private static final Map<String, Integer> NODES_1_THEN_2 = Map.of("node1", 2, "node2", 1);

  @Test
  void needsNoRuleWhereEveryNodeWillDo() {
    Plan<ResourceStep> plan = plan(ANYWHERE, PlacedBy.RULES, Optional.empty(), List.of());

    assertThat(actions(plan.now())).containsExactly("AddHaResource");
    assertThat(plan.later()).isEmpty();
  }

  @Test
  void putsTheResourceBeforeTheRuleOnNine() {
    Plan<ResourceStep> first = plan(ON_1_THEN_2, PlacedBy.RULES, Optional.empty(), List.of());
    Plan<ResourceStep> second =
        plan(ON_1_THEN_2, PlacedBy.RULES, as(Optional.of(false)), List.of());

    assertThat(actions(first.now())).containsExactly("AddHaResource");
    assertThat(actions(first.later())).containsExactly("SetPlacement");
    assertThat(actions(second.now())).containsExactly("SetPlacement");
  }

  @Test
  void putsTheGroupBeforeTheResourceOnEight() {
    Plan<ResourceStep> plan = plan(ON_1_THEN_2, PlacedBy.GROUPS, Optional.empty(), List.of());

    assertThat(actions(plan.now())).containsExactly("SetPlacement");
    assertThat(actions(plan.later())).containsExactly("AddHaResource");
  }

  @Test
  void takesOverARuleOfThisResourceAlone() {
    Entry migrated = entry("ha-group-web", Set.of("ct:100"), Map.of("node3", 1), false);

    Plan<ResourceStep> plan =
        plan(ON_1_THEN_2, PlacedBy.RULES, as(Optional.of(false)), List.of(migrated));

    assertThat(plan.now())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(((PutPlacement) step).name()).isEqualTo("ha-group-web");
              assertThat(((PutPlacement) step).exists()).isTrue();
            });
  }

  @Test
  void leavesARuleAloneThatOthersShare() {
    Entry shared = entry("web", Set.of("ct:100", "ct:101"), Map.of("node3", 1), false);

    Plan<ResourceStep> plan =
        plan(ON_1_THEN_2, PlacedBy.RULES, as(Optional.of(false)), List.of(shared));

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.FOREIGN_RULE);
  }

  @Test
  void plansNothingForARuleWithAPropertyThatIsNotKnown() {
    Entry foreign =
        new Entry(
            "web",
            Set.of("ct:100"),
            new TreeMap<>(Map.of("node3", 1)),
            true,
            true,
            false,
            false,
            new TreeSet<>(Set.of("horizon")));

    for (PlacedBy placedBy : List.of(PlacedBy.RULES, PlacedBy.GROUPS)) {
      Plan<ResourceStep> plan =
          plan(ON_1_THEN_2, placedBy, as(Optional.of(false)), List.of(foreign));

      assertThat(plan.now()).isEmpty();
      assertThat(plan.later()).isEmpty();
      assertThat(plan.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.reason()).isEqualTo(ConditionReason.FOREIGN_RULE);
                assertThat(finding.message()).contains("web", "ct:100", "horizon");
              });
    }
    assertThat(plan(AS_IT_IS, PlacedBy.RULES, as(Optional.of(false)), List.of(foreign)).isDone())
        .isTrue();
  }

  @Test
  void writesNoNodesBesideARuleThatKeepsTheGuestOffSome() {
    Entry never =
        new Entry(
            "never",
            Set.of("ct:100"),
            new TreeMap<>(Map.of("node3", 0)),
            false,
            true,
            false,
            true,
            new TreeSet<>());
    Entry ours =
        new Entry(
            "pveha-ct-100",
            Set.of("ct:100"),
            new TreeMap<>(Map.of("node3", 0)),
            true,
            true,
            false,
            true,
            new TreeSet<>());

    for (Entry negative : List.of(never, ours)) {
      assertThat(plan(ANYWHERE, PlacedBy.RULES, as(Optional.of(false)), List.of(negative)).isDone())
          .isTrue();
      Plan<ResourceStep> named =
          plan(ON_1_THEN_2, PlacedBy.RULES, as(Optional.of(false)), List.of(negative));
      assertThat(named.now()).isEmpty();
      assertThat(named.later()).isEmpty();
      assertThat(named.findings())
          .extracting(Finding::reason)
          .containsExactly(ConditionReason.FOREIGN_RULE);
    }
  }

  @Test
  void plansNothingForAResourceWithAPropertyThatIsNotKnown() {
    Optional<Resource> foreign =
        Optional.of(
            new Resource(
                "stopped",
                1,
                1,
                Optional.of(false),
                Optional.empty(),
                new TreeSet<>(Set.of("gravity"))));

    Plan<ResourceStep> plan = plan(ON_1_THEN_2, PlacedBy.RULES, foreign, List.of());
    Plan<ResourceStep> removal =
        ResourcePlanner.removal(
            wanted(ANYWHERE), facts(PlacedBy.RULES, foreign, List.of()), Memory.EMPTY, NOW, NOW);

    for (Plan<ResourceStep> each : List.of(plan, removal)) {
      assertThat(each.now()).isEmpty();
      assertThat(each.later()).isEmpty();
      assertThat(each.findings())
          .extracting(Finding::reason)
          .containsExactly(ConditionReason.UNKNOWN_PROPERTY);
    }
  }

  @Test
  void makesNoRuleBetweenResourcesBesideOneThatIsNotUnderstood() {
    Placement apart =
        new Placement(List.of(), false, true, Optional.empty(), List.of(), List.of("ct:101"));
    ResourceFacts.Affinity foreign =
        new ResourceFacts.Affinity(
            "hand", Set.of("ct:100", "ct:101"), false, false, new TreeSet<>(Set.of("softness")));

    Plan<ResourceStep> plan = withManaged(apart, List.of(foreign), Set.of("ct:100", "ct:101"));

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.FOREIGN_RULE);
  }

  @Test
  void isDoneWhenRuleAndResourceAreRight() {
    Entry right = entry("pveha-ct-100", Set.of("ct:100"), NODES_1_THEN_2, true);

    assertThat(plan(ON_1_THEN_2, PlacedBy.RULES, as(Optional.of(false)), List.of(right)).isDone())
        .isTrue();
  }

  @Test
  void changesASettingThatSomebodyTurned() {
    Optional<Resource> stopped =
        Optional.of(new Resource("stopped", 1, 1, Optional.of(false), Optional.empty()));

    assertThat(actions(plan(ANYWHERE, PlacedBy.RULES, stopped, List.of()).now()))
        .containsExactly("UpdateHaResource");
  }

  @Test
  void writesNoPlacementWhileGroupsBecomeRules() {
    Plan<ResourceStep> plan =
        plan(ON_1_THEN_2, PlacedBy.MIGRATING, as(Optional.of(false)), List.of());

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.MIGRATION_PENDING);
  }

  @Test
  void takesNodesOfOtherSitesLast() {
    ResourceFacts facts =
        new ResourceFacts(
            List.of(NODE1, NODE2, NODE3),
            Set.of(NODE3),
            PlacedBy.RULES,
            as(Optional.of(false)),
            List.of(),
            GuestCopies.NONE,
            new TreeMap<>(),
            List.of(),
            Set.of());

    Plan<ResourceStep> any = ResourcePlanner.plan(wanted(ANYWHERE), facts, Memory.EMPTY, NOW, NOW);
    Plan<ResourceStep> remoteWished =
        ResourcePlanner.plan(
            wanted(
                new Placement(
                    List.of(new Preference(NODE3, 9), new Preference(NODE1, 1)), true, true)),
            facts,
            Memory.EMPTY,
            NOW,
            NOW);

    assertThat(((PutPlacement) any.now().get(0)).nodes()).containsOnlyKeys("node1", "node2");
    assertThat(((PutPlacement) remoteWished.now().get(0)).nodes())
        .containsEntry("node3", 9)
        .containsEntry("node1", 11);
  }

  @Test
  void keepsResourcesApartByOneRuleOnceAllAreManaged() {
    Placement apart =
        new Placement(List.of(), false, true, Optional.empty(), List.of(), List.of("ct:101"));

    Plan<ResourceStep> early = withManaged(apart, List.of(), Set.of("ct:100"));
    Plan<ResourceStep> due = withManaged(apart, List.of(), Set.of("ct:100", "ct:101"));
    Plan<ResourceStep> done =
        withManaged(
            apart,
            List.of(
                new ResourceFacts.Affinity(
                    "pveha-ct-101-apart", Set.of("ct:100", "ct:101"), false, false)),
            Set.of("ct:100", "ct:101"));

    assertThat(early.now()).isEmpty();
    assertThat(early.findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.WAITING_FOR_HA_RESOURCE);
    assertThat(actions(due.now())).containsExactly("SetAffinity");
    assertThat(done.isDone()).isTrue();
  }

  private static Plan<ResourceStep> withManaged(
      Placement placement, List<ResourceFacts.Affinity> affinities, Set<String> managed) {
    return ResourcePlanner.plan(
        wanted(placement),
        new ResourceFacts(
            List.of(NODE1, NODE2, NODE3),
            Set.of(),
            PlacedBy.RULES,
            as(Optional.of(false)),
            List.of(),
            GuestCopies.NONE,
            new TreeMap<>(),
            affinities,
            managed),
        Memory.EMPTY,
        NOW,
        NOW);
  }

  @Test
  void refusesAPlacementOnANodeThatIsNoMember() {
    Placement wrong = new Placement(List.of(new Preference(new NodeName("x"), 1)), true, true);

    Plan<ResourceStep> plan = plan(wrong, PlacedBy.RULES, Optional.empty(), List.of());

    assertThat(plan.now()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::reason)
        .containsExactly(ConditionReason.NODE_UNKNOWN);
  }

  @Test
  void removesTheRuleBeforeTheResourceOnNineAndTheGroupAfterItOnEight() {
    Entry own = entry("pveha-ct-100", Set.of("ct:100"), NODES_1_THEN_2, true);

    Plan<ResourceStep> nine = removal(PlacedBy.RULES, own);
    Plan<ResourceStep> eight = removal(PlacedBy.GROUPS, own);

    assertThat(actions(nine.now())).containsExactly("RemovePlacement");
    assertThat(actions(nine.later())).containsExactly("RemoveHaResource");
    assertThat(actions(eight.now())).containsExactly("RemoveHaResource");
    assertThat(actions(eight.later())).containsExactly("RemovePlacement");
  }

  private static Plan<ResourceStep> removal(PlacedBy placedBy, Entry own) {
    return ResourcePlanner.removal(
        wanted(ANYWHERE),
        facts(placedBy, as(Optional.empty()), List.of(own)),
        Memory.EMPTY,
        NOW,
        NOW);
  }

  private static Plan<ResourceStep> plan(
      Placement placement, PlacedBy placedBy, Optional<Resource> resource, List<Entry> entries) {
    return ResourcePlanner.plan(
        wanted(placement), facts(placedBy, resource, entries), Memory.EMPTY, NOW, NOW);
  }

  private static ResourceFacts facts(
      PlacedBy placedBy, Optional<Resource> resource, List<Entry> entries) {
    return new ResourceFacts(
        List.of(NODE1, NODE2, NODE3),
        Set.of(),
        placedBy,
        resource,
        entries,
        GuestCopies.NONE,
        new TreeMap<>(),
        List.of(),
        Set.of());
  }

  private static WantedResource wanted(Placement placement) {
    return new WantedResource("ct:100", "started", 1, 1, false, placement);
  }

  private static Optional<Resource> as(Optional<Boolean> failback) {
    return Optional.of(new Resource("started", 1, 1, failback, Optional.empty()));
  }

  private static Entry entry(
      String name, Set<String> sids, Map<String, Integer> nodes, boolean strict) {
    return new Entry(name, sids, new TreeMap<>(nodes), strict, true, false);
  }

  private static List<String> actions(List<? extends Step> steps) {
    return steps.stream().map(Step::action).toList();
  }
}
