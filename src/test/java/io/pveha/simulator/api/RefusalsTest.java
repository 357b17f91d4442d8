package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.api.ApiClient.Reply;
import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is refused, in which order, with which text. */
class RefusalsTest {

  private SimulatedCluster cluster;
  private ApiClient root;
  private ApiClient operator;

  @BeforeEach
  void start() throws IOException {
    cluster =
        SimulatedCluster.start(options(PveVersion.V9_1), Instant.parse("2026-01-05T08:00:00Z"));
    root = ApiClient.root(cluster, 0);
    operator = ApiClient.operator(cluster, 0);
  }

  private static SimulatorOptions options(PveVersion version) {
    return SimulatorOptions.standard().withVersion(version).withBare(false).withVirtualTime();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private ApiClient anybody() {
    return new ApiClient(cluster.info().nodes().get(0).url());
  }

  @Test
  void unknownPathIsNotImplementedEvenWithoutLogin() throws IOException {
    assertThat(anybody().get("/no/such/call").status()).isEqualTo(501);
  }

  @Test
  void methodsThatTheServerDoesNotKnowAreRefused() throws IOException {
    for (String method : new String[] {"HEAD", "OPTIONS", "PATCH"}) {
      assertThat(root.send(method, "/version").status()).as(method).isEqualTo(501);
    }
  }

  @Test
  void virtualMachineBootsFromItsFirstDiskWhenNothingIsSaid() throws IOException {
    root.post(
        "/nodes/node1/qemu",
        "vmid",
        "100",
        "scsi0",
        "file=tank:4",
        "ide2",
        "none,media=cdrom",
        "net0",
        "virtio,bridge=vmbr0");
    cluster.virtualClock().advance(Duration.ofMinutes(1));
    assertThat(root.get("/nodes/node1/qemu/100/config").data().path("boot").asText())
        .isEqualTo("order=scsi0;ide2;net0");
  }

  @Test
  void nobodyGetsInWithoutLogin() throws IOException {
    assertThat(anybody().get("/version").status()).isEqualTo(401);
    assertThat(anybody().login("root@pam", "wrong").status()).isEqualTo(401);
    assertThat(anybody().token("operator@pve!pveha=wrong").get("/version").status()).isEqualTo(401);
    assertThat(anybody().token("nobody@pve!no=wrong").get("/version").status()).isEqualTo(401);
  }

  @Test
  void ticketExpiresAfterTwoHours() throws IOException {
    assertThat(root.get("/version").status()).isEqualTo(200);
    cluster.virtualClock().advance(Duration.ofMinutes(121));
    assertThat(root.get("/version").status()).isEqualTo(401);
  }

  @Test
  void ticketInPlaceOfThePasswordGivesANewOne() throws IOException {
    String ticket =
        anybody().login("root@pam", cluster.info().rootPassword()).data().get("ticket").asText();
    cluster.virtualClock().advance(Duration.ofMinutes(90));
    assertThat(anybody().login("root@pam", ticket).status()).isEqualTo(200);
  }

  @Test
  void ticketCanWriteOnlyWithTheCsrfToken() throws IOException {
    Reply reply = root.withoutCsrfToken().post("/pools", "poolid", "web");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(root.get("/pools").data()).isEmpty();
  }

  @Test
  void tokensOfRootAreNotRoot() throws IOException {
    String secret =
        root.post("/access/users/root@pam/token/full", "privsep", "0").data().get("value").asText();
    ApiClient token = anybody().token("root@pam!full=" + secret);
    assertThat(token.get("/nodes/node1/disks/list").status()).isEqualTo(200);
    Reply reply = token.post("/cluster/config", "clustername", "no");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.message()).isEqualTo("Permission check failed (user != root@pam)");
    assertThat(token.put("/nodes/node1/disks/wipedisk", "disk", "/dev/sdb").status())
        .isEqualTo(403);
    assertThat(token.post("/access/ticket", "username", "x", "password", "y").status())
        .isEqualTo(403);
  }

  @Test
  void separatedTokenHasOnlyWhatBothItAndItsUserHave() throws IOException {
    root.post("/access/users", "userid", "joe@pve");
    String secret =
        root.post("/access/users/joe@pve/token/one", "privsep", "1").data().get("value").asText();
    ApiClient token = anybody().token("joe@pve!one=" + secret);
    root.put("/access/acl", "path", "/", "roles", "PVEAuditor", "users", "joe@pve");
    assertThat(token.get("/cluster/status").status()).isEqualTo(403);
    root.put("/access/acl", "path", "/", "roles", "PVEAuditor", "tokens", "joe@pve!one");
    assertThat(token.get("/cluster/status").status()).isEqualTo(200);
    assertThat(token.post("/cluster/ha/resources", "sid", "ct:100").status()).isEqualTo(403);
  }

