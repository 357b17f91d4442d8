package io.pveha.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);

  @Test
  void anUnchangedStatusKeepsItsTime() {
    List<Condition> noon = ready(ConditionReason.AS_SPECIFIED).mergedInto(List.of(), 1L, NOON);

    List<Condition> later = ready(ConditionReason.OBSERVED).mergedInto(noon, 2L, LATER);

    assertThat(later).hasSize(1);
    assertThat(later.get(0).getLastTransitionTime()).isEqualTo(NOON.toString());
    assertThat(later.get(0).getReason()).isEqualTo("Observed");
    assertThat(later.get(0).getObservedGeneration()).isEqualTo(2L);
  }

  @Test
  void aChangedStatusGetsTheTimeOfTheChange() {
    List<Condition> noon = ready(ConditionReason.AS_SPECIFIED).mergedInto(List.of(), 1L, NOON);

    List<Condition> later =
        new Conditions()
            .isFalse(ConditionType.READY, ConditionReason.NODE_OFFLINE, "gone")
            .mergedInto(noon, 1L, LATER);

    assertThat(later.get(0).getLastTransitionTime()).isEqualTo(LATER.toString());
  }

  @Test
  void conditionsOfOthersStay() {
    Condition others = new ConditionBuilder().withType("PowerSupply").withStatus("True").build();

    List<Condition> merged =
        ready(ConditionReason.AS_SPECIFIED).mergedInto(List.of(others), 1L, NOON);

    assertThat(merged).contains(others).hasSize(2);
  }

  @Test
  void whatBlocksStallsAndNamesTheCauseBeforeWhatDelays() {
    Conditions conditions = new Conditions();

    Verdict.of(
        plan(
            Finding.delays(ConditionReason.IN_PROGRESS, "working"),
            Finding.blocks(ConditionReason.DISK_IN_USE, "spec.nodes: used")),
        false,
        conditions,
        "done");

    assertThat(conditions.get(ConditionType.STALLED).orElseThrow().getStatus()).isEqualTo("True");
    assertThat(conditions.get(ConditionType.READY).orElseThrow().getMessage())
        .isEqualTo("spec.nodes: used");
  }

  @Test
  void whatOnlyInformsIsReady() {
    Conditions conditions = new Conditions();

    Verdict.of(
        plan(Finding.informs(ConditionReason.POOL_DEGRADED, "a disk")), false, conditions, "done");

    assertThat(conditions.get(ConditionType.READY).orElseThrow().getStatus()).isEqualTo("True");
  }

  private static Conditions ready(ConditionReason reason) {
    return new Conditions().isTrue(ConditionType.READY, reason, "well");
  }

  private static Plan<Step> plan(Finding... findings) {
    return new Plan<>(List.of(), List.of(), List.of(), List.of(findings), Optional.empty());
  }
}
