package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each single reason not to write suffices, when a step is planned and at its write. */
class WritePermitTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final Finding DOUBT =
      Finding.delays(ConditionReason.TOO_FEW_VIEWS, "Only node1 answers.");
  private static final Step STEP = new Plain("UpdateJob");
  private static final Step ON_ABSENCE = new OnAbsence();

  /** A step that rests on what is seen only. */
  private record Plain(String action) implements Step {
    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String subject() {
      return "100-0";
    }

    @Override
    public String sentence() {
      return action + " 100-0.";
    }
  }

  /** A step that takes something for absent. */
  private static final class OnAbsence implements Step, RestsOnAbsence {
    @Override
    public String action() {
      return "CreateGuest";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String subject() {
      return "100";
    }

    @Override
    public String sentence() {
      return "Creating guest 100.";
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.of(Listing.GUESTS, "100"));
    }
  }

  /** What is known, to be changed in one respect. */
  private static final class Known {
    private boolean observeOnly;
    private boolean owned = true;
    private boolean leads = true;
    private WriteGrounds planned = grounds(NOW, NOW);
    private Optional<WriteGrounds> latest = Optional.of(grounds(NOW, NOW));

    private WritePermit permit() {
      return new WritePermit(observeOnly, planned, () -> latest, () -> owned, () -> leads);
    }

    private Optional<Finding> refusal(Step step) {
      return permit().refusal(step, NOW);
    }
  }

  private final Known known = new Known();

  @Test
  void isGivenWhenNothingIsInDoubt() {
    assertThat(known.refusal(STEP)).isEmpty();
    assertThat(known.refusal(ON_ABSENCE)).isEmpty();
  }

  @Test
  void nothingIsWrittenInObserveMode() {
    known.observeOnly = true;
    assertThat(known.refusal(STEP)).map(Finding::severity).contains(Severity.INFORMS);
  }

  @Test
  void nothingIsWrittenWithoutTheLease() {
    known.leads = false;
    assertThat(known.refusal(STEP)).map(Finding::severity).contains(Severity.INFORMS);
  }

  @Test
  void nothingIsWrittenThatBelongsToSomebodyElse() {
    known.owned = false;
    assertThat(known.refusal(STEP)).map(Finding::severity).contains(Severity.INFORMS);
  }

  @Test
  void nothingIsWrittenToAClusterOfWhichNothingIsKnownAnyMore() {
    known.latest = Optional.empty();
    assertThat(known.refusal(STEP)).isPresent();
  }

  @Test
  void nothingIsWrittenWhileTheClusterIsOutOfSight() {
    Finding missed = Finding.informs(ConditionReason.GUARD_HOLDS, "node1 did not answer.");
    known.latest =
        Optional.of(
            new WriteGrounds(
                Optional.of(missed),
                Optional.empty(),
                Optional.empty(),
                NOW,
                Optional.of(NOW),
                Sight.FULL));
    assertThat(known.refusal(STEP)).contains(missed);
  }

  @Test
  void nothingIsWrittenOnTheWordOfTooFew() {
    known.latest = Optional.of(doubted());
    assertThat(known.refusal(STEP)).contains(DOUBT);
  }

  @Test
  void viewsThatSufficeLaterDoNotMendAPlanThatWasMadeOfTooFew() {
    known.planned = doubted();
    assertThat(known.refusal(STEP)).contains(DOUBT);
  }

  @Test
  void nothingIsWrittenOnAnAnswerThatIsTooOld() {
    Finding old = Finding.delays(ConditionReason.FACTS_TOO_OLD, "GET /storage fails.");
    known.latest =
        Optional.of(
            new WriteGrounds(
                Optional.empty(),
                Optional.empty(),
                Optional.of(old),
                NOW,
                Optional.of(NOW),
                Sight.FULL));
    assertThat(known.refusal(STEP)).contains(old);
  }

  @Test
  void nothingIsWrittenOnOldFacts() {
    known.latest = Optional.of(grounds(NOW.minus(AgeLimit.FAST).minusMillis(1), NOW));
    assertThat(known.refusal(STEP)).map(Finding::reason).contains(ConditionReason.FACTS_TOO_OLD);
    known.latest = Optional.of(grounds(NOW, NOW.minus(AgeLimit.SLOW).minusMillis(1)));
    assertThat(known.refusal(STEP)).map(Finding::reason).contains(ConditionReason.FACTS_TOO_OLD);
  }

  @Test
  void aPlanGrowsOldWhileItWaitsForItsTurn() {
    known.planned = grounds(NOW.minus(AgeLimit.FAST).minusMillis(1), NOW);
    assertThat(known.refusal(STEP)).map(Finding::reason).contains(ConditionReason.FACTS_TOO_OLD);
  }

  @Test
  void absenceIsProvenForTheStepThatRestsOnItAndForNoOther() {
    Finding blind = Finding.delays(ConditionReason.ABSENCE_UNPROVEN, "The list may be short.");
    WriteGrounds shortList =
        new WriteGrounds(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            NOW,
            Optional.of(NOW),
            Sight.FULL.withBlind(Map.of(Listing.GUESTS, blind)));
    known.latest = Optional.of(shortList);

    assertThat(known.refusal(ON_ABSENCE))
        .map(Finding::reason)
        .contains(ConditionReason.ABSENCE_UNPROVEN);
    assertThat(known.refusal(STEP)).isEmpty();

    PermittedPlan<Step> permitted =
        PermittedPlan.of(
            new Plan<>(
                List.of(ON_ABSENCE, STEP), List.of(), List.of(), List.of(), Optional.empty()),
            known.permit(),
            NOW);
    assertThat(permitted.plan().now()).containsExactly(STEP);
    assertThat(permitted.plan().later()).containsExactly(ON_ABSENCE);
    assertThat(permitted.told()).hasSize(1);
  }

  @Test
  void aGrantIsAskedAtEachWrite() {
    WriteGrant grant = known.permit().grant(STEP, () -> NOW);
    assertThat(grant.refusal()).isEmpty();

    known.leads = false;
    assertThat(grant.refusal()).isPresent();
  }

  private static WriteGrounds grounds(Instant fastAt, Instant slowAt) {
    return new WriteGrounds(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        fastAt,
        Optional.of(slowAt),
        Sight.FULL);
  }

  private static WriteGrounds doubted() {
    return new WriteGrounds(
        Optional.empty(), Optional.of(DOUBT), Optional.empty(), NOW, Optional.of(NOW), Sight.FULL);
  }
}
