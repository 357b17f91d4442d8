package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Severity;
import io.pveha.core.safety.GuestAbsence.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuestAbsenceTest {

  private static final Instant T = Instant.parse("2026-11-01T00:00:00Z");
  private static final Finding DENIED =
      Finding.blocks(ConditionReason.PERMISSION_DENIED, "VM.Audit is missing.");

  private static final GuestMemory SEEN =
      new GuestMemory(Optional.of(T), Optional.empty(), Optional.empty());

  @Test
  void aGuestThatNeverWasMayBeMadeOnceItsAbsenceIsProven() {
    assertThat(judge(GuestMemory.EMPTY, gone(), 1).obstacle()).isEmpty();
    assertThat(judge(GuestMemory.EMPTY, inDoubt(), 1).obstacle()).contains(DENIED);
  }

  @Test
  void whatProxmoxHaListsIsNotVisible() {
    Sighting underHa =
        new Sighting("ct:100", false, false, true, Optional.empty(), Optional.of("go"));

    for (GuestMemory memory : List.of(GuestMemory.EMPTY, SEEN, lost(Optional.empty()))) {
      GuestAbsence absence = judge(memory, underHa, 20);
      assertThat(absence.obstacle()).hasValueSatisfying(is(ConditionReason.GUEST_NOT_VISIBLE));
      assertThat(absence.memory()).isEqualTo(memory);
    }
  }

  @Test
  void aPrivilegeThatIsMissingIsNamedBeforeWhatProxmoxHaLists() {
    Sighting both =
        new Sighting("ct:100", false, false, true, Optional.of(DENIED), Optional.empty());

    assertThat(judge(SEEN, both, 20).obstacle()).contains(DENIED);
  }

  @Test
  void aGuestThatWasThereIsLostAndStaysLost() {
    GuestAbsence first = judge(SEEN, gone(), 10);

    assertThat(first.obstacle()).hasValueSatisfying(is(ConditionReason.GUEST_LOST));
    assertThat(first.memory().lostSince()).contains(T.plusSeconds(10));
    GuestAbsence second = judge(first.memory(), gone(), 99);
    assertThat(second.memory()).isEqualTo(first.memory());
    assertThat(second.obstacle()).isEqualTo(first.obstacle());
  }

  @Test
  void whileInDoubtItIsNotLost() {
    assertThat(judge(SEEN, inDoubt(), 10)).isEqualTo(new GuestAbsence(SEEN, Optional.of(DENIED)));
  }

  @Test
  void anOrderAfterTheLossMakesItAnewOnce() {
    GuestAbsence ordered = judge(lost(Optional.empty()), gone("order-7"), 20);
    assertThat(ordered.obstacle()).isEmpty();
    assertThat(ordered.memory())
        .isEqualTo(new GuestMemory(Optional.empty(), Optional.empty(), Optional.of("order-7")));

    GuestMemory made = judge(ordered.memory(), here("order-7"), 30).memory();
    GuestMemory lostAgain = judge(made, gone("order-7"), 40).memory();
    assertThat(judge(lostAgain, gone("order-7"), 50).obstacle())
        .hasValueSatisfying(is(ConditionReason.GUEST_LOST));
    assertThat(judge(lostAgain, gone("order-8"), 50).obstacle()).isEmpty();
  }

  @Test
  void aTimeMustBeYoungerThanTheLossAndNotAhead() {
    GuestMemory lost = lost(Optional.empty());

    assertThat(judge(lost, gone(T.plusSeconds(11).toString()), 20).obstacle()).isEmpty();
    for (long wrong : List.of(0L, 10L, 2000L)) {
      assertThat(judge(lost, gone(T.plusSeconds(wrong).toString()), 20).obstacle())
          .as("%d s", wrong)
          .hasValueSatisfying(is(ConditionReason.GUEST_LOST));
    }
  }

  @Test
  void whatWasWrittenBeforeTheLossDoesNotCount() {
    GuestMemory here = judge(SEEN, here("early"), 5).memory();
    GuestMemory gone = judge(here, gone("early"), 10).memory();
    assertThat(judge(gone, gone("early"), 11).obstacle())
        .hasValueSatisfying(is(ConditionReason.GUEST_LOST));

    // Written while nobody looked, before the loss was found.
    GuestMemory found = judge(SEEN, gone("unseen"), 10).memory();
    assertThat(judge(found, gone("unseen"), 11).obstacle())
        .hasValueSatisfying(is(ConditionReason.GUEST_LOST));
    assertThat(judge(found, gone(""), 11).obstacle())
        .hasValueSatisfying(is(ConditionReason.GUEST_LOST));
  }

  @Test
  void aGuestThatIsRestoredIsThereAgain() {
    GuestAbsence back = judge(lost(Optional.of("x")), here("x"), 60);

    assertThat(back.obstacle()).isEmpty();
    assertThat(back.memory().lostSince()).isEmpty();
    assertThat(back.memory().seenSince()).contains(T);
  }

  @Test
  void oneThatIsStillBeingMadeWasNotThereYet() {
    Sighting half = new Sighting("ct:100", true, false, false, Optional.empty(), Optional.empty());

    assertThat(judge(GuestMemory.EMPTY, half, 5).memory()).isEqualTo(GuestMemory.EMPTY);
  }

  /** Whatever comes in whatever order, a guest that was there is made only by a fresh order. */
  @Test
  void neverMadeAnewWithoutAnOrderOfItsOwn() {
    Random random = new Random(9);
    for (int round = 0; round < 2000; round++) {
      GuestMemory memory = GuestMemory.EMPTY;
      boolean mayBeMade = true;
      Optional<String> before = Optional.empty();
      for (int step = 1; step < 30; step++) {
        Optional<String> order =
            random.nextInt(4) == 0 ? Optional.of("o" + random.nextInt(3)) : before;
        Sighting seen =
            new Sighting(
                "ct:100",
                random.nextInt(3) == 0,
                random.nextBoolean(),
                random.nextInt(5) == 0,
                random.nextInt(4) == 0 ? Optional.of(DENIED) : Optional.empty(),
                order);
        boolean fresh = !order.equals(before);
        GuestAbsence absence = judge(memory, seen, step);
        boolean makes = !seen.listed() && absence.obstacle().isEmpty();
        if (makes && !mayBeMade) {
          assertThat(fresh || memory.recreate().filter(order::equals).isEmpty())
              .as("round %d step %d", round, step)
              .isTrue();
          assertThat(order).isPresent();
          mayBeMade = true;
        }
        if (makes) {
          assertThat(seen.underHa() || seen.doubt().isPresent()).isFalse();
        }
        if (seen.listed() && seen.complete()) {
          mayBeMade = false;
        }
        memory = absence.memory();
        before = order;
      }
    }
  }

  private static org.assertj.core.api.ThrowingConsumer<Finding> is(ConditionReason reason) {
    return doubt -> {
      assertThat(doubt.reason()).isEqualTo(reason);
      assertThat(doubt.severity()).isEqualTo(Severity.BLOCKS);
    };
  }

  private static GuestMemory lost(Optional<String> recreate) {
    return new GuestMemory(Optional.of(T), Optional.of(T.plusSeconds(10)), recreate);
  }

  private static Sighting gone() {
    return new Sighting("ct:100", false, false, false, Optional.empty(), Optional.empty());
  }

  private static Sighting gone(String order) {
    return new Sighting("ct:100", false, false, false, Optional.empty(), Optional.of(order));
  }

  private static Sighting here(String order) {
    return new Sighting("ct:100", true, true, true, Optional.empty(), Optional.of(order));
  }

  private static Sighting inDoubt() {
    return new Sighting("ct:100", false, false, false, Optional.of(DENIED), Optional.empty());
  }

  private static GuestAbsence judge(GuestMemory memory, Sighting seen, long second) {
    return GuestAbsence.judge(memory, seen, T.plusSeconds(second));
  }
}
