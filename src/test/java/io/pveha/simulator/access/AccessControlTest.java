package io.pveha.simulator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.access.AccessControl.NewToken;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.world.TestCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AccessControlTest {

  private static final String USER = "operator@pve";
  private static final String TOKEN = USER + "!main";

  private final TestCluster cluster = TestCluster.formed(PveVersion.V9_1, 2);

  @Test
  void passwordsOfRootAreTheNodesAndOthersTheClusters() {
    cluster.tell("node1", node -> node.access().createUser(USER, Optional.of("secret"), Map.of()));
    AccessControl access = cluster.node("node2").access();

    assertThat(access.checkPassword("root@pam", cluster.world.spec().rootPassword())).isTrue();
    assertThat(access.checkPassword("root@pam", "wrong")).isFalse();
    assertThat(access.checkPassword(USER, "secret")).isTrue();
    assertThat(access.checkPassword("nobody@pve", "secret")).isFalse();
  }

  @Test
  void separatedTokenHasWhatItselfAndItsUserHave() {
    NewToken token = tokenOf(Map.of("privsep", "1"));
    grant("/", "user", USER, "PVEAuditor");
    assertThat(cluster.node("node1").access().privileges(TOKEN, "/")).isEmpty();
    grant("/vms", "token", TOKEN, "PVEVMAdmin");

    AccessControl access = cluster.node("node2").access();
    assertThat(access.checkToken(TOKEN, token.secret())).isTrue();
    assertThat(access.checkToken(TOKEN, "guess")).isFalse();
    assertThat(access.privileges(TOKEN, "/vms/100"))
        .containsOnlyKeys("VM.Audit", "VM.GuestAgent.Audit");
    assertThat(access.privileges(USER, "/vms/100")).containsKey("Sys.Audit");
  }

  @Test
  void deeperEntriesReplaceThoseFromAboveAndUnpropagatedOnesStayWhereTheyAre() {
    tokenOf(Map.of("privsep", "0"));
    grant("/", "user", USER, "PVEAuditor");
    grant("/storage/tank", "user", USER, "PVEDatastoreUser");
    cluster.tell(
        "node1", node -> node.access().setAcl("/pool", "user", USER, "PVEPoolAdmin", false, false));

    AccessControl access = cluster.node("node1").access();
    assertThat(access.privileges(TOKEN, "/storage/tank"))
        .containsOnlyKeys("Datastore.AllocateSpace", "Datastore.Audit");
    assertThat(access.privileges(TOKEN, "/storage/other")).containsKey("Sys.Audit");
    assertThat(access.privileges(TOKEN, "/pool")).containsKey("Pool.Allocate");
    assertThat(access.privileges(TOKEN, "/pool/web")).doesNotContainKey("Pool.Allocate");
  }

  @Test
  void releasesDifferInWhatTheyKnow() {
    assertThat(cluster.node("node1").access().knownPrivileges())
        .contains("VM.Replicate")
        .doesNotContain("VM.Monitor");
    TestCluster eight = TestCluster.formed(PveVersion.V8_3, 1);
    assertThatThrownBy(
            () ->
                eight.tell(
                    "node1",
                    node ->
                        node.access().createRole("Ops", new TreeSet<>(List.of("VM.Replicate")))))
        .isInstanceOf(WorldFailure.BadParameter.class);
  }

  @Test
  void deletedUserTakesTokensAndPermissionsAlong() {
    tokenOf(Map.of("privsep", "1"));
    grant("/", "token", TOKEN, "PVEAuditor");

    cluster.tell("node1", node -> node.access().deleteUser(USER));

    assertThat(cluster.node("node2").access().isActive(TOKEN)).isFalse();
    assertThat(cluster.node("node2").config().section(Section.ACL)).isEmpty();
    assertThat(cluster.node("node2").config().section(Section.SECRETS)).isEmpty();
  }

  private NewToken tokenOf(Map<String, String> properties) {
    cluster.tell("node1", node -> node.access().createUser(USER, Optional.empty(), Map.of()));
    return cluster.on("node1", node -> node.access().createToken(USER, "main", properties));
  }

  private void grant(String path, String type, String ugid, String role) {
    cluster.tell("node1", node -> node.access().setAcl(path, type, ugid, role, true, false));
  }
}
