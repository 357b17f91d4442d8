package io.pveha.operator.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.core.plan.StepKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionLineTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final ReplicateNow STEP =
      new ReplicateNow(
          "100-0", new GuestId(GuestKind.CT, 100), new NodeName("node1"), "before it moves");

  @Test
  void healthyPassIsSilent() {
    Finding informs = Finding.informs(ConditionReason.HEALTHY, "All is well.");

    assertThat(DecisionLine.of(plan(List.of(), List.of(informs)), List.of())).isEmpty();
  }

  @Test
  void saysWhatIsDoneAndWhatIsAwaited() {
    assertThat(DecisionLine.of(plan(List.of(STEP), List.of()), List.of()))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("takes " + STEP.sentence())
                    .contains("awaits CreatePool tank"));
  }

  @Test
  void saysWhyNothingIsDone() {
    Finding refusal =
        Finding.delays(ConditionReason.ABSENCE_UNPROVEN, "Two members have not agreed.");
    Finding blocks = Finding.blocks(ConditionReason.DISK_IN_USE, "Disk /dev/sdb is in use.");

    assertThat(DecisionLine.of(plan(List.of(), List.of(blocks)), List.of(refusal)))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .contains("AbsenceUnproven: Two members have not agreed.")
                    .contains("DiskInUse: Disk /dev/sdb is in use.")
                    .doesNotContain("takes"));
  }

  private static Plan<Step> plan(List<Step> now, List<Finding> findings) {
    PendingStep pending =
        new PendingStep(
            new StepKey("CreatePool", "tank"), Optional.empty(), Optional.empty(), NOW, NOW, 1);
    return new Plan<>(
        now, List.of(), now.isEmpty() ? List.of() : List.of(pending), findings, Optional.empty());
  }
}