  @Test
  void permissionComesBeforeParameters() throws IOException {
    root.post("/access/users", "userid", "joe@pve");
    String secret =
        root.post("/access/users/joe@pve/token/one", "privsep", "0").data().get("value").asText();
    ApiClient joe = anybody().token("joe@pve!one=" + secret);
    assertThat(joe.put("/cluster/options", "nonsense", "1").status()).isEqualTo(403);
    assertThat(root.put("/cluster/options", "nonsense", "1").status()).isEqualTo(400);
  }

  @Test
  void everyWrongParameterIsNamed() throws IOException {
    Reply reply =
        operator.post(
            "/nodes/node1/disks/zfs",
            "name",
            "9bad",
            "ashift",
            "99",
            "raidlevel",
            "raid7",
            "add_storage",
            "true",
            "else",
            "1");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.message()).isEqualTo("Parameter verification failed.");
    assertThat(reply.body().get("errors").properties())
        .extracting(entry -> entry.getKey())
        .containsExactlyInAnyOrder("name", "ashift", "raidlevel", "add_storage", "else", "devices");
  }

  @Test
  void propertyStringsAreReadKeyByKey() throws IOException {
    assertThat(root.put("/cluster/options", "crs", "ha=clever").body().at("/errors/crs").asText())
        .contains("crs.ha")
        .contains("enumeration");
    assertThat(root.put("/cluster/options", "ha", "policy=x").status()).isEqualTo(400);
    assertThat(root.put("/cluster/options", "crs", "ha=static").status()).isEqualTo(200);
  }

  @Test
  void administrationSaysWhatIsWrongWithABody() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster.info().admin() + "/nodes/node1/network"))
            .POST(HttpRequest.BodyPublishers.ofString("{\"value\": \"maybe\"}"))
            .build();
    HttpResponse<String> reply =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("value has to be one of on, off, not maybe");
  }

  @Test
  void jsonBodiesAreTakenToo() throws IOException {
    Reply reply = operator.json("PUT", "/cluster/options", "{\"max_workers\": 3, \"nope\": true}");
    assertThat(reply.body().at("/errors").properties()).hasSize(1);
    assertThat(operator.json("PUT", "/cluster/options", "{\"max_workers\": 3}").status())
        .isEqualTo(200);
    assertThat(operator.get("/cluster/options").data().get("max_workers").asInt()).isEqualTo(3);
  }

  @Test
  void groupsAreGoneInNine() throws IOException {
    for (String method : new String[] {"GET", "POST"}) {
      Reply reply =
          method.equals("GET")
              ? root.get("/cluster/ha/groups")
              : root.post("/cluster/ha/groups", "group", "g1", "nodes", "node1");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.message()).contains("ha groups have been migrated to rules");
    }
  }

  @Test
  void rulesAreNotThereInEight() throws IOException {
    try (SimulatedCluster eight =
        SimulatedCluster.start(options(PveVersion.V8_3), Instant.parse("2026-01-05T08:00:00Z"))) {
      ApiClient client = ApiClient.root(eight, 0);
      assertThat(client.get("/cluster/ha/rules").status()).isEqualTo(501);
      assertThat(client.get("/cluster/ha/groups").status()).isEqualTo(200);
      Reply reply = client.post("/cluster/ha/resources", "sid", "ct:100", "failback", "0");
      assertThat(reply.body().get("errors").has("failback")).isTrue();
    }
  }

  @Test
  void nodeAffinityIsNegativeSinceNineTwo() throws IOException {
    for (PveVersion version : List.of(PveVersion.V9_1, PveVersion.V9_2)) {
      try (SimulatedCluster cluster =
          SimulatedCluster.start(options(version), Instant.parse("2026-01-05T08:00:00Z"))) {
        ApiClient client = ApiClient.root(cluster, 0);
        Reply reply =
            client.post(
                "/cluster/ha/rules",
                "rule",
                "never",
                "type",
                "node-affinity",
                "resources",
                "ct:100",
                "nodes",
                "node3",
                "affinity",
                "negative");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.message())
            .contains(
                version == PveVersion.V9_2
                    ? "cannot use unmanaged resource(s) ct:100."
                    : "unexpected property 'affinity'");
      }
    }
  }

  @Test
  void joinInfoOfAStandAloneNodeIsNotThere() throws IOException {
    SimulatorOptions bare = SimulatorOptions.standard().withNodes(1).withVirtualTime();
    try (SimulatedCluster alone =
        SimulatedCluster.start(bare, Instant.parse("2026-01-05T08:00:00Z"))) {
      assertThat(ApiClient.root(alone, 0).get("/cluster/config/join").status()).isEqualTo(424);
    }
  }

  @Test
  void whatDoesNotExistIsATextWithStatus500() throws IOException {
    Reply reply = root.get("/nodes/node1/lxc/999/config");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.message())
        .isEqualTo("Configuration file 'nodes/node1/lxc/999.conf' does not exist");
    assertThat(root.get("/nodes/node9/status").message()).contains("hostname lookup 'node9'");
  }
}
