package io.pveha.operator.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.PendingTask;
import io.pveha.core.plan.PendingStep;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is remembered of steps that were asked, from a status that others may have written. */
class SavedPlanTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "node1, UPID:node1:0000ABCD:0000ABCD:695B6D00:zfscreate:tank:operator@pve!pveha:, true",
    "     , UPID:node1:0000ABCD:0000ABCD:695B6D00:zfscreate:tank:operator@pve!pveha:, true",
    "node2, UPID:node1:0000ABCD:0000ABCD:695B6D00:zfscreate:tank:operator@pve!pveha:, false",
    "node1, UPID:node1:0000ABCD:0000ABCD:695B6D00:zfscreate:tank:operator@pve!other:, false",
    "node1, UPID:node1:0000ABCD:0000ABCD:695B6D00:vzdestroy:100:root@pam:, false",
    "node1, UPID:../../x:, false",
    "node1, , false"
  })
  void followsOnlyATaskOfOursOnTheNodeThatWasAsked(String node, String upid, boolean followed) {
    PendingTask task =
        new PendingTask("CreatePool", node, "tank", upid, NOW, NOW.plusSeconds(60), 1);

    List<PendingStep> remembered =
        SavedPlan.remembered(
            List.of(task), known -> known.user().equals("operator@pve!pveha"), NOW);

    assertThat(remembered)
        .singleElement()
        .matches(step -> step.upid().isPresent() == followed)
        .matches(step -> step.key().subject().equals("tank"));
  }
}
