package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be concluded from the gaps of lists. */
class SightTest {

  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final Instant TOLD = START.plusSeconds(20);

  @ParameterizedTest
  @EnumSource(Listing.class)
  void absenceIsProvenByPrivilegesTimeAndAgreeingViews(Listing listing) {
    Sight sight = sight(all(), Map.of(), absentSince(START));

    assertThat(sight.doubts()).isEmpty();
    assertThat(sight.doubtThatGone(listing, "100")).isEmpty();
    assertThat(sight.doubt(Absence.of(listing, "100"))).isEmpty();
    assertThat(sight.doubt(Absence.beyond(listing))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Listing.class)
  void nothingIsConcludedWhilePrivilegesAreNotTold(Listing listing) {
    Sight sight = sight(HeldPrivileges.unknown("it is refused"), Map.of(), absentSince(START));

    assertThat(sight.doubt(listing)).map(Finding::reason).hasValue(ConditionReason.NOT_TOLD);
    assertThat(sight.doubt(new Absence(listing, Optional.of("100"), true))).isPresent();
  }

  @Test
  void aListWithoutItsPrivilegeProvesNothingNotEvenWhenOrdered() {
    for (NeededPrivilege lost : NeededPrivilege.ALL) {
      Sight sight = sight(allBut(lost), Map.of(), absentSince(START));
      for (Listing listing : lost.lists()) {
        String what = lost.name() + " " + listing;
        assertThat(sight.doubt(listing))
            .as(what)
            .map(Finding::reason)
            .hasValue(ConditionReason.PERMISSION_DENIED);
        assertThat(sight.doubt(Absence.of(listing, "100"))).as(what).isPresent();
        assertThat(sight.doubt(ordered(listing, "100"))).as(what).isPresent();
      }
    }
  }

  @Test
  void absenceThatBeganAfterThePrivilegesWereToldIsNotProven() {
    Sight sight = sight(all(), Map.of(), absentSince(TOLD.plusSeconds(1)));

    assertThat(sight.doubtThatGone(Listing.GUESTS, "100"))
        .map(Finding::reason)
        .hasValue(ConditionReason.ABSENCE_UNPROVEN);
  }

  @Test
  void whatAMemberStillListsIsNotGone() {
    AbsenceLog log = AbsenceLog.EMPTY.look(Map.of(Listing.GUESTS, Set.of("100")), true, START);

    assertThat(sight(all(), Map.of(), log).doubtThatGone(Listing.GUESTS, "100"))
        .map(Finding::message)
        .hasValueSatisfying(words -> assertThat(words).contains("still lists guest 100"));
  }

  @Test
  void aListThatShowsNoneOfItsAnchorsIsInDoubtAsAWhole() {
    Sight.Anchors anchors =
        new Sight.Anchors(Map.of("100", "HA lists ct:100", "101", "HA lists ct:101"), false, "Do.");
    Map<Listing, Sight.Anchors> must = Map.of(Listing.GUESTS, anchors);

    Sight blind = sight(all(), must, absentSince(START));
    assertThat(blind.doubt(Absence.of(Listing.GUESTS, "200"))).isPresent();
    assertThat(blind.doubt(Listing.GUESTS))
        .map(Finding::message)
        .hasValueSatisfying(words -> assertThat(words).contains("HA lists ct:100", "Do."));

    Sight seeing = sight(all(), must, absentSince(START), "101");
    assertThat(seeing.doubt(Absence.of(Listing.GUESTS, "200"))).isEmpty();
    assertThat(seeing.doubt(Listing.GUESTS)).isEmpty();
  }

  @Test
  void anAnchorByItselfPutsItselfInDoubtAndNothingElse() {
    Sight.Anchors anchors = new Sight.Anchors(Map.of("100", "A job is listed"), true, "Do.");
    Sight sight = sight(all(), Map.of(Listing.GUESTS, anchors), absentSince(START), "101");

    assertThat(sight.doubtThatGone(Listing.GUESTS, "100")).isPresent();
    assertThat(sight.doubtThatGone(Listing.GUESTS, "200")).isEmpty();
    assertThat(sight.doubt(ordered(Listing.GUESTS, "100"))).as("its owner says so").isEmpty();
  }

  @Test
  void namesWhatIsNotProvenToBeGone() {
    Sight.Anchors anchors =
        new Sight.Anchors(Map.of("100", "HA lists ct:100", "101", "HA lists ct:101"), true, "Do.");
    AbsenceLog brief =
        AbsenceLog.EMPTY
            .look(Map.of(Listing.GUESTS, Set.of("101", "200")), true, START)
            .look(Map.of(Listing.GUESTS, Set.of("101")), true, START.plusSeconds(20));
    Sight sight = sight(all(), Map.of(Listing.GUESTS, anchors), brief, "101");

    assertThat(sight.unproven(Listing.GUESTS)).containsExactly("100", "200");
    assertThat(sight.unproven(Listing.STORAGES)).isEmpty();
    assertThat(Sight.FULL.unproven(Listing.GUESTS)).isEmpty();
  }

  @Test
  void aListWithRowsThatCanNotBeReadIsInDoubtButDoesNotHideWhy() {
    Finding unread = Finding.delays(ConditionReason.NOT_PROXMOX, "row 3 has no vmid");
    Sight sight =
        sight(all(), Map.of(), absentSince(START)).withBlind(Map.of(Listing.GUESTS, unread));

    assertThat(sight.doubt(Absence.of(Listing.GUESTS, "100"))).hasValue(unread);
    assertThat(sight.doubts()).containsOnlyKeys(Listing.GUESTS);
  }

  @Test
  void aGuestWithoutAuditPutsItsJobsAndMembershipInDoubt() {
    Map<String, Map<String, Boolean>> paths = new HashMap<>(all().paths());
    paths.put("/vms/100", Map.of("VM.Config.Options", true));
    Sight sight = sight(HeldPrivileges.of(paths, Map.of()), Map.of(), absentSince(START));

    for (String job : List.of("100-0", "100>node2")) {
      assertThat(sight.doubtThatGone(Listing.REPLICATION_JOBS, job)).as(job).isPresent();
    }
    assertThat(sight.doubtThatGone(Listing.POOL_MEMBERS, "web/100")).isPresent();
    assertThat(sight.doubtThatGone(Listing.REPLICATION_JOBS, "101-0")).isEmpty();
  }

  /** The advice to restore a guest would be wrong where only a privilege is missing. */
  @Test
  void anAnchorThatAMissingPrivilegeHidesIsTakenForHiddenAndForNothingElse() {
    Map<String, Map<String, Boolean>> paths = new HashMap<>(all().paths());
    paths.put("/vms/100", Map.of("VM.Config.Options", true));
    HeldPrivileges held = HeldPrivileges.of(paths, Map.of());
    Map<String, String> alone = Map.of("100", "HA lists ct:100");
    Map<String, String> both = Map.of("100", "HA lists ct:100", "101", "HA lists ct:101");

    Sight hidden = sight(held, guests(alone), absentSince(START));
    assertThat(hidden.doubt(Listing.GUESTS))
        .map(Finding::reason)
        .hasValue(ConditionReason.PERMISSION_DENIED);
    assertThat(hidden.doubtThatGone(Listing.GUESTS, "100"))
        .map(Finding::reason)
        .hasValue(ConditionReason.PERMISSION_DENIED);

    Sight gone = sight(held, guests(both), absentSince(START));
    assertThat(gone.doubtThatGone(Listing.GUESTS, "101"))
        .map(Finding::message)
        .hasValueSatisfying(words -> assertThat(words).contains("HA lists ct:101"));
    Sight seen = sight(held, guests(both), absentSince(START), "101");
    assertThat(seen.doubtThatGone(Listing.GUESTS, "102")).isEmpty();
  }

  private static Map<Listing, Sight.Anchors> guests(Map<String, String> witness) {
    return Map.of(Listing.GUESTS, new Sight.Anchors(witness, false, "Restore it."));
  }

  /** Told between the last shortened list and the next whole one, it makes no list whole. */
  @Test
  void aPrivilegeThatIsBackProvesNothingOfListsThatWereAskedBefore() {
    NeededPrivilege audit =
        NeededPrivilege.ALL.stream()
            .filter(each -> each.name().equals("VM.Audit"))
            .findFirst()
            .orElseThrow();
    Instant back = START.plusSeconds(60);
    AbsenceLog hidden =
        absentSince(START).look(Map.of(Listing.GUESTS, Set.of()), true, back.minusSeconds(1));

    AbsenceLog shortened = hidden.shortened(allBut(audit), back);
    assertThat(sight(all(), Map.of(), shortened).doubtThatGone(Listing.GUESTS, "100")).isPresent();
    assertThat(shortened.since(Listing.GUESTS, "100")).hasValue(back);
    assertThat(shortened.isAbsent(Listing.STORAGES, "tank")).as("another list").isTrue();

    AbsenceLog whole = shortened.look(Map.of(Listing.GUESTS, Set.of()), true, back.plusSeconds(10));
    assertThat(whole.isAbsent(Listing.GUESTS, "100")).isTrue();
    assertThat(whole.shortened(all(), back.plusSeconds(10))).isEqualTo(whole);
  }

  @Test
  void aGuestThatIsShownAgainIsAloneInBeginningAnew() {
    Map<String, Map<String, Boolean>> paths = new HashMap<>(all().paths());
    paths.put("/vms/100", Map.of("VM.Config.Options", true));
    Instant back = START.plusSeconds(60);

    AbsenceLog log = absentSince(START).shortened(HeldPrivileges.of(paths, Map.of()), back);
    assertThat(log.since(Listing.GUESTS, "100")).hasValue(back);
    assertThat(log.isAbsent(Listing.GUESTS, "100")).isFalse();
    assertThat(log.isAbsent(Listing.GUESTS, "101")).isTrue();
  }

  private static Absence ordered(Listing listing, String key) {
    return new Absence(listing, Optional.of(key), true);
  }

  private static Sight sight(
      HeldPrivileges held, Map<Listing, Sight.Anchors> anchors, AbsenceLog log, String... guests) {
    return Sight.of(held, TOLD, Map.of(Listing.GUESTS, Arrays.asList(guests)), anchors, log);
  }

  /** Every list is empty from then on, in agreeing views, for long enough. */
  private static AbsenceLog absentSince(Instant since) {
    Map<Listing, Set<String>> empty = new HashMap<>();
    for (Listing listing : Listing.values()) {
      empty.put(listing, Set.of());
    }
    return AbsenceLog.EMPTY
        .look(empty, true, since)
        .look(empty, true, since.plus(AbsenceLog.LONG_ENOUGH));
  }

  private static HeldPrivileges all() {
    return allBut(null);
  }

  private static HeldPrivileges allBut(NeededPrivilege lost) {
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    for (String path :
        List.of("/", "/access", "/nodes", "/pool", "/sdn/zones", "/storage", "/vms")) {
      Map<String, Boolean> held = new HashMap<>();
      NeededPrivilege.ALL.forEach(each -> held.put(each.name(), true));
      if (lost != null && path.equals(lost.path())) {
        held.remove(lost.name());
        // Space to use on a storage shows it as well.
        held.remove(lost.name().equals("Datastore.Audit") ? "Datastore.AllocateSpace" : "");
      }
      paths.put(path, held);
    }
    return HeldPrivileges.of(paths, Map.of());
  }
}
