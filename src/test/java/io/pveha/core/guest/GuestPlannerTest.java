package io.pveha.core.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.GuestFacts.Found;
import io.pveha.core.guest.GuestStep.CloneGuest;
import io.pveha.core.guest.GuestStep.CreateGuest;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.plan.StepKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
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
    assertThat(reasons(plan)).containsExactly(Reason.WAITING_FOR_STORAGE);
  }

  @Test
  void neverChangesAGuestThatExists() {
    Found there = new Found(true, NODE2, false, Optional.empty());

    assertThat(plan(container(OptionalInt.empty()), facts(there, null, "tank")).isDone()).isTrue();
  }

  @Test
  void refusesANumberOfAnotherKind() {
    Found machine = new Found(false, NODE2, true, Optional.empty());

    Plan<GuestStep> plan = plan(container(OptionalInt.empty()), facts(machine, null, "tank"));

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(Reason.GUEST_KIND_MISMATCH);
  }

  @Test
  void isNotThereBeforeTheTaskThatMakesItHasEnded() {
    Found halfMade = new Found(true, NODE1, false, Optional.empty());
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
    Found source = new Found(true, NODE2, false, Optional.empty());

    Plan<GuestStep> plan = plan(container(OptionalInt.of(900)), facts(null, source, "tank"));

    assertThat(((CloneGuest) plan.now().get(0)).sourceNode()).isEqualTo(NODE2);
  }

  @Test
  void refusesToCloneWhatIsNotThere() {
    Plan<GuestStep> plan = plan(container(OptionalInt.of(900)), facts(null, null, "tank"));

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(Reason.TEMPLATE_NOT_FOUND);
  }

  @Test
  void needsItsTemplateOnTheNode() {
    GuestFacts facts = facts(null, null, "tank");

    Plan<GuestStep> without =
        plan(container(OptionalInt.empty()), facts.withTemplates(Set.of("local:vztmpl/alpine")));
    Plan<GuestStep> with =
        plan(container(OptionalInt.empty()), facts.withTemplates(Set.of("local:vztmpl/debian")));

    assertThat(without.now()).isEmpty();
    assertThat(reasons(without)).containsExactly(Reason.TEMPLATE_NOT_FOUND);
    assertThat(with.now()).singleElement().isInstanceOf(CreateGuest.class);
  }

  private static Plan<GuestStep> plan(WantedGuest wanted, GuestFacts facts) {
    return GuestPlanner.plan(wanted, facts, Memory.EMPTY, NOW, NOW);
  }

  private static List<Reason> reasons(Plan<GuestStep> plan) {
    return plan.findings().stream().map(Finding::reason).toList();
  }

  private static GuestFacts facts(Found found, Found source, String storage) {
    return new GuestFacts(
        Optional.ofNullable(found),
        Map.of(NODE1, true, NODE2, true),
        Map.of(NODE1, Set.of(storage)),
        Optional.ofNullable(source),
        Optional.empty());
  }

  private static WantedGuest container(OptionalInt cloneOf) {
    return new WantedGuest(
        100,
        true,
        Optional.of(
            new WantedGuest.Create(
                NODE1,
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
