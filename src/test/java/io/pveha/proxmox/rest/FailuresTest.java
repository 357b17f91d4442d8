package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import io.pveha.proxmox.rest.TestNode.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why an answer did not come, and what may be concluded from it. */
class FailuresTest {

  private static final String SECRET = "hunter2-hunter2";
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(500), Duration.ofMillis(500));
  private static final Patience LONG = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(20));
  private static final ApiRequest READ = ApiRequest.get("/cluster/status");
  private static final ApiRequest WRITE =
      ApiRequest.post("/cluster/config/join").with("password", new Secret(SECRET));

  @Test
  void saysUnreachableWhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    Endpoint closed = new Endpoint("127.0.0.1", port, new Trust.SystemAuthorities());
    ProxmoxFailure failure = failure(closed, WRITE, SHORT);
    assertThat(failure).isInstanceOf(ProxmoxFailure.Unreachable.class);
    assertThat(failure.mayHaveHappened()).isFalse();
  }

  @Test
  void saysUnreachableWhenTheHostHasNoAddress() {
    Endpoint nowhere = new Endpoint("nowhere.invalid", 8006, new Trust.SystemAuthorities());
    assertThat(failure(nowhere, READ, LONG))
        .isInstanceOf(ProxmoxFailure.Unreachable.class)
        .hasMessageContaining("nowhere.invalid");
  }

  @Test
  void doesNotKnowWhatBecameOfAWriteWhoseConnectionWasDropped() {
    ProxmoxFailure failure = failure(TestNode.drop(), WRITE, LONG);
    assertThat(failure).isInstanceOf(ProxmoxFailure.ConnectionLost.class);
    assertThat(failure.mayHaveHappened()).isTrue();
  }

  @Test
  void sendsAWriteOnlyOnceWhenTheConnectionIsDropped() {
    try (TestNode node = TestNode.https(asked -> TestNode.drop())) {
      failure(node.pinned(), WRITE, LONG);
      assertThat(node.asked()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POST", "PUT", "DELETE"})
  void sendsAWriteOnlyOnceOnAConnectionThatServedBefore(ApiRequest.Method method) {
    ApiRequest write = new ApiRequest(method, "/cluster/replication/100-0", Map.of());
    try (TestNode node =
        TestNode.https(
            asked ->
                asked.method().equals("GET")
                    ? TestNode.json(200, "{\"data\":null}")
                    : TestNode.drop())) {
      NodeConnection connection = connection(node.pinned(), LONG);
      connection.call(READ);
      assertThat(catchThrowableOfType(ProxmoxFailure.class, () -> connection.call(write)))
          .isInstanceOf(ProxmoxFailure.ConnectionLost.class);
      assertThat(node.asked()).hasSize(2);
    }
  }

  @Test
  void mayRepeatAReadWhoseConnectionWasDropped() {
    ProxmoxFailure failure = failure(TestNode.drop(), READ, LONG);
    assertThat(failure).isInstanceOf(ProxmoxFailure.Unreachable.class);
  }

  @Test
  void givesUpOnANodeThatSaysNothing() {
    assertThat(failure(TestNode.hang(), WRITE, SHORT))
        .isInstanceOf(ProxmoxFailure.ConnectionLost.class);
    assertThat(failure(TestNode.hang(), READ, SHORT))
        .isInstanceOf(ProxmoxFailure.Unreachable.class);
  }

  @Test
  void givesUpOnANodeThatHangsInTheMiddleOfAnAnswer() {
    assertThat(failure(TestNode.hangAfterHead(), READ, SHORT))
        .isInstanceOf(ProxmoxFailure.Unreachable.class)
        .hasMessageContaining("did not answer");
  }

  @Test
  void stopsReadingAnAnswerWithoutEnd() {
    assertThat(failure(TestNode.endless(), READ, LONG))
        .isInstanceOf(ProxmoxFailure.NotProxmox.class)
        .hasMessageContaining("without end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{\"data\":\"UPID:no", "{"})
  void doesNotKnowWhatBecameOfAWriteWhoseGoodAnswerBreaksOff(String body) {
    ProxmoxFailure failure = failure(TestNode.json(200, body), WRITE, LONG);
    assertThat(failure.mayHaveHappened()).isTrue();
  }

  @Test
  void doesNotKnowWhatBecameOfAWriteWhoseAnswerDoesNotEnd() {
    assertThat(failure(TestNode.endless(), WRITE, LONG).mayHaveHappened()).isTrue();
  }

  @Test
  void givesUpOnANodeThatAcceptsAndDoesNotEvenBeginTls() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Endpoint endpoint =
          new Endpoint("127.0.0.1", silent.getLocalPort(), new Trust.SystemAuthorities());
      assertThat(failure(endpoint, READ, SHORT)).isInstanceOf(ProxmoxFailure.Unreachable.class);
    }
  }

  @Test
  void saysSoWhenTheServerDoesNotSpeakTls() {
    try (TestNode node = TestNode.plainHttp()) {
      assertThat(failure(node.endpoint(new Trust.SystemAuthorities()), READ, LONG))
          .isInstanceOf(ProxmoxFailure.NotProxmox.class)
          .hasMessageContaining("does not speak TLS");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 302, 404, 405})
  void saysNotProxmoxWhenHtmlComesBack(int status) {
    Reply page = TestNode.text(status, "text/html", "<html><h1>Welcome</h1></html>");
    assertThat(failure(page, READ, LONG)).isInstanceOf(ProxmoxFailure.NotProxmox.class);
  }

  /** Whoever stops a request in between knows neither the token nor its privileges. */
  @ParameterizedTest
  @CsvSource({
    "302,'a redirect (302 Found)'",
    "401,'a page (401 Unauthorized)'",
    "403,'a page (403 Forbidden)'",
    "407,'a page (407 Proxy Authentication Required)'"
  })
  void aPageOfAProxyIsNoWordOfProxmox(int status, String words) {
    for (String body : List.of("<html><title>Blocked</title></html>", " \nBlocked by rule 1020")) {
      for (ApiRequest request : List.of(READ, WRITE)) {
        assertThat(failure(TestNode.text(status, "text/html", body), request, LONG))
            .isInstanceOf(ProxmoxFailure.NotProxmox.class)
            .hasMessageEndingWith("a proxy or firewall in between answered with " + words);
      }
    }
  }

  /** Proxmox refuses a login without a body. */
  @Test
  void anEmptyRefusalIsProxmoxsOwn() {
    assertThat(failure(TestNode.text(401, "text/plain", ""), READ, LONG))
        .isInstanceOf(ProxmoxFailure.LoginRejected.class);
    assertThat(failure(TestNode.text(403, "text/plain", " "), READ, LONG))
        .isInstanceOf(ProxmoxFailure.Forbidden.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "null", "{\"data\":"})
  void saysNotProxmoxWhenOtherJsonComesBack(String body) {
    assertThat(failure(TestNode.json(200, body), READ, LONG))
        .isInstanceOf(ProxmoxFailure.NotProxmox.class);
  }

  @Test
  void tellsWhichParametersAreWrong() {
    Reply wrong =
        TestNode.json(
            400,
            "{\"data\":null,\"message\":\"Parameter verification failed.\\n\","
                + "\"errors\":{\"votes\":\"type check ('integer') failed - got 'many'\"}}");
    ProxmoxFailure failure = failure(wrong, WRITE, LONG);
    assertThat(failure)
        .isInstanceOf(ProxmoxFailure.BadRequest.class)
        .hasMessageContaining("votes: type check");
    assertThat(((ProxmoxFailure.BadRequest) failure).errors()).containsOnlyKeys("votes");
  }

  @Test
  void neverRepeatsASecretThatProxmoxQuotes() {
    Reply quoting =
        TestNode.json(
            400,
            "{\"message\":\"bad value '%s'\",\"errors\":{\"password\":\"'%s' is no good\"}}"
                .formatted(SECRET, SECRET));
    ProxmoxFailure failure = failure(quoting, WRITE, LONG);
    assertThat(failure.getMessage()).doesNotContain(SECRET).contains("***");
    assertThat(((ProxmoxFailure.BadRequest) failure).errors().toString()).doesNotContain(SECRET);
    assertThat(WRITE.toString()).doesNotContain(SECRET);
  }

  @Test
  void tellsWhichPrivilegeIsMissing() {
    Reply forbidden =
        TestNode.json(
            403,
            "{\"data\":null,\"message\":\"Permission check failed (/vms/100, VM.Migrate)\\n\"}");
    ProxmoxFailure failure = failure(forbidden, READ, LONG);
    assertThat(failure).isInstanceOf(ProxmoxFailure.Forbidden.class);
    assertThat(((ProxmoxFailure.Forbidden) failure).missing()).hasValue("VM.Migrate on /vms/100");
  }

  @Test
  void tellsARefusalInProxmoxsWordsOnOneLine() {
    Reply refused =
        TestNode.json(500, "{\"data\":null,\"message\":\"cluster not ready - no quorum?\\n\"}");
    ProxmoxFailure failure = failure(refused, WRITE, LONG);
    assertThat(failure)
        .isInstanceOf(ProxmoxFailure.Refused.class)
        .hasMessageEndingWith("cluster not ready - no quorum?");
    assertThat(((ProxmoxFailure.Refused) failure).isForLackOfQuorum()).isTrue();
  }

  @Test
  void tellsThatSomethingDoesNotExist() {
    Reply wrapped =
        TestNode.json(
            500,
            "{\"data\":null,\"message\":\"create ha rule failed: 400 Rule 'x' is"
                + " invalid.\\nresources: does not exist\\n\"}");
    assertThat(failure(wrapped, WRITE, LONG))
        .isInstanceOf(ProxmoxFailure.BadRequest.class)
        .hasMessageContaining("Rule 'x' is invalid. resources: does not exist");
    Reply gone = TestNode.json(500, "{\"data\":null,\"message\":\"no such resource 'vm:100'\\n\"}");
    assertThat(failure(gone, WRITE, LONG)).isInstanceOf(ProxmoxFailure.NotFound.class);
  }

  @ParameterizedTest
  @CsvSource({
    "401,LoginRejected",
    "403,Forbidden",
    "424,NotInCluster",
    "500,Refused",
    "501,NotImplemented",
    "595,Unreachable",
    "596,ConnectionLost",
    "599,ConnectionLost",
    "503,ConnectionLost"
  })
  void tellsStatusCodesApart(int status, String type) {
    ProxmoxFailure failure = failure(TestNode.json(status, "{\"data\":null}"), WRITE, LONG);
    assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
    assertThat(failure.getMessage()).isNotBlank().doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(ints = {595, 596, 599})
  void knowsThatTheNodeBehindIsAwayAndNotTheOneAsked(int status) {
    ProxmoxFailure failure = failure(TestNode.text(status, "text/plain", ""), READ, LONG);
    assertThat(failure).isInstanceOf(ProxmoxFailure.Unreachable.class);
    assertThat(((ProxmoxFailure.Unreachable) failure).isBehind()).isTrue();
  }

  private static ProxmoxFailure failure(Reply reply, ApiRequest request, Patience patience) {
    try (TestNode node = TestNode.https(asked -> reply)) {
      return failure(node.pinned(), request, patience);
    }
  }

  private static ProxmoxFailure failure(Endpoint endpoint, ApiRequest request, Patience patience) {
    return catchThrowableOfType(
        ProxmoxFailure.class, () -> connection(endpoint, patience).call(request));
  }

  private static NodeConnection connection(Endpoint endpoint, Patience patience) {
    return new NodeConnection(
        endpoint,
        new Credentials.ApiToken("o@pve!t", new Secret("s")),
        patience,
        new MovableClock());
  }
}
