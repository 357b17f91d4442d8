package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which privileges are held on which path. */
class HeldPrivilegesTest {

  private static final String TOKEN = "operator@pve!pveha";

  @Test
  void whatPropagatesHoldsForPathsBelow() {
    HeldPrivileges held = held("/vms", Map.of("VM.Audit", true, "VM.Clone", false));

    assertThat(held.holds("VM.Audit", "/vms/100")).isTrue();
    assertThat(held.holds("VM.Clone", "/vms")).isTrue();
    assertThat(held.holds("VM.Clone", "/vms/100")).isFalse();
    assertThat(held.gaps("VM.Audit", "/vms")).isEmpty();
    assertThat(held.gaps("VM.Clone", "/vms")).containsExactly("/vms");
  }

  @Test
  void aPathOfItsOwnHasOnlyWhatItSays() {
    HeldPrivileges held =
        held("/vms", Map.of("VM.Audit", true), "/vms/100", Map.of("VM.Backup", true));

    assertThat(held.holds("VM.Audit", "/vms/100")).isFalse();
    assertThat(held.holds("VM.Audit", "/vms/101")).isTrue();
    assertThat(held.gaps("VM.Audit", "/vms")).containsExactly("/vms/100");
  }

  @Test
  void whatProxmoxAlwaysJudgesAndDoesNotListHasNothing() {
    HeldPrivileges held = held("/", Map.of("VM.Audit", true, "SDN.Use", true));

    assertThat(held.holds("VM.Audit", "/vms")).isFalse();
    assertThat(held.holds("VM.Audit", "/vms/100")).isFalse();
    assertThat(held.holds("SDN.Use", "/sdn/zones")).isTrue();
  }

  /** A token without privileges of its own is told an empty object. */
  @Test
  void nothingIsHeldWhereNothingIsTold() {
    for (HeldPrivileges held :
        List.of(HeldPrivileges.of(Map.of(), Map.of()), HeldPrivileges.unknown("it is refused"))) {
      for (NeededPrivilege privilege : NeededPrivilege.ALL) {
        assertThat(privilege.gaps(held)).as(privilege.name()).containsExactly(privilege.path());
      }
    }
  }

  @Test
  void eachMissingPrivilegeIsNamedWithItsPathPurposeAndCommand() {
    for (NeededPrivilege privilege : NeededPrivilege.ALL) {
      HeldPrivileges held = allBut(privilege);
      MissingPrivileges missing = MissingPrivileges.of(held, Set.of(Feature.values()), 8, 9);

      assertThat(missing.neededWords())
          .contains("%s on %s, for ".formatted(privilege.name(), privilege.path()))
          .contains(privilege.purpose());
      assertThat(missing.commands(TOKEN))
          .containsExactly(
              ("pveum role add %1$s --privs \"%2$s\" || pveum role modify %1$s --privs \"%2$s\""
                      + " --append; pveum acl modify %3$s --roles %1$s --users operator@pve"
                      + " --tokens 'operator@pve!pveha'")
                  .formatted(privilege.role(), privilege.name(), privilege.path()));
    }
  }

  @Test
  void whatNothingInUseRestsOnIsNotNeeded() {
    MissingPrivileges missing =
        MissingPrivileges.of(HeldPrivileges.of(Map.of(), Map.of()), Set.of(Feature.SEEING), 9, 9);

    assertThat(missing.needed())
        .extracting(each -> each.privilege().name())
        .containsExactly("Sys.Audit", "VM.Audit", "Sys.Audit", "Datastore.Audit", "Pool.Audit");
    assertThat(missing.spareWords()).contains("Sys.Console on /").contains("VM.Clone on /vms");
  }

  @Test
  void replicationAsksForAnotherPrivilegeByVersion() {
    Set<Feature> replication = Set.of(Feature.REPLICATION);
    HeldPrivileges none = HeldPrivileges.of(Map.of(), Map.of());

    assertThat(MissingPrivileges.of(none, replication, 8, 8).neededWords())
        .contains("Datastore.Allocate")
        .doesNotContain("VM.Replicate");
    assertThat(MissingPrivileges.of(none, replication, 9, 9).neededWords())
        .contains("VM.Replicate")
        .doesNotContain("Datastore.Allocate");
  }

  /** Proxmox leaves out a path on which nothing is held, so that only the entry shows it. */
  @Test
  void noAccessOnOnePathTakesAwayWhatIsHeldAbove() {
    for (String path : List.of("/vms/100", "/storage/tank", "/nodes/node1", "/pool/prod")) {
      HeldPrivileges held = HeldPrivileges.of(everything(), entry(path, TOKEN));

      assertThat(
              NeededPrivilege.ALL.stream()
                  .filter(each -> path.startsWith(each.path() + "/"))
                  .filter(each -> !each.lists().isEmpty()))
          .allSatisfy(
              each -> {
                assertThat(held.holds(each.name(), path)).isFalse();
                assertThat(each.gaps(held)).containsExactly(path);
              });
      MissingPrivileges missing = MissingPrivileges.of(held, Set.of(Feature.SEEING), 9, 9);
      assertThat(missing.needed()).isNotEmpty();
      assertThat(missing.commands(TOKEN))
          .containsExactly(
              "pveum acl delete %s --roles NoAccess --tokens '%s'".formatted(path, TOKEN));
    }
  }

