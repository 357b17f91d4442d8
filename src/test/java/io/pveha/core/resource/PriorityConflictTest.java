package io.pveha.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.plan.Step;
import io.pveha.core.resource.ResourceFacts.Affinity;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.ResourceFacts.Resource;
import io.pveha.core.resource.WantedResource.Neighbour;
import io.pveha.core.resource.WantedResource.Placement;
import io.pveha.core.resource.WantedResource.Preference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PriorityConflictTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final List<Preference> RANKED = nodes(2, 1);
  private static final List<Preference> EQUAL = nodes(0, 0);
  private static final Affinity APART =
      new Affinity("pveha-ct-101-apart", Set.of("ct:100", "ct:101"), false, false);

  private final Map<String, Neighbour> neighbours = new TreeMap<>();
  private List<Entry> entries = List.of();
  private List<Affinity> affinities = List.of();

  @Test
  void isToldOfAnObjectThatAsksForBoth() {
    neighbour("web", "ct:100", true, "ct:101");
    neighbour("db", "ct:101", false);

    Plan<ResourceStep> plan = plan(RANKED, List.of("ct:101"));

    assertThat(actions(plan)).isEmpty();
    assertThat(conflict(plan))
        .contains("spec.placement.apart", "spec.placement.nodes of HaResource web (ct:100)")
        .contains("HaResource db (ct:101)");
  }

  @Test
  void isToldOfTheOtherObjectWhoseNodesHavePriorities() {
    neighbour("web", "ct:100", false, "ct:101");
    neighbour("db", "ct:101", true);

    Plan<ResourceStep> plan = plan(EQUAL, List.of("ct:101"));

    assertThat(actions(plan)).doesNotContain("SetAffinity");
    assertThat(conflict(plan))
        .contains("spec.placement.nodes of HaResource db (ct:101)", "HaResource web (ct:100)");
  }

  @Test
  void isToldOfPrioritiesOfOneThatARuleBindsToAnother() {
    neighbour("web", "ct:100", true);
    neighbour("db", "ct:101", false, "ct:100");
    affinities = List.of(APART);

    Plan<ResourceStep> plan = plan(RANKED, List.of());

    assertThat(actions(plan)).isEmpty();
    assertThat(conflict(plan))
        .contains("spec.placement.nodes", "HaResource web (ct:100)", "pveha-ct-101-apart")
        .contains("spec.placement.apart of HaResource db");
  }

  @Test
  void isToldOfARuleThatSomebodyMadeByHand() {
    affinities = List.of(new Affinity("hand", Set.of("ct:100", "ct:200"), true, false));

    assertThat(conflict(plan(RANKED, List.of()))).contains("rule hand", "delete that rule");

    affinities = List.of();
    entries =
        List.of(
            new Entry(
                "hand",
                Set.of("ct:101"),
                new TreeMap<>(Map.of("n1", 2, "n2", 1)),
                true,
                true,
                false));
    assertThat(conflict(plan(EQUAL, List.of("ct:101")))).contains("rule hand");
  }

  @Test
  void waitsForWhatItsOwnerHasMended() {
    neighbour("web", "ct:100", false, "ct:101");
    neighbour("db", "ct:101", false);
    entries =
        List.of(
            new Entry(
                "pveha-ct-101",
                Set.of("ct:101"),
                new TreeMap<>(Map.of("n1", 2, "n2", 1)),
                true,
                true,
                false));
    Plan<ResourceStep> bound = plan(EQUAL, List.of("ct:101"));
    assertThat(actions(bound)).doesNotContain("SetAffinity");
    assertThat(bound.later()).extracting(Step::action).contains("SetAffinity");
    assertThat(bound.findings()).extracting(Finding::severity).containsOnly(Severity.DELAYS);

    entries = List.of();
    affinities = List.of(APART);
    neighbour("web", "ct:100", true);
    Plan<ResourceStep> ranked = plan(RANKED, List.of());
    assertThat(actions(ranked)).doesNotContain("SetPlacement");
    assertThat(ranked.findings()).extracting(Finding::severity).containsOnly(Severity.DELAYS);
  }

  @Test
  void isNoneWhereAllNodesAreEqual() {
    neighbour("web", "ct:100", false, "ct:101");
    neighbour("db", "ct:101", false);

    Plan<ResourceStep> plan = plan(EQUAL, List.of("ct:101"));

    assertThat(actions(plan)).containsExactlyInAnyOrder("SetAffinity", "SetPlacement");
    assertThat(plan.findings()).isEmpty();
  }

  private void neighbour(String name, String sid, boolean ranked, String... company) {
    neighbours.put(name, new Neighbour(name, sid, ranked, Set.of(company)));
  }

  private Plan<ResourceStep> plan(List<Preference> nodes, List<String> apart) {
    return ResourcePlanner.plan(
        new WantedResource(
            "ct:100",
            "started",
            1,
            1,
            false,
            new Placement(nodes, true, false, Optional.empty(), List.of(), apart),
            List.copyOf(neighbours.values())),
        new ResourceFacts(
            List.of(new NodeName("n1"), new NodeName("n2"), new NodeName("n3")),
            Set.of(),
            PlacedBy.RULES,
            Optional.of(new Resource("started", 1, 1, Optional.of(false), Optional.empty())),
            entries,
            GuestCopies.NONE,
            new TreeMap<>(),
            affinities,
            Set.of("ct:100", "ct:101")),
        Memory.EMPTY,
        NOW,
        NOW);
  }

  private static List<Preference> nodes(int first, int second) {
    return List.of(
        new Preference(new NodeName("n1"), first), new Preference(new NodeName("n2"), second));
  }

  private static List<String> actions(Plan<ResourceStep> plan) {
    return plan.now().stream().map(Step::action).toList();
  }

  private static String conflict(Plan<ResourceStep> plan) {
    assertThat(plan.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(ConditionReason.PRIORITY_CONFLICT);
              assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
            });
    return plan.findings().get(0).message();
  }
}
