package io.pveha.operator;

import io.pveha.packaging.CommittedFile;
import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@code kubectl get} shows to someone who comes after it happened and saw nothing else. The
 * texts are committed to be read; {@code -Dpveha.update=true} writes them anew.
 */
class StoriesAsTextTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private VirtualStage stage;
  private Instant fault;

  @BeforeEach
  void formedClusterWithAReplicatedGuest() {
    stage = VirtualStage.of(PveVersion.V9_1);
    stage.applyReference();
    stage.awaitReference();
    // A story begins where nothing is new any more.
    stage.pass(Duration.ofMinutes(5));
    fault = stage.time.instant();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  private void tells(String name, String what) throws IOException {
    CommittedFile.isUpToDate(
        FOLDER.resolve(name + ".txt"), "%s%n%n%s".formatted(what, stage.table(fault)));
  }

  @Test
  void nodeIsLost() throws IOException {
    stage.faults().power("node1", false);
    stage.pass(Duration.ofMinutes(4));

    tells("node-lost", "Four minutes ago node1, on which guest 100 ran, lost its power.");
  }

  @Test
  void nodeIsBeingLost() throws IOException {
    stage.faults().power("node1", false);
    stage.pass(Duration.ofSeconds(60));

    tells("node-being-lost", "A minute ago node1, on which guest 100 runs, lost its power.");
  }

  @Test
  void nodeReturns() throws IOException {
    stage.faults().power("node1", false);
    stage.pass(Duration.ofMinutes(4));
    stage.faults().power("node1", true);
    stage.pass(Duration.ofMinutes(6));

    tells("node-returned", "Ten minutes ago node1 lost its power, and got it back four later.");
  }

  @Test
  void replicationIsBroken() throws IOException {
    stage.faults().replication("node1", "", true);
    stage.pass(Duration.ofMinutes(10));

    tells("replication-broken", "For ten minutes every replication from node1 has failed.");
  }

  @Test
  void quorumIsLost() throws IOException {
    stage.faults().power("node2", false);
    stage.faults().power("node3", false);
    stage.pass(Duration.ofMinutes(3));

    tells("quorum-lost", "Three minutes ago two of three nodes lost their power.");
  }

  @Test
  void guardHoldsBack() throws IOException {
    stage.faults().pool("node1", "tank", "SUSPENDED");
    stage.faults().pool("node2", "tank", "SUSPENDED");
    stage.pass(Duration.ofMinutes(3));

    tells("guard-holds-back", "Three minutes ago the pools of two of three nodes were suspended.");
  }

  @Test
  void diskFails() throws IOException {
    stage.faults().disk("node1", "/dev/sdb", true, false);
    stage.pass(Duration.ofMinutes(7));

    tells(
        "disk-fails", "Seven minutes ago a disk of node1, on which guest 100 ran, began to fail.");
  }

  @Test
  void maintenanceAndReturn() throws IOException {
    stage.applyCluster("maintenance: [node1]");
    stage.pass(Duration.ofMinutes(3));
    stage.applyCluster("maintenance: []");
    stage.pass(Duration.ofMinutes(8));

    tells(
        "maintenance-and-return",
        "Eleven minutes ago node1 was taken into maintenance, and out of it three later.");
  }

  @Test
  void operatorIsCutOff() throws IOException {
    stage.cutOperatorOff(true);
    stage.pass(Duration.ofMinutes(3));

    tells("operator-cut-off", "For three minutes the operator has reached no node; all is well.");
  }
}
