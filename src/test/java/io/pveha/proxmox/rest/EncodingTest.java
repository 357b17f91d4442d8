package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.StorageCalls;
import io.pveha.proxmox.Trust;
import io.pveha.proxmox.rest.TestNode.Asked;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is meant arrives, whatever characters it has. */
class EncodingTest {

  private static final Map<String, String> ODD =
      Map.of(
          "comment", "a b+c~d&e=f%g#h;i/j?k \u00fc\u20ac\uD83D\uDE00 \"'<>",
          "delete", "rate,comment",
          "empty", "",
          "lines", "one\ntwo\r\n");

  @ParameterizedTest
  @EnumSource(ApiRequest.Method.class)
  void everyParameterArrivesAsItWasMeant(ApiRequest.Method method) {
    Asked asked = asked(new ApiRequest(method, "/cluster/options", ODD));
    boolean inBody = method == ApiRequest.Method.POST || method == ApiRequest.Method.PUT;
    String target = asked.target();
    assertThat(target).startsWith("/api2/json/cluster/options");
    String form = inBody ? asked.body() : target.substring(target.indexOf('?') + 1);
    assertThat(decoded(form)).isEqualTo(ODD);
    assertThat(form).doesNotContain("+").isASCII();
    if (inBody) {
      assertThat(asked.header("content-type")).isEqualTo("application/x-www-form-urlencoded");
      assertThat(target).doesNotContain("?");
    } else {
      assertThat(asked.body()).isEmpty();
    }
  }

  private static Map<String, String> decoded(String form) {
    Map<String, String> parameters = new TreeMap<>();
    for (String part : form.split("&")) {
      String[] both = part.split("=", 2);
      parameters.put(
          URLDecoder.decode(both[0], StandardCharsets.UTF_8),
          URLDecoder.decode(both[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  @Test
  void writesBooleansListsAndAbsentValuesAsProxmoxTakesThem() {
    ApiRequest request =
        ApiRequest.post("/storage")
            .with("sparse", true)
            .with("disable", false)
            .with("nodes", List.of(new NodeName("node1"), new NodeName("node2")))
            .with("blocksize", Optional.empty())
            .with("mountpoint", Optional.of("/tank"))
            .with("comment", null);
    assertThat(asked(request).body())
        .isEqualTo("disable=0&mountpoint=%2Ftank&nodes=node1%2Cnode2&sparse=1");
  }

  @Test
  void noNameLeavesItsPlaceInThePath() {
    try (TestNode node = TestNode.https(asked -> TestNode.json(200, "{\"data\":{}}"))) {
      new StorageCalls(connection(node.pinned()))
          .pool(new NodeName("../x y"), "a/../b?c=d#e")
          .get();
      assertThat(node.asked().get(0).target())
          .isEqualTo("/api2/json/nodes/..%2Fx%20y/disks/zfs/a%2F..%2Fb%3Fc%3Dd%23e");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'no host',8006",
    "under_score,8006",
    "'',8006",
    "a/b,8006",
    "user@host,8006",
    "host,0",
    "host,-1",
    "host,65536",
    "'[::1',8006",
    "fe80::xyz,8006"
  })
  void saysSoWhenTheAddressIsNone(String host, int port) {
    NodeConnection nowhere = connection(new Endpoint(host, port, new Trust.SystemAuthorities()));
    assertThatThrownBy(() -> nowhere.call(ApiRequest.post("/storage")))
        .isInstanceOf(ProxmoxFailure.Unreachable.class)
        .hasMessageContaining("is not a host address");
  }

  @Test
  void reachesANodeByItsAddressOfVersionSix() {
    Endpoint closed = new Endpoint("::1", 1, new Trust.SystemAuthorities());
    assertThat(closed.authority()).isEqualTo("[::1]:1");
    assertThatThrownBy(() -> connection(closed).call(ApiRequest.get("/version")))
        .isInstanceOf(ProxmoxFailure.Unreachable.class)
        .hasMessage("[::1]:1 does not accept connections");
  }

  private static Asked asked(ApiRequest request) {
    try (TestNode node = TestNode.https(asked -> TestNode.json(200, "{\"data\":null}"))) {
      connection(node.pinned()).call(request);
      return node.asked().get(0);
    }
  }

  private static NodeConnection connection(Endpoint endpoint) {
    return new NodeConnection(
        endpoint,
        new Credentials.ApiToken("o@pve!t", new Secret("uuid")),
        Patience.DEFAULT,
        new MovableClock());
  }
}
