package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.simulator.api.ApiClient.Reply;
import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists leave out what the caller may not see, and are answered with 200 all the same. */
class FilteredListsTest {

  private SimulatedCluster cluster;
  private ApiClient root;
  private ApiClient operator;

  private void start(String release) throws IOException {
    SimulatorOptions options =
        SimulatorOptions.standard()
            .withBare(false)
            .withVersion(PveVersion.of(release))
            .withVirtualTime();
    cluster = SimulatedCluster.start(options, Instant.parse("2026-01-05T08:00:00Z"));
    root = ApiClient.root(cluster, 0);
    operator = ApiClient.operator(cluster, 0);
    good(root.post("/pools", "poolid", "prod"));
    good(root.post("/nodes/node1/qemu", "vmid", "200", "scsi0", "tank:4", "pool", "prod"));
    pass();
    good(root.post("/cluster/replication", "id", "200-0", "type", "local", "target", "node2"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void poolOfAGuestNeedsPoolAudit(String release) throws IOException {
    start(release);
    assertThat(vm200().at("/pool").asText()).isEqualTo("prod");

    loses("/pool", "HaOperatorPools");

    assertThat(vm200().at("/vmid").asInt()).isEqualTo(200);
    assertThat(vm200().has("pool")).isFalse();
    assertThat(operator.get("/cluster/resources").data().findValuesAsText("type"))
        .doesNotContain("pool");
    assertThat(operator.get("/pools").data()).isEmpty();
    assertThat(operator.get("/pools/prod").status()).isEqualTo(403);
    assertThat(operator.get("/pools", "poolid", "prod").status()).isEqualTo(403);
    assertThat(permissions("/pool").has("Pool.Audit")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void guestsAndTheirJobsNeedVmAudit(String release) throws IOException {
    start(release);
    assertThat(operator.get("/cluster/replication").data()).hasSize(1);
    assertThat(permissions("/vms").at("/VM.Audit").asInt()).isEqualTo(1);

    loses("/vms", "HaOperatorGuests");

    for (String list :
        List.of(
            "/nodes/node1/qemu",
            "/cluster/replication",
            "/nodes/node1/replication",
            "/nodes/node1/storage/tank/content")) {
      boolean storage = list.endsWith("content");
      Reply reply = operator.get(list);
      assertThat(reply.status()).as(list).isEqualTo(200);
      assertThat(reply.data()).as(list).hasSize(storage ? 1 : 0);
    }
    assertThat(operator.get("/cluster/resources", "type", "vm").data()).isEmpty();
    assertThat(permissions("/vms").has("VM.Audit")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void storagesNeedDatastoreAudit(String release) throws IOException {
    start(release);
    assertThat(storages("/storage")).contains("tank");

    loses("/storage", "HaOperatorStorage");

    assertThat(storages("/storage")).isEmpty();
    assertThat(storages("/nodes/node1/storage")).isEmpty();
    assertThat(operator.get("/cluster/resources", "type", "storage").data()).isEmpty();
  }

  /** Space to use is enough for the lists of storages, but not for the list of resources. */
  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void spaceToUseShowsAStorageButNotAmongResources(String release) throws IOException {
    start(release);
    good(root.put("/access/roles/HaOperatorStorage", "privs", "Datastore.AllocateSpace"));

    assertThat(storages("/storage")).contains("tank");
    assertThat(storages("/nodes/node1/storage")).contains("tank");
    assertThat(operator.get("/cluster/resources", "type", "storage").data()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void permissionsComeByTokenByUserAndByPath(String release) throws IOException {
    start(release);
    loses("/pool", "HaOperatorPools");
    JsonNode all = operator.get("/access/permissions").data();
    assertThat(all.at("/~1/Sys.Audit").asInt()).isEqualTo(1);
    assertThat(all.has("/pool")).isEqualTo(all.at("/~1").has("Pool.Audit"));

    JsonNode user =
        root.get("/access/permissions", "userid", "operator@pve", "path", "/pool").data();
    assertThat(user.at("/~1pool/Pool.Audit").asInt()).isEqualTo(1);
    String token = cluster.info().tokenId();
    assertThat(
            root.get("/access/permissions", "userid", token, "path", "/pool")
                .data()
                .at("/~1pool")
                .has("Pool.Audit"))
        .isFalse();
  }

  /** No other role outweighs it, and the path is left out of what the caller is told he may do. */
  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void noAccessKeepsOutOfOneObject(String release) throws IOException {
    start(release);
    String token = cluster.info().tokenId();
    for (String role : List.of("NoAccess", "HaOperatorGuests")) {
      good(root.put("/access/acl", "path", "/vms/200", "roles", role, "tokens", token));
    }

    assertThat(operator.get("/cluster/resources", "type", "vm").data()).isEmpty();
    assertThat(operator.get("/cluster/replication").data()).isEmpty();
    assertThat(operator.get("/access/permissions").data().has("/vms/200")).isFalse();
    assertThat(operator.get("/access/permissions").data().at("/~1vms").has("VM.Audit")).isTrue();
    assertThat(operator.get("/access/acl").data().findValuesAsText("path")).contains("/vms/200");
  }

  /** Whoever is kept out of a pool is kept out of its guests, of which nobody tells. */
  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void noAccessOnAPoolHidesItsGuests(String release) throws IOException {
    start(release);
    String token = cluster.info().tokenId();
    good(root.put("/access/acl", "path", "/pool/prod", "roles", "NoAccess", "tokens", token));

    assertThat(operator.get("/cluster/resources", "type", "vm").data()).isEmpty();
    assertThat(operator.get("/pools").data()).isEmpty();
    JsonNode told = operator.get("/access/permissions").data();
    assertThat(told.has("/vms/200")).isFalse();
    assertThat(told.has("/pool/prod")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void roleNamesOfProxmoxAreRefused(String release) throws IOException {
    start(release);
    for (String name : List.of("PVEMine", "PvehaGuests", "pve-x")) {
      Reply reply = root.post("/access/roles", "roleid", name, "privs", "Sys.Audit");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body().at("/errors/roleid").asText())
          .isEqualTo("cannot use role ID starting with the (case-insensitive) 'PVE' namespace");
    }
    good(root.put("/access/acl", "path", "/", "roles", "PVEAuditor", "users", "operator@pve"));
  }

  private JsonNode vm200() throws IOException {
    for (JsonNode row : operator.get("/cluster/resources", "type", "vm").data()) {
      if (row.at("/vmid").asInt() == 200) {
        return row;
      }
    }
    throw new AssertionError("no guest 200");
  }

  private List<String> storages(String list) throws IOException {
    Reply reply = operator.get(list);
    assertThat(reply.status()).isEqualTo(200);
    return reply.data().findValuesAsText("storage");
  }

  private JsonNode permissions(String path) throws IOException {
    return operator.get("/access/permissions", "path", path).data().get(path);
  }

  private void loses(String path, String role) throws IOException {
    String token = cluster.info().tokenId();
    good(root.put("/access/acl", "path", path, "roles", role, "tokens", token, "delete", "1"));
  }

  private static void good(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
  }

  private void pass() {
    cluster.virtualClock().advance(Duration.ofSeconds(10));
    cluster.adapt();
  }
}
