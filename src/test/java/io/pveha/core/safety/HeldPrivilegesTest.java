package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which privileges are held on which path. */
class HeldPrivilegesTest {

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
        List.of(HeldPrivileges.of(Map.of()), HeldPrivileges.unknown("it is refused"))) {
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
      assertThat(missing.commands("operator@pve!pveha"))
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
        MissingPrivileges.of(HeldPrivileges.of(Map.of()), Set.of(Feature.SEEING), 9, 9);

    assertThat(missing.needed())
        .extracting(each -> each.privilege().name())
        .containsExactly("Sys.Audit", "VM.Audit", "Datastore.Audit", "Pool.Audit");
    assertThat(missing.spareWords()).contains("Sys.Console on /").contains("VM.Clone on /vms");
  }

  @Test
  void replicationAsksForAnotherPrivilegeByVersion() {
    Set<Feature> replication = Set.of(Feature.REPLICATION);
    HeldPrivileges none = HeldPrivileges.of(Map.of());

    assertThat(MissingPrivileges.of(none, replication, 8, 8).neededWords())
        .contains("Datastore.Allocate")
        .doesNotContain("VM.Replicate");
    assertThat(MissingPrivileges.of(none, replication, 9, 9).neededWords())
        .contains("VM.Replicate")
        .doesNotContain("Datastore.Allocate");
  }

  private static HeldPrivileges allBut(NeededPrivilege missing) {
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    for (String path : List.of("/", "/nodes", "/pool", "/sdn/zones", "/storage", "/vms")) {
      Map<String, Boolean> all = new HashMap<>();
      NeededPrivilege.ALL.forEach(each -> all.put(each.name(), true));
      if (path.equals(missing.path())) {
        all.remove(missing.name());
      }
      paths.put(path, all);
    }
    return HeldPrivileges.of(paths);
  }

  private static HeldPrivileges held(String path, Map<String, Boolean> privileges) {
    return HeldPrivileges.of(Map.of(path, privileges));
  }

  private static HeldPrivileges held(
      String path, Map<String, Boolean> privileges, String other, Map<String, Boolean> there) {
    return HeldPrivileges.of(Map.of(path, privileges, other, there));
  }
}
