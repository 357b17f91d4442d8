package io.pveha.simulator.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.Machine.FrontDoor;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.TestCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FormationTest {

  private final TestCluster cluster = TestCluster.bare(PveVersion.V9_1, 3);

  @Test
  void standAloneNodeShowsOnlyItselfAndHasNoJoinInfo() {
    ClusterMember.Status status = cluster.node("node1").cluster().status();

    assertThat(status.head()).isEmpty();
    assertThat(status.rows())
        .containsExactly(new ClusterMember.Row("node1", 0, "10.0.0.11", true, true));
    assertThatThrownBy(() -> cluster.node("node1").cluster().joinInfo(Optional.empty()))
        .isInstanceOf(WorldFailure.NotInCluster.class);
  }

  @Test
  void threeBareNodesBecomeOneQuorateCluster() {
    create("node1");
    assertThat(join("node2", "node1")).isEqualTo("OK");
    cluster.pass(5);
    assertThat(join("node3", "node2")).isEqualTo("OK");

    for (NodeHost node : cluster.world.nodes()) {
      ClusterMember.Status status = node.cluster().status();
      assertThat(status.head()).contains(new ClusterMember.Head("home", 3, 3, true));
      assertThat(status.rows()).hasSize(3).allMatch(ClusterMember.Row::online);
      assertThat(node.membership().votes()).isEqualTo(3);
    }
    assertThat(cluster.node("node1").cluster().peers())
        .extracting(ClusterMember.Peer::nodeId)
        .containsExactly(1, 2, 3);
  }

  @Test
  void creatingDropsTheConnectionForSecondsAndKeepsTheCertificate() {
    String fingerprint = cluster.node("node1").fingerprint();
    int generation = cluster.node("node1").apiGeneration();

    Upid upid = cluster.on("node1", node -> node.cluster().create("root@pam", request()));
    cluster.pass(1);

    assertThat(cluster.node("node1").frontDoor()).isEqualTo(FrontDoor.REFUSED);
    assertThat(cluster.node("node1").apiGeneration()).isGreaterThan(generation);
    assertThat(cluster.outcome("node1", upid)).isEqualTo("OK");
    cluster.pass(3);
    assertThat(cluster.node("node1").frontDoor()).isEqualTo(FrontDoor.OPEN);
    assertThat(cluster.node("node1").fingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void creatingTwiceIsRefused() {
    create("node1");

    assertThatThrownBy(() -> cluster.on("node1", node -> node.cluster().create("u", request())))
        .isInstanceOf(WorldFailure.Refused.class)
        .hasMessage("cluster config '/etc/pve/corosync.conf' already exists");
  }

  @Test
  void joiningThrowsTheOwnDatabaseAwayAndMakesANewCertificate() {
    create("node1");
    cluster.tell(
        "node2",
        node -> {
          node.access().createUser("operator@pve", Optional.of("secret"), Map.of());
          node.access().createToken("operator@pve", "main", Map.of("privsep", "0"));
        });
    String fingerprint = cluster.node("node2").fingerprint();
    String lineage = cluster.node("node2").config().lineage();

    assertThat(join("node2", "node1")).isEqualTo("OK");

    NodeHost node2 = cluster.node("node2");
    assertThat(node2.access().isActive("operator@pve")).isFalse();
    assertThat(node2.access().isActive("operator@pve!main")).isFalse();
    assertThat(node2.fingerprint()).isNotEqualTo(fingerprint);
    assertThat(node2.config().lineage())
        .isNotEqualTo(lineage)
        .isEqualTo(cluster.node("node1").config().lineage());
    assertThat(cluster.node("node1").cluster().joinInfo(Optional.empty()).nodes())
        .filteredOn(peer -> peer.name().equals("node2"))
        .extracting(ClusterMember.Peer::fingerprint)
        .containsExactly(node2.fingerprint());
  }

  @Test
  void theFirstNodeHasNoQuorumUntilTheSecondHasArrived() {
    create("node1");
    Upid upid = cluster.on("node2", node -> node.cluster().join("root@pam", ask("node1")));
    cluster.clock.advanceUntil(
        () -> cluster.node("node1").cluster().peers().size() == 2, Duration.ofSeconds(10));

    assertThat(cluster.node("node1").membership().quorate()).isFalse();
    assertThat(cluster.outcome("node2", upid)).isEqualTo("OK");
    assertThat(cluster.node("node1").membership().quorate()).isTrue();
  }

  @Test
  void joinRefusesWrongPasswordWrongFingerprintAndUnknownHost() {
    create("node1");
    String fingerprint = cluster.node("node1").fingerprint();

    assertThat(outcome("node2", "10.0.0.11", fingerprint, "wrong"))
        .isEqualTo("401 authentication failure");
    assertThat(outcome("node2", "10.0.0.11", "00:11", password()))
        .contains("fingerprint '" + fingerprint + "' not verified, abort!");
    assertThat(outcome("node2", "10.0.0.99", fingerprint, password()))
        .startsWith("500 Can't connect to 10.0.0.99:8006");
    assertThat(cluster.node("node2").cluster().isClustered()).isFalse();
    assertThat(cluster.node("node1").cluster().peers()).hasSize(1);
  }

  @Test
  void joinRefusesNodesWithGuestsAndMembersOfAClusterAndPeersWithoutCluster() {
    assertThat(join("node2", "node1")).contains("corosync.conf' does not exist");
    create("node1");
    cluster.createPool("node2");
    cluster.tell(
        "node2", node -> node.storage().create("tank", Map.of("type", "zfspool", "pool", "tank")));
    cluster.createContainer("node2", 100);

    assertThat(join("node2", "node1")).isEqualTo("Check if node may join a cluster failed!");
    assertThat(cluster.node("node2").tasks().list().get(0).lines())
        .contains("* this host already contains virtual guests");
    assertThat(join("node1", "node3")).isEqualTo("Check if node may join a cluster failed!");
  }

  @Test
  void joinNeedsTheQuorumOfThePeer() {
    create("node1");
    assertThat(join("node2", "node1")).isEqualTo("OK");
    cluster.faults.power("node2", false);
    cluster.pass(10);

    assertThat(join("node3", "node1")).isEqualTo("cfs-lock 'file-corosync_conf' error: no quorum!");
    assertThat(cluster.node("node3").cluster().isClustered()).isFalse();
  }

  @Test
  void severalLinksMustAllBeGiven() {
    SortedMap<Integer, ClusterMember.Link> links = links("10.0.0.11", "10.0.1.11");
    assertThat(
            cluster.run(
                "node1",
                node ->
                    node.cluster()
                        .create(
                            "root@pam",
                            new ClusterMember.Create(
                                "home",
                                links,
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty()))))
        .isEqualTo("OK");
    cluster.pass(5);

    assertThat(join("node2", "node1")).contains("must have the same links");
    ClusterMember.Join both =
        new ClusterMember.Join(
            "node1",
            cluster.node("node1").fingerprint(),
            password(),
            links("10.0.0.12", "10.0.1.12"),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false);
    assertThat(cluster.run("node2", node -> node.cluster().join("root@pam", both))).isEqualTo("OK");
    cluster.faults.link("node2", 0, false);
    cluster.pass(10);
    assertThat(cluster.node("node1").membership().isOnline("node2")).isTrue();
    cluster.faults.link("node2", 1, false);
    cluster.pass(10);
    assertThat(cluster.node("node1").membership().isOnline("node2")).isFalse();
  }

  @Test
  void removedNodeIsNoMemberAnyMore() {
    create("node1");
    join("node2", "node1");
    join("node3", "node1");
    cluster.faults.power("node3", false);
    cluster.pass(10);

    cluster.tell("node1", node -> node.cluster().remove("node3"));

    assertThat(cluster.node("node1").cluster().peers()).hasSize(2);
    assertThat(cluster.node("node2").membership().expectedVotes()).isEqualTo(2);
    assertThatThrownBy(() -> cluster.tell("node1", node -> node.cluster().remove("node1")))
        .hasMessage("Cannot delete myself from cluster!");
  }

  @Test
  void joinWhosePeerVanishesWaitsForQuorumWithoutLimit() {
    create("node1");
    Upid upid = cluster.on("node2", node -> node.cluster().join("root@pam", ask("node1")));
    cluster.clock.advanceUntil(
        () -> cluster.node("node2").cluster().isClustered(), Duration.ofSeconds(10));
    cluster.faults.network("node1", Faults.Direction.BOTH, false);
    cluster.pass(300);

    assertThat(cluster.node("node2").tasks().task(upid.toString()).isRunning()).isTrue();
    cluster.faults.network("node1", Faults.Direction.BOTH, true);
    assertThat(cluster.outcome("node2", upid)).isEqualTo("OK");
  }

  private static ClusterMember.Create request() {
    return new ClusterMember.Create(
        "home", new TreeMap<>(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  private static SortedMap<Integer, ClusterMember.Link> links(String... addresses) {
    SortedMap<Integer, ClusterMember.Link> links = new TreeMap<>();
    for (String address : addresses) {
      links.put(links.size(), new ClusterMember.Link(address, 10 * links.size()));
    }
    return links;
  }

  private void create(String node) {
    assertThat(cluster.run(node, host -> host.cluster().create("root@pam", request())))
        .isEqualTo("OK");
    cluster.pass(5);
  }

  private String password() {
    return cluster.world.spec().rootPassword();
  }

  private ClusterMember.Join ask(String peer) {
    return new ClusterMember.Join(
        peer,
        cluster.node(peer).fingerprint(),
        password(),
        new TreeMap<>(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        false);
  }

  private String join(String node, String peer) {
    return cluster.run(node, host -> host.cluster().join("root@pam", ask(peer)));
  }

  private String outcome(String node, String host, String fingerprint, String password) {
    ClusterMember.Join request =
        new ClusterMember.Join(
            host,
            fingerprint,
            password,
            new TreeMap<>(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false);
    return cluster.run(node, each -> each.cluster().join("root@pam", request));
  }
}
