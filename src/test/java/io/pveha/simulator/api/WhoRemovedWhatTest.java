package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.api.ApiClient.Reply;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ground truth knows who asked for what is gone: the token of the operator, or a person. */
class WhoRemovedWhatTest {

  private static final String TOKEN = "operator@pve!pveha";

  private SimulatedCluster cluster;
  private ApiClient root;
  private ApiClient operator;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void jobsReplicasStoragesAndGuests(String release) throws IOException {
    SimulatorOptions options =
        SimulatorOptions.standard()
            .withBare(false)
            .withVersion(PveVersion.of(release))
            .withVirtualTime();
    try (SimulatedCluster started =
        SimulatedCluster.start(options, Instant.parse("2026-01-05T08:00:00Z"))) {
      cluster = started;
      root = ApiClient.root(cluster, 0);
      operator = ApiClient.operator(cluster, 0);
      good(root.post("/nodes/node1/qemu", "vmid", "200", "scsi0", "tank:4"));
      job("200-0", "node2");
      job("200-1", "node3");
      assertThat(cluster.world().truth().removed()).isEmpty();

      good(operator.delete("/cluster/replication/200-0"));
      good(operator.put("/storage/tank", "nodes", "node1,node2"));
      pass(Duration.ofMinutes(2));
      assertThat(root.delete("/nodes/node1/qemu/200").status()).isEqualTo(500);
      good(root.delete("/nodes/node1/qemu/200", "purge", "1"));
      pass(Duration.ofSeconds(10));
      good(root.delete("/storage/tank"));

      assertThat(told(cluster.world().truth().removed()))
          .containsExactly(
              "job 200-0 by " + TOKEN,
              "storage-node tank node3 by " + TOKEN,
              "job 200-1 by root@pam",
              "storage tank by root@pam");
      assertThat(told(cluster.world().truth().destroyed()))
          .containsExactly(
              "volume tank:vm-200-disk-0 by replication job 200-0, " + TOKEN,
              "volume tank:vm-200-disk-0 by root@pam",
              "guest vm:200 by root@pam");
    }
  }

  private void job(String id, String target) throws IOException {
    pass(Duration.ofSeconds(10));
    good(root.post("/cluster/replication", "id", id, "type", "local", "target", target));
    pass(Duration.ofMinutes(2));
  }

  private static List<String> told(List<Ledger.Destroyed> gone) {
    return gone.stream().map(one -> one.what() + " " + one.name() + " by " + one.by()).toList();
  }

  private static void good(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
  }

  private void pass(Duration time) {
    cluster.virtualClock().advance(time);
    cluster.adapt();
  }
}
