package io.pveha.simulator.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.world.TestCluster;
import io.pveha.simulator.world.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HighAvailabilityTest {

  private static final String SID = "ct:100";

  private final TestCluster cluster = managed(PveVersion.V9_1);

  private static TestCluster managed(PveVersion version) {
    TestCluster cluster = TestCluster.withPool(version, 3, 1);
    cluster.createContainer("node1", 100);
    cluster.replicate(100, "node2", "node3");
    cluster.manage(SID);
    cluster.pass(Duration.ofMinutes(3));
    return cluster;
  }

  @Test
  void statusShowsQuorumMasterAgentsAndTheService() {
    Map<String, SortedMap<String, Object>> rows = rows();

    assertThat(rows.get("quorum")).containsEntry("quorate", true);
    assertThat(rows.get("master")).containsEntry("node", cluster.master());
    assertThat(rows.get("lrm:node1").get("status").toString()).startsWith("node1 (active, ");
    assertThat(rows.get("lrm:node2").get("status").toString()).startsWith("node2 (idle, ");
    assertThat(rows.get("fencing")).containsEntry("armed-state", "armed");
    assertThat(rows.get("service:" + SID))
        .containsEntry("state", "started")
        .containsEntry("crm_state", "started")
        .containsEntry("request_state", "started")
        .containsEntry("node", "node1")
        .containsEntry("failback", true);
    assertThat(cluster.node("node2").ha().managerStatus())
        .containsKeys("manager_status", "lrm_status", "quorum");
  }

  @Test
  void cutNodeShowsTheOldStateAndTheOthersRecoverTheService() {
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.clock.advanceUntil(() -> state().equals("fence"), Duration.ofMinutes(3));
    assertThat(HaRows.shown(cluster.node("node1").config(), SID)).isEqualTo("started");

    cluster.clock.advanceUntil(() -> state().equals("started"), Duration.ofMinutes(3));

    assertThat(cluster.guest(100).answersOn()).doesNotContain("node1").hasSize(1);
    cluster.faults.network("node1", Direction.BOTH, true);
    cluster.pass(Duration.ofMinutes(2));
    assertThat(cluster.guest(100).runningOn()).hasSize(1).doesNotContain("node1");
    assertThat(rows("node1").get("service:" + SID)).doesNotContainEntry("node", "node1");
    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  @Test
  void recoveredGuestGoesOnFromItsReplicaAndTheLostWritesAreKnown() {
    cluster.pass(Duration.ofSeconds(37));
    cluster.faults.power("node1", false);
    long made = cluster.guest(100).copies().get(0).lastWrite();
    cluster.clock.advanceUntil(
        () -> !cluster.guest(100).answersOn().isEmpty(), Duration.ofMinutes(5));
    String home = cluster.guest(100).answersOn().get(0);

    Truth.Copy now =
        cluster.guest(100).copies().stream()
            .filter(copy -> copy.node().equals(home))
            .findFirst()
            .orElseThrow();
    long kept = now.history().get(now.history().size() - 2).last();
    assertThat(made - kept).isBetween(0L, 65L);
  }

  @Test
  void migrateAndRelocateAreCarriedOutByTheManager() {
    cluster.tell("node3", node -> node.ha().move("relocate", SID, "node3"));
    assertThat(cluster.guest(100).runningOn()).containsExactly("node1");

    cluster.clock.advanceUntil(() -> cluster.answers(100, "node3"), Duration.ofMinutes(2));

    cluster.pass(30);
    assertThat(state()).isEqualTo("started");
    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  @Test
  void gracefulShutdownOfTheNodeMovesTheServiceWithoutTheLockWait() {
    Instant begun = cluster.clock.now();
    cluster.tell("node1", node -> node.services().shutdown());
    cluster.clock.advanceUntil(
        () -> cluster.guest(100).answersOn().stream().anyMatch(node -> !node.equals("node1")),
        Duration.ofMinutes(5));

    assertThat(Duration.between(begun, cluster.clock.now()))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(110));
    assertThat(cluster.node("node1").isPowered()).isFalse();
    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  @Test
  void rebootFreezesTheServiceAndItComesBackWhereItWas() {
    cluster.tell("node1", node -> node.services().reboot());
    cluster.clock.advanceUntil(() -> state().equals("freeze"), Duration.ofMinutes(2));

    cluster.clock.advanceUntil(
        () -> cluster.answers(100, "node1") && state().equals("started"), Duration.ofMinutes(4));

    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  @Test
  void maintenanceEmptiesTheNodeAndItsEndBringsTheServiceBack() {
    cluster.tell("node2", node -> node.ha().maintenance("node1", true));
    cluster.clock.advanceUntil(
        () -> !cluster.guest(100).answersOn().isEmpty() && !cluster.answers(100, "node1"),
        Duration.ofMinutes(3));
    cluster.pass(30);
    assertThat(cluster.node("node2").overview().nodes().get(0).haState()).isEqualTo("maintenance");

    cluster.tell("node2", node -> node.ha().maintenance("node1", false));
    cluster.clock.advanceUntil(() -> cluster.answers(100, "node1"), Duration.ofMinutes(3));
  }

  @Test
  void crashedGuestIsStartedAgainOnItsNode() {
    cluster.faults.crash(100);
    assertThat(cluster.guest(100).runningOn()).isEmpty();

    cluster.clock.advanceUntil(() -> cluster.answers(100, "node1"), Duration.ofSeconds(40));
  }

  @Test
  void guestWhoseReplicaIsMissingEndsInErrorAndDisablingClearsIt() {
    cluster.tell("node1", node -> node.replication().delete("100-0", false, false));
    cluster.tell("node1", node -> node.replication().delete("100-1", false, false));
    cluster.pass(120);
    cluster.faults.power("node1", false);

    cluster.clock.advanceUntil(() -> state().equals("error"), Duration.ofMinutes(10));

    assertThatThrownBy(() -> request("started")).hasMessageContaining("in error state");
    request("disabled");
    cluster.pass(30);
    assertThat(state()).isEqualTo("disabled");
  }

  @Test
  void grayNodeWithASuspendedPoolIsNotFenced() {
    cluster.faults.pool("node1", "tank", "SUSPENDED");
    cluster.pass(Duration.ofMinutes(10));

    assertThat(cluster.node("node1").resetAt()).isEmpty();
    assertThat(cluster.guest(100).runningOn()).containsExactly("node1");
    assertThat(cluster.guest(100).answersOn()).isEmpty();
  }

  @Test
  void idleNodeIsNotResetWhenItLosesItsNetwork() {
    cluster.faults.network("node3", Direction.BOTH, false);
    cluster.pass(Duration.ofMinutes(5));

    assertThat(cluster.node("node3").resetAt()).isEmpty();
    assertThat(cluster.node("node3").isUp()).isTrue();
  }

  @Test
  void rulesPlaceTheServiceAndAreCheckedWhenWritten() {
    cluster.tell(
        "node1",
        node ->
            node.ha()
                .createRule(
                    "web",
                    Map.of("type", "node-affinity", "resources", SID, "nodes", "node3:2,node2:1")));
    cluster.clock.advanceUntil(() -> cluster.answers(100, "node3"), Duration.ofMinutes(2));

    assertThatThrownBy(
            () ->
                cluster.tell(
                    "node1",
                    node ->
                        node.ha()
                            .createRule(
                                "again",
                                Map.of(
                                    "type", "node-affinity", "resources", SID, "nodes", "node1"))))
        .isInstanceOf(WorldFailure.Refused.class)
        .hasMessageStartingWith("create ha rule failed: 400 Rule 'again' is invalid.\nresources: ");
    assertThatThrownBy(
            () ->
                cluster.tell(
                    "node1",
                    node ->
                        node.ha()
                            .createRule(
                                "x",
                                Map.of(
                                    "type", "node-affinity",
                                    "resources", "ct:999",
                                    "nodes", "node1"))))
        .hasMessage("create ha rule failed: cannot use unmanaged resource(s) ct:999.");
    cluster.tell("node1", node -> node.ha().deleteResource(SID, true));
    assertThat(cluster.node("node1").ha().rules()).isEmpty();
  }

  @Test
  void groupsAreRefusedByNineAndPlaceInEight() {
    assertThatThrownBy(() -> cluster.node("node1").ha().groups())
        .hasMessageContaining("ha groups have been migrated to rules");
    TestCluster eight = managed(PveVersion.V8_3);
    eight.tell("node1", node -> node.ha().createGroup("web", Map.of("nodes", "node2:2,node1")));
    eight.tell(
        "node1",
        node -> node.ha().updateResource(SID, Map.of("group", "web"), Set.of(), Optional.empty()));

    eight.clock.advanceUntil(() -> eight.answers(100, "node2"), Duration.ofMinutes(2));

    assertThatThrownBy(() -> eight.tell("node1", node -> node.ha().deleteGroup("web")))
        .hasMessage("ha group is used by service 'ct:100'");
    assertThat(eight.node("node1").ha().groups()).containsOnlyKeys("web");
  }

  @Test
  void resourcesNeedAGuestOfTheirKind() {
    assertThatThrownBy(() -> cluster.manage("vm:100"))
        .hasMessage("resource 'vm:100' does not exist in cluster");
    assertThatThrownBy(() -> cluster.manage(SID))
        .hasMessage("resource ID 'ct:100' already defined");
    assertThatThrownBy(() -> cluster.tell("node1", node -> node.ha().deleteResource("ct:7", true)))
        .hasMessage("cannot delete service 'ct:7', not HA managed!");
  }

  private void request(String state) {
    cluster.tell(
        "node2",
        node -> node.ha().updateResource(SID, Map.of("state", state), Set.of(), Optional.empty()));
  }

  private String state() {
    return cluster.node("node2").ha().shownState(SID);
  }

  private Map<String, SortedMap<String, Object>> rows() {
    return rows("node2");
  }

  private Map<String, SortedMap<String, Object>> rows(String node) {
    return cluster.node(node).ha().current().stream()
        .collect(Collectors.toMap(row -> row.get("id").toString(), row -> row));
  }
}
