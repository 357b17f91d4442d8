package io.pveha.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.world.NodeGuests.Kind;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupsTest {

  private static final String USER = TestCluster.USER;

  private final TestCluster cluster = TestCluster.withPool(PveVersion.V9_1, 3, 1);

  @Test
  void guestComesBackUnderItsNumberWithWhatTheBackupHeld() {
    cluster.createContainer("node1", 100);
    cluster.pass(20);
    String archive = cluster.on("node1", node -> node.backups().make(100));
    long held = cluster.guest(100).copies().get(0).lastWrite();
    cluster.pass(20);
    String gone =
        cluster.run("node1", node -> node.guests().destroy(USER, Kind.CT, 100, true, true, false));
    assertThat(gone).isEqualTo("OK");
    assertThat(cluster.node("node1").storage().content("local"))
        .extracting(NodeStorage.Volume::volid)
        .contains(archive);

    assertThat(restore(archive, false)).isEqualTo("OK");

    assertThat(cluster.guest(100).copies()).hasSize(1);
    assertThat(cluster.guest(100).copies().get(0).lastWrite()).isEqualTo(held).isPositive();
    cluster.clock.advanceUntil(() -> cluster.answers(100, "node1"), Duration.ofSeconds(30));
    assertThat(cluster.answers(100, "node1")).isTrue();
  }

  @Test
  void guestThatExistsIsReplacedOnlyByForceAndWhenItDoesNotRun() {
    cluster.createContainer("node1", 100);
    String archive = cluster.on("node1", node -> node.backups().make(100));

    assertThatThrownBy(() -> restore(archive, false))
        .hasMessage("unable to create CT 100 - CT 100 already exists on node 'node1'");
    assertThatThrownBy(() -> restore(archive, true)).hasMessageContaining("running");
    cluster.run("node1", node -> node.guests().stop(USER, Kind.CT, 100));
    assertThat(restore(archive, true)).isEqualTo("OK");
    assertThat(cluster.guest(100).copies()).hasSize(1);
    assertThatThrownBy(() -> restore("local:backup/none", true))
        .hasMessageContaining("does not exist");
  }

  private String restore(String archive, boolean force) {
    return cluster.run(
        "node1",
        node -> node.guests().restore(USER, Kind.CT, 100, archive, Optional.empty(), force, true));
  }
}
