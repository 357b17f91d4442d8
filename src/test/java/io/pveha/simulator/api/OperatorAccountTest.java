package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The least privileges that proxmox-api.md names are enough for the reference story. */
class OperatorAccountTest {

  private SimulatedCluster cluster;
  private ApiClient operator;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void itsTokenCanDoTheStoryOnceTheClusterIsFormed(String release) throws IOException {
    SimulatorOptions options =
        SimulatorOptions.standard().withVersion(PveVersion.of(release)).withVirtualTime();
    try (SimulatedCluster started =
        SimulatedCluster.start(options, Instant.parse("2026-01-05T08:00:00Z"))) {
      cluster = started;
      operator = ApiClient.operator(cluster, 0);
      form();
      String content = "images,rootdir";
      for (String node : new String[] {"node1", "node2", "node3"}) {
        good(
            "POST",
            "/nodes/" + node + "/disks/zfs",
            "name",
            "data",
            "devices",
            "/dev/sdb",
            "raidlevel",
            "single");
      }
      good(
          "POST",
          "/storage",
          "storage",
          "data",
          "type",
          "zfspool",
          "pool",
          "data",
          "content",
          content,
          "nodes",
          "node1,node2,node3",
          "sparse",
          "1");
      String template =
          operator
              .get("/nodes/node1/storage/local/content", "content", "vztmpl")
              .data()
              .at("/0/volid")
              .asText();
      good(
          "POST",
          "/nodes/node1/lxc",
          "vmid",
          "100",
          "ostemplate",
          template,
          "rootfs",
          "data:4",
          "unprivileged",
          "1",
          "net0",
          "name=eth0,bridge=vmbr0,ip=dhcp",
          "start",
          "1");
      good("POST", "/cluster/replication", "id", "100-0", "type", "local", "target", "node2");
      good("POST", "/cluster/ha/resources", "sid", "ct:100", "state", "started");
      if (release.startsWith("9")) {
        good(
            "POST",
            "/cluster/ha/rules",
            "rule",
            "web",
            "type",
            "node-affinity",
            "resources",
            "ct:100",
            "nodes",
            "node1:2,node2:1");
      } else {
        good("POST", "/cluster/ha/groups", "group", "web", "nodes", "node1:2,node2:1");
        good("PUT", "/cluster/ha/resources/ct:100", "group", "web");
      }
      good("PUT", "/cluster/options", "ha", "shutdown_policy=migrate");
      good("POST", "/nodes/node1/replication/100-0/schedule_now");
      good("POST", "/nodes/node1/lxc/100/migrate", "target", "node2", "restart", "1");
      assertThat(operator.get("/nodes/node2/lxc/100/status/current").status()).isEqualTo(200);
    }
  }

  private void form() throws IOException {
    ApiClient first = ApiClient.root(cluster, 0);
    first.post("/cluster/config", "clustername", "home");
    pass(Duration.ofSeconds(30));
    for (int node = 1; node < 3; node++) {
      String fingerprint =
          operator.get("/cluster/config/join").data().at("/nodelist/0/pve_fp").asText();
      ApiClient.root(cluster, node)
          .post(
              "/cluster/config/join",
              "hostname",
              "10.0.0.11",
              "fingerprint",
              fingerprint,
              "password",
              cluster.info().rootPassword());
      pass(Duration.ofSeconds(60));
    }
    assertThat(operator.get("/cluster/status").data().findValuesAsText("online"))
        .containsExactly("1", "1", "1");
  }

  private void good(String method, String path, String... params) throws IOException {
    ApiClient.Reply reply = operator.send(method, path, params);
    assertThat(reply.status()).as(method + " " + path + ": " + reply.body()).isEqualTo(200);
    pass(Duration.ofSeconds(30));
  }

  private void pass(Duration time) {
    cluster.virtualClock().advance(time);
    cluster.adapt();
  }
}
