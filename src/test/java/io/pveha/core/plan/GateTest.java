package io.pveha.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private record Wish(String subject) implements Step {
    @Override
    public String action() {
      return "Wish";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String sentence() {
      return "Wishing " + subject + ".";
    }
  }

  private static final Wish WISH = new Wish("a");

  @Test
  void takesAStepThatWasNeverAsked() {
    Plan<Wish> plan = planned(Memory.EMPTY, NOW);

    assertThat(plan.now()).containsExactly(WISH);
    assertThat(plan.attempt(WISH, Memory.EMPTY)).isEqualTo(1);
  }

  @Test
  void neverTakesAStepAgainWhileItsTaskRuns() {
    Plan<Wish> plan = planned(asked(NOW.minusSeconds(9999), Outcome.RUNNING), NOW);

    assertThat(plan.now()).isEmpty();
    assertThat(plan.pending()).hasSize(1);
    assertThat(plan.findings()).extracting(Finding::reason).contains(ConditionReason.IN_PROGRESS);
  }

  @Test
  void waitsForTheFactsWhenTheOutcomeIsUnknown() {
    Plan<Wish> plan = planned(asked(NOW.minusSeconds(10), Outcome.UNKNOWN), NOW);

    assertThat(plan.now()).isEmpty();
    assertThat(plan.lookAgain()).contains(NOW.plusSeconds(10));
  }

  @Test
  void takesAStepOfUnknownOutcomeAgainOnlyByFactsYoungerThanItsDeadline() {
    Memory memory = asked(NOW.minusSeconds(60), Outcome.UNKNOWN);

    assertThat(planned(memory, NOW.minusSeconds(50)).now()).isEmpty();
    assertThat(planned(memory, NOW).now()).containsExactly(WISH);
    assertThat(planned(memory, NOW).attempt(WISH, memory)).isEqualTo(2);
  }

  @Test
  void triesAFailedStepAgainAfterAPause() {
    Outcome failed = Outcome.failed(ConditionReason.TASK_FAILED, "no space left");

    Plan<Wish> soon = planned(asked(NOW.minusSeconds(2), failed), NOW);
    Plan<Wish> later = planned(asked(NOW.minusSeconds(6), failed), NOW);

    assertThat(soon.now()).isEmpty();
    assertThat(soon.lookAgain()).contains(NOW.plusSeconds(3));
    assertThat(soon.findings().get(0).message()).contains("no space left");
    assertThat(later.now()).containsExactly(WISH);
  }

  @Test
  void asksEverLessOftenWhatIsRefusedForGoodAndCallsForAPerson() {
    Outcome refused = Outcome.failed(ConditionReason.REQUEST_REFUSED, "400 Rule 'x' is invalid.");
    Memory tenth =
        new Memory(
            List.of(
                new PendingStep(
                    WISH.key(),
                    Optional.empty(),
                    Optional.empty(),
                    NOW.minus(Duration.ofMinutes(29)),
                    NOW,
                    10)),
            Map.of(WISH.key(), refused));

    Plan<Wish> plan = planned(tenth, NOW);

    assertThat(plan.now()).isEmpty();
    assertThat(plan.lookAgain()).contains(NOW.plus(Duration.ofMinutes(1)));
    assertThat(plan.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
              assertThat(finding.message())
                  .contains("400 Rule 'x' is invalid", "keeps refusing this");
            });
  }

  @Test
  void forgetsAStepThatTheFactsDoNotAskForAnyMore() {
    Gate<Wish> gate = new Gate<>(asked(NOW, Outcome.SUCCEEDED), NOW, NOW);

    assertThat(gate.plan().pending()).isEmpty();
    assertThat(gate.plan().isDone()).isTrue();
  }

  @Test
  void takesNothingAndForgetsNothingWhileSomethingBlocks() {
    Gate<Wish> gate = new Gate<>(asked(NOW, Outcome.RUNNING), NOW, NOW);
    gate.want(new Wish("b"));

    assertThat(gate.blocked().now()).isEmpty();
    assertThat(gate.blocked().later()).containsExactly(new Wish("b"));
    assertThat(gate.blocked().pending()).hasSize(1);
  }

  private static Plan<Wish> planned(Memory memory, Instant factsAt) {
    Gate<Wish> gate = new Gate<>(memory, factsAt, NOW);
    gate.want(WISH);
    return gate.plan();
  }

  private static Memory asked(Instant at, Outcome outcome) {
    PendingStep pending =
        new PendingStep(WISH.key(), Optional.empty(), Optional.empty(), at, at.plusSeconds(20), 1);
    return new Memory(List.of(pending), Map.of(WISH.key(), outcome));
  }
}
