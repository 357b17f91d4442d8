package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.simulator.api.ApiClient.Reply;
import io.pveha.simulator.machine.ApiFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the servers behave when nodes are cut off, restart, or are broken on purpose. */
class DoorsTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  private SimulatedCluster cluster;

  @BeforeEach
  void start() {
    SimulatorOptions options = SimulatorOptions.standard().withBare(false).withVirtualTime();
    cluster = SimulatedCluster.start(options, Instant.parse("2026-01-05T08:00:00Z"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void pass(Duration time) {
    cluster.virtualClock().advance(time);
    cluster.adapt();
  }

  private static double share(JsonNode usage) {
    return usage.path("used").asDouble() / usage.path("total").asDouble();
  }

  private JsonNode admin(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster.info().admin() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> reply =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return new ObjectMapper().readTree(reply.body());
  }

  @Test
  void cutNodeIsSilentAndComesBack() throws Exception {
    ApiClient second = ApiClient.root(cluster, 1).patience(SHORT);
    admin("POST", "/nodes/node2/network", "{\"value\": \"off\"}");
    assertThatThrownBy(() -> second.get("/version")).isInstanceOf(HttpTimeoutException.class);
    int port = URI.create(cluster.info().nodes().get(1).url()).getPort();
    try (Socket socket = new Socket()) {
      InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
      assertThatThrownBy(() -> socket.connect(address, 200))
          .isInstanceOf(SocketTimeoutException.class);
    }
    admin("POST", "/nodes/node2/network", "{\"value\": \"on\"}");
    ApiClient again = ApiClient.root(cluster, 1);
    assertThat(again.get("/version").status()).isEqualTo(200);
  }

  @Test
  void othersSeeTheCutNodeOfflineAfterSevenSecondsAndGet595() throws Exception {
    ApiClient first = ApiClient.root(cluster, 0);
    admin("POST", "/nodes/node3/network", "{\"value\": \"off\"}");
    Instant before = cluster.world().now();
    assertThat(first.get("/nodes/node3/status").status()).isEqualTo(595);
    assertThat(Duration.between(before, cluster.world().now())).isEqualTo(Duration.ofMillis(2600));
    pass(Duration.ofSeconds(8));
    JsonNode status = first.get("/cluster/status").data();
    assertThat(status.findValuesAsText("online")).containsExactly("1", "1", "0");
  }

  @Test
  void cutNodeItselfHasNoQuorumAndRefusesWrites() throws Exception {
    admin("POST", "/nodes/node3/network", "{\"value\": \"off\"}");
    pass(Duration.ofSeconds(10));
    var node = cluster.world().node("node3");
    assertThat(cluster.world().read(node::membership).quorate()).isFalse();
    admin("POST", "/nodes/node3/network", "{\"value\": \"on\"}");
    ApiClient third = ApiClient.root(cluster, 2);
    pass(Duration.ofSeconds(5));
    assertThat(third.post("/pools", "poolid", "web").status()).isEqualTo(200);
  }

  @Test
  void writeDuringAMembershipChangeWaitsForItAndSucceeds() throws Exception {
    ApiClient first = ApiClient.root(cluster, 0);
    admin("POST", "/nodes/node3/network", "{\"value\": \"off\"}");
    Instant before = cluster.world().now();
    assertThat(first.post("/pools", "poolid", "late").status()).isEqualTo(200);
    assertThat(Duration.between(before, cluster.world().now()))
        .isBetween(Duration.ofSeconds(6), Duration.ofSeconds(8));
  }

  @Test
  void slowFailingHangingAndHtml() throws Exception {
    ApiClient first = ApiClient.root(cluster, 0);
    admin("POST", "/nodes/node1/api", "{\"value\": \"slow\", \"seconds\": 7}");
    Instant before = cluster.world().now();
    assertThat(first.get("/version").status()).isEqualTo(200);
    assertThat(Duration.between(before, cluster.world().now())).isEqualTo(Duration.ofSeconds(7));
    admin("POST", "/nodes/node1/api", "{\"value\": \"fail\", \"status\": 503}");
    assertThat(first.get("/version").status()).isEqualTo(503);
    admin("POST", "/nodes/node1/api", "{\"value\": \"html\"}");
    assertThat(first.get("/version").body().asText()).contains("<html>");
    cluster.faults().api("node1", new ApiFault(ApiFault.Kind.HANGING, Duration.ZERO, 0));
    assertThatThrownBy(() -> first.patience(SHORT).get("/version"))
        .isInstanceOf(HttpTimeoutException.class);
    admin("POST", "/nodes/node1/api", "{\"value\": \"ok\"}");
    assertThat(first.patience(Duration.ofSeconds(10)).get("/version").status()).isEqualTo(200);
  }

  @Test
  void restartOfTheWebServiceRefusesForSomeSeconds() throws Exception {
    ApiClient first = ApiClient.root(cluster, 0);
    first.post("/nodes/node1/services/pveproxy/restart");
    pass(Duration.ofSeconds(1));
    // Refused, or cut during the handshake where the connection was still waiting to be taken.
    assertThatThrownBy(() -> first.get("/version"))
        .isInstanceOfAny(ConnectException.class, SSLException.class);
    pass(Duration.ofSeconds(5));
    assertThat(first.get("/version").status()).isEqualTo(200);
  }

  @Test
  void portsOfClosedDoorsAreNotTakenByAnotherCluster() {
    cluster
        .info()
        .nodes()
        .forEach(node -> cluster.faults().service(node.name(), "pveproxy", false));
    cluster.adapt();
    int port = URI.create(cluster.info().nodes().get(0).url()).getPort();
    SimulatorOptions same = SimulatorOptions.standard().withPort(port).withVirtualTime();

    assertThatThrownBy(() -> SimulatedCluster.start(same, Instant.parse("2026-01-05T08:00:00Z")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(String.valueOf(port + 900));
  }

  @Test
  void joiningBreaksConnectionsAndChangesTheCertificateAndTheLogins() throws Exception {
    SimulatorOptions options = SimulatorOptions.standard().withNodes(2).withVirtualTime();
    try (SimulatedCluster bare =
        SimulatedCluster.start(options, Instant.parse("2026-01-05T08:00:00Z"))) {
      ApiClient first = ApiClient.root(bare, 0);
      ApiClient second = ApiClient.root(bare, 1);
      String before = bare.info().nodes().get(1).fingerprint();
      first.post("/cluster/config", "clustername", "home");
      bare.virtualClock().advance(Duration.ofSeconds(20));
      String fingerprint =
          first.get("/cluster/config/join").data().at("/nodelist/0/pve_fp").asText();
      assertThat(fingerprint).isEqualTo(bare.info().nodes().get(0).fingerprint());
      Reply join =
          second.post(
              "/cluster/config/join",
              "hostname",
              "10.0.0.11",
              "fingerprint",
              fingerprint,
              "password",
              bare.info().rootPassword());
      assertThat(join.status()).isEqualTo(200);
      bare.virtualClock().advance(Duration.ofSeconds(40));
      bare.adapt();
      assertThat(second.get("/version").status()).as("ticket of before").isEqualTo(401);
      ApiClient operator = ApiClient.operator(bare, 1);
      assertThat(operator.get("/version").status()).as("token of the first node").isEqualTo(200);
      JsonNode rows = operator.get("/nodes/node2/certificates/info").data();
      assertThat(rows.findValuesAsText("fingerprint")).doesNotContain(before);
    }
  }

  @Test
  void guestAnswersOnlyWhileItRunsOnAConnectedNode() throws Exception {
    ApiClient first = ApiClient.root(cluster, 0);
    String template =
        first
            .get("/nodes/node1/storage/local/content", "content", "vztmpl")
            .data()
            .at("/0/volid")
            .asText();
    first.post(
        "/nodes/node1/lxc",
        "vmid",
        "100",
        "ostemplate",
        template,
        "rootfs",
        "tank:4",
        "unprivileged",
        "1",
        "start",
        "1");
    pass(Duration.ofSeconds(30));
    HttpRequest page =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.guestPort(100))).build();
    HttpClient http = HttpClient.newHttpClient();
    String text = http.send(page, HttpResponse.BodyHandlers.ofString()).body();
    assertThat(text).contains("guest=100\n", "node=node1\n").containsPattern("write=[1-9]\\d*\n");
    admin("POST", "/nodes/node1/network", "{\"value\": \"off\"}");
    assertThatThrownBy(() -> http.send(page, HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
    JsonNode truth = admin("GET", "/truth", "");
    assertThat(truth.at("/guests/0/runningOn/0").asText()).isEqualTo("node1");
    assertThat(truth.at("/guests/0/answersOn")).isEmpty();
    assertThat(truth.at("/guests/0/copies/0/lastWrite").asLong()).isPositive();
  }

  @Test
  void adminListsItselfAndAdvancesTheClock() throws Exception {
    assertThat(admin("GET", "/", "").at("/calls").findValuesAsText("call"))
        .contains("GET /truth", "POST /nodes/{node}/power", "POST /clock/advance");
    Instant before = cluster.world().now();
    admin("POST", "/clock/advance", "{\"seconds\": 90}");
    assertThat(Duration.between(before, cluster.world().now())).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void everyFaultCanBeMadeAndUndone() throws Exception {
    ApiClient first = ApiClient.root(cluster, 0);
    String node = "/nodes/node2";
    for (String call :
        new String[] {
          "/network {\"value\": \"off\", \"direction\": \"in\"}",
          "/network {\"value\": \"on\", \"direction\": \"in\"}",
          "/links/1 {\"value\": \"off\"}",
          "/links/1 {\"value\": \"on\"}",
          "/disks {\"disk\": \"/dev/sdb\", \"value\": \"failing\"}",
          "/pools/tank {\"value\": \"DEGRADED\"}",
          "/storage/tank {\"value\": \"off\"}",
          "/replication {\"value\": \"fail\"}",
          "/clock {\"seconds\": 120}",
          "/services/cron {\"value\": \"off\"}",
          "/wear {\"disk\": \"/dev/sda\", \"percentLeft\": 3}",
          "/usage {\"memory\": 0.97, \"root\": 0.99}",
          "/certificate {\"days\": 3}",
          "/lies {\"about\": \"node1\", \"value\": \"off\"}",
          "/maintenance {\"value\": \"on\"}"
        }) {
      String[] parts = call.split(" ", 2);
      admin("POST", node + parts[0], parts[1]);
    }
    admin("POST", "/links", "{\"between\": [\"node2\", \"node3\"], \"value\": \"off\"}");
    admin("POST", "/links", "{\"between\": [\"node2\", \"node3\"], \"value\": \"on\"}");
    admin("POST", "/qdevice", "{\"Model\": \"Net\"}");
    pass(Duration.ofSeconds(30));
    JsonNode disks = first.get("/nodes/node2/disks/list").data();
    assertThat(disks.findValuesAsText("health")).contains("FAILED");
    assertThat(first.get("/nodes/node2/disks/zfs").data().at("/0/health").asText())
        .isEqualTo("DEGRADED");
    assertThat(first.get("/nodes/node2/storage/tank/status").data().get("active").asInt()).isZero();
    assertThat(first.get("/nodes/node2/services/cron/state").data().get("state").asText())
        .isEqualTo("dead");
    assertThat(first.get("/cluster/config/qdevice").data().get("Model").asText()).isEqualTo("Net");
    long skew =
        first.get("/nodes/node2/time").data().get("time").asLong()
            - first.get("/nodes/node1/time").data().get("time").asLong();
    assertThat(skew).isEqualTo(120);
    assertThat(disks.findValuesAsText("wearout")).contains("3");
    JsonNode status = first.get("/nodes/node2/status").data();
    assertThat(share(status.path("memory"))).isCloseTo(0.97, offset(0.001));
    assertThat(share(status.path("rootfs"))).isCloseTo(0.99, offset(0.001));
    JsonNode own = first.get("/nodes/node2/certificates/info").data().get(1);
    assertThat(Instant.ofEpochSecond(own.path("notafter").asLong()))
        .isBetween(cluster.world().now(), cluster.world().now().plus(Duration.ofDays(3)));
    assertThat(first.get("/cluster/status").data().findValuesAsText("online"))
        .containsExactly("1", "1", "1");
    assertThat(ApiClient.root(cluster, 1).get("/cluster/status").data().findValuesAsText("online"))
        .containsExactly("0", "1", "1");
  }
}