  @Test
  void noAccessHidesThatObjectAndNoOther() {
    HeldPrivileges guest = HeldPrivileges.of(everything(), entry("/vms/100", TOKEN));
    HeldPrivileges storage = HeldPrivileges.of(everything(), entry("/storage/tank", TOKEN));

    assertThat(guest.holds("VM.Audit", "/vms/101")).isTrue();
    assertThat(doubted(guest, Listing.GUESTS, "100", "101")).containsExactly("100");
    assertThat(doubted(guest, Listing.REPLICATION_JOBS, "100-0", "101>node2", "100>node2"))
        .containsExactly("100-0", "100>node2");
    assertThat(doubted(guest, Listing.POOL_MEMBERS, "prod/100", "prod/101"))
        .containsExactly("prod/100");
    assertThat(doubted(guest, Listing.STORAGES, "tank")).isEmpty();
    assertThat(doubted(storage, Listing.STORAGES, "tank", "local")).containsExactly("tank");
    assertThat(doubted(storage, Listing.GUESTS, "100")).isEmpty();
  }

  /** Who is kept out of a pool is kept out of all that is in it, and nobody says what that is. */
  @Test
  void noAccessOnAPoolMayHideAnyGuestAndStorage() {
    for (String path : List.of("/pool", "/pool/prod")) {
      Map<String, Map<String, Boolean>> held = everything();
      held.remove(path);
      HeldPrivileges hiding = HeldPrivileges.of(held, entry(path, TOKEN));

      assertThat(hiding.hidingPools()).containsExactly(path);
      assertThat(hiding.holds("VM.Audit", "/vms/100")).isFalse();
      assertThat(hiding.holdsBelow("Datastore.Audit", "/storage")).isFalse();
      assertThat(hiding.lacks("VM.Audit", "/vms/100")).contains("NoAccess on " + path);
      assertThat(doubted(hiding, Listing.GUESTS, "100")).containsExactly("100");
      assertThat(doubted(hiding, Listing.STORAGES, "tank")).containsExactly("tank");
      assertThat(doubted(hiding, Listing.HA_RESOURCES, "ct:100")).isEmpty();
    }
  }

  @Test
  void anEntryOfSomebodyElseTakesNothingAway() {
    Map<String, Map<String, Boolean>> held = everything();
    held.put("/vms/100", held.get("/vms"));
    held.put("/pool/prod", held.get("/pool"));
    HeldPrivileges all =
        HeldPrivileges.of(
            held,
            Map.of(
                "/vms/100", new TreeSet<>(Set.of("alice@pve")),
                "/pool/prod", new TreeSet<>(Set.of("alice@pve"))));

    assertThat(MissingPrivileges.of(all, Set.of(Feature.values()), 8, 9).needed()).isEmpty();
    assertThat(all.hidingPools()).isEmpty();
    assertThat(all.holds("VM.Audit", "/vms/100")).isTrue();
  }

  /** Without the list of entries, one of them may take away anything that is not told of. */
  @Test
  void whatIsNotToldOfIsNotHeldWhileEntriesAreHidden() {
    Map<String, Map<String, Boolean>> held = everything();
    held.put("/access", Map.of("Sys.Modify", true));
    HeldPrivileges hidden = HeldPrivileges.withoutEntries(held);

    assertThat(hidden.holds("VM.Audit", "/vms")).isTrue();
    assertThat(hidden.holds("VM.Audit", "/vms/100")).isFalse();
    assertThat(hidden.lacks("VM.Audit", "/vms/100")).contains("Sys.Audit on /access");
    for (Listing listing : List.of(Listing.GUESTS, Listing.STORAGES)) {
      assertThat(doubted(hidden, listing, "100")).containsExactly("100");
    }
    assertThat(MissingPrivileges.of(hidden, Set.of(Feature.SEEING), 9, 9).neededWords())
        .isEqualTo("Sys.Audit on /access, for seeing on which paths the token is kept out");
  }

  private static List<String> doubted(HeldPrivileges held, Listing listing, String... keys) {
    Instant now = Instant.EPOCH;
    AbsenceLog log = AbsenceLog.EMPTY;
    for (int i = 0; i < 3; i++) {
      log = log.look(Map.of(listing, Set.of()), true, now.plusSeconds(10L * i));
    }
    Sight sight = Sight.of(held, now.plusSeconds(30), Map.of(), Map.of(), log);
    return Stream.of(keys).filter(key -> sight.doubtThatGone(listing, key).isPresent()).toList();
  }

  private static Map<String, SortedSet<String>> entry(String path, String keptOut) {
    return Map.of(path, new TreeSet<>(Set.of(keptOut)));
  }

  private static Map<String, Map<String, Boolean>> everything() {
    Map<String, Boolean> all = new HashMap<>();
    NeededPrivilege.ALL.forEach(each -> all.put(each.name(), true));
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    List.of("/", "/access", "/nodes", "/pool", "/sdn", "/storage", "/vms")
        .forEach(path -> paths.put(path, all));
    return paths;
  }

  private static HeldPrivileges allBut(NeededPrivilege missing) {
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    for (String path :
        List.of("/", "/access", "/nodes", "/pool", "/sdn/zones", "/storage", "/vms")) {
      Map<String, Boolean> all = new HashMap<>();
      NeededPrivilege.ALL.forEach(each -> all.put(each.name(), true));
      if (path.equals(missing.path())) {
        all.remove(missing.name());
      }
      paths.put(path, all);
    }
    return HeldPrivileges.of(paths, Map.of());
  }

  private static HeldPrivileges held(String path, Map<String, Boolean> privileges) {
    return HeldPrivileges.of(Map.of(path, privileges), Map.of());
  }

  private static HeldPrivileges held(
      String path, Map<String, Boolean> privileges, String other, Map<String, Boolean> there) {
    return HeldPrivileges.of(Map.of(path, privileges, other, there), Map.of());
  }
}
