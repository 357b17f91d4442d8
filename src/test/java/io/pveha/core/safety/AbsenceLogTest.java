package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Since when keys have been absent from lists. */
class AbsenceLogTest {

  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final Listing GUESTS = Listing.GUESTS;

  @Test
  void nothingIsAbsentBeforeAnybodyLooked() {
    assertThat(AbsenceLog.EMPTY.isAbsent(GUESTS, "100")).isFalse();
    assertThat(AbsenceLog.EMPTY.since(GUESTS, "100")).isEmpty();
  }

  @Test
  void oneLookIsNotEnoughHoweverLongAgoItWas() {
    AbsenceLog log = look(AbsenceLog.EMPTY, 0);

    assertThat(log.isAbsent(GUESTS, "100")).isFalse();
    assertThat(log.since(GUESTS, "100")).hasValue(START);
  }

  @Test
  void absenceCountsOnceItHasLastedFromOneAgreeingLookToAnother() {
    AbsenceLog log = look(AbsenceLog.EMPTY, 0, "100");
    log = look(log, 2);
    assertThat(log.isAbsent(GUESTS, "100")).isFalse();
    assertThat(log.since(GUESTS, "100")).hasValue(START.plusSeconds(2));

    log = look(log, 11);
    assertThat(log.isAbsent(GUESTS, "100")).as("9 s").isFalse();
    assertThat(look(log, 12).isAbsent(GUESTS, "100")).as("10 s").isTrue();
  }

  @Test
  void whatOneViewListsIsPresentAndBeginsAnew() {
    AbsenceLog log = look(look(AbsenceLog.EMPTY, 0, "100"), 2);
    AbsenceLog back = log.look(Map.of(GUESTS, Set.of("100")), false, START.plusSeconds(8));

    assertThat(back.isPresent(GUESTS, "100")).isTrue();
    AbsenceLog gone = look(look(back, 12), 21);
    assertThat(gone.since(GUESTS, "100")).hasValue(START.plusSeconds(12));
    assertThat(gone.isAbsent(GUESTS, "100")).isFalse();
    assertThat(look(gone, 22).isAbsent(GUESTS, "100")).isTrue();
  }

  @Test
  void viewsThatDoNotAgreeMakeNothingAbsent() {
    AbsenceLog log = look(AbsenceLog.EMPTY, 0, "100");
    for (int at = 2; at < 60; at += 2) {
      log = log.look(Map.of(GUESTS, Set.of()), false, START.plusSeconds(at));
    }

    assertThat(log.isPresent(GUESTS, "100")).isTrue();
    assertThat(log.isAbsent(GUESTS, "100")).isFalse();
    assertThat(log.isAbsent(GUESTS, "101")).as("never seen, and one agreeing look").isFalse();
  }

  @Test
  void listsAreJudgedEachByItself() {
    AbsenceLog log = look(look(AbsenceLog.EMPTY, 0), 10);

    assertThat(log.isAbsent(GUESTS, "100")).isTrue();
    assertThat(log.isAbsent(Listing.STORAGES, "100")).isFalse();
  }

  @Test
  void whatTimeAloneWillSettleIsTold() {
    AbsenceLog fresh = look(AbsenceLog.EMPTY, 0, "100");
    assertThat(fresh.unsettled()).isEqualTo(Map.of(GUESTS, Set.of("")));

    AbsenceLog settled = look(fresh, 10, "100");
    assertThat(settled.unsettled()).isEqualTo(Map.of(GUESTS, Set.of()));

    AbsenceLog gone = look(settled, 12);
    assertThat(gone.unsettled()).isEqualTo(Map.of(GUESTS, Set.of("100")));
    assertThat(look(gone, 22).unsettled()).isEqualTo(Map.of(GUESTS, Set.of()));
  }

  /** Else the log of a cluster that makes and removes guests all day grows forever. */
  @Test
  void whatHasBeenAbsentForLongIsForgottenAndStaysAbsent() {
    AbsenceLog log = look(look(AbsenceLog.EMPTY, 0, "100"), 2);
    int later = (int) Duration.ofHours(2).toSeconds();
    log = look(log, later);

    assertThat(log.tracks().get(GUESTS).lacking()).isEmpty();
    assertThat(log.isAbsent(GUESTS, "100")).isTrue();
  }

  private static AbsenceLog look(AbsenceLog log, int second, String... guests) {
    return log.look(Map.of(GUESTS, Set.of(guests)), true, START.plusSeconds(second));
  }
}
