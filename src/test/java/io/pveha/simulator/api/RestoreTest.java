package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.api.ApiClient.Reply;
import io.pveha.simulator.world.PveVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest destroyed by hand comes back from its backup under its old number. */
class RestoreTest {

  private SimulatedCluster cluster;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void virtualMachineAndContainer(String release) throws IOException {
    SimulatorOptions options =
        SimulatorOptions.standard()
            .withBare(false)
            .withVersion(PveVersion.of(release))
            .withVirtualTime();
    try (SimulatedCluster started =
        SimulatedCluster.start(options, Instant.parse("2026-01-05T08:00:00Z"))) {
      cluster = started;
      ApiClient root = ApiClient.root(cluster, 0);
      good(root.post("/nodes/node1/qemu", "vmid", "200", "scsi0", "tank:4,ssd=1"));
      String template =
          root.get("/nodes/node1/storage/local/content", "content", "vztmpl")
              .data()
              .at("/0/volid")
              .asText();
      good(
          root.post("/nodes/node1/lxc", "vmid", "100", "ostemplate", template, "rootfs", "tank:2"));
      for (String guest : List.of("qemu/200", "lxc/100")) {
        String before = root.get("/nodes/node1/" + guest + "/config").data().toString();
        String archive = cluster.faults().backup(Integer.parseInt(guest.split("/")[1]));
        assertThat(
                root.get("/nodes/node1/storage/local/content", "content", "backup")
                    .data()
                    .findValuesAsText("volid"))
            .contains(archive);
        good(root.delete("/nodes/node1/" + guest));
        assertThat(root.get("/nodes/node1/" + guest + "/config").status()).isEqualTo(500);

        String[] kind = guest.split("/");
        good(
            kind[0].equals("lxc")
                ? root.post(
                    "/nodes/node1/lxc", "vmid", "100", "restore", "1", "ostemplate", archive)
                : root.post("/nodes/node1/qemu", "vmid", "200", "archive", archive));

        assertThat(root.get("/nodes/node1/" + guest + "/config").data().toString())
            .isEqualTo(before);
      }
    }
  }

  private void good(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    cluster.virtualClock().advance(Duration.ofSeconds(15));
    cluster.adapt();
  }
}
