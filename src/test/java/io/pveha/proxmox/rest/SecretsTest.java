package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.rest.TestNode.Asked;
import io.pveha.proxmox.rest.TestNode.Reply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No failure shows a secret, whatever the server makes of what it was sent. */
class SecretsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int[] STATUSES = {
    200, 301, 400, 401, 403, 404, 424, 429, 500, 501, 502, 503, 504, 595, 596, 599
  };
  private static final String PASSWORD = "pa  ss\tw\u00f6rd+~%&";
  private static final String TOKEN = "0d7e5c1a-70c3-4f0e-9b1b-token0000000";
  private static final String TICKET = "PVE:root@pam:6700AA11::c2ln+bmF0/dXJl==";
  private static final String CSRF = "6700AA11:csrf/token+of=mine";
  private static final Credentials.Login LOGIN =
      new Credentials.Login("root@pam", new Secret(PASSWORD));
  private static final ApiRequest JOIN =
      ApiRequest.post("/cluster/config/join").with("password", new Secret(PASSWORD));

  @Test
  void noAnswerBringsBackAToken() {
    assertClean(failures(new Credentials.ApiToken("o@pve!t", new Secret(TOKEN)), Optional.empty()));
  }

  @Test
  void noAnswerToALoginBringsBackThePassword() {
    assertClean(failures(LOGIN, Optional.empty()));
  }

  @Test
  void noAnswerBringsBackATicketOrAPasswordThatIsSentOn() {
    assertClean(failures(LOGIN, Optional.of(TestNode.json(200, ticket()))));
  }

  /** The server quotes all it was sent, after some other text, in every place there is. */
  private static List<String> failures(Credentials credentials, Optional<Reply> granted) {
    AtomicInteger status = new AtomicInteger();
    AtomicInteger filler = new AtomicInteger();
    List<String> shown = new ArrayList<>(List.of(credentials.toString(), JOIN.toString()));
    try (TestNode node =
        TestNode.https(
            asked ->
                granted
                    .filter(ticket -> asked.target().endsWith("/access/ticket"))
                    .orElseGet(() -> quoting(status.get(), filler.get(), asked)))) {
      NodeConnection connection =
          new NodeConnection(node.pinned(), credentials, Patience.DEFAULT, new MovableClock());
      for (int each : STATUSES) {
        for (int length : new int[] {0, 300, 490, 497}) {
          status.set(each);
          filler.set(length);
          ProxmoxFailure failure =
              catchThrowableOfType(ProxmoxFailure.class, () -> connection.call(JOIN));
          shown.add(failure.toString());
          if (failure instanceof ProxmoxFailure.BadRequest) {
            shown.add(((ProxmoxFailure.BadRequest) failure).errors().toString());
          }
        }
      }
    }
    return shown;
  }

  private static Reply quoting(int status, int filler, Asked asked) {
    String sent =
        " ".repeat(3)
            + URLDecoder.decode(asked.body(), StandardCharsets.UTF_8)
            + URLDecoder.decode(String.valueOf(asked.header("cookie")), StandardCharsets.UTF_8)
            + asked.headers();
    ObjectNode body = JSON.createObjectNode().putNull("data");
    body.put("message", "x".repeat(filler) + sent);
    body.putObject("errors").put("password", sent);
    // Success is told, and then the text breaks off.
    String text = status == 200 ? body.toString().substring(0, 400) : body.toString();
    return TestNode.json(status, text);
  }

  private static void assertClean(List<String> shown) {
    assertThat(shown).hasSizeGreaterThan(STATUSES.length).allSatisfy(SecretsTest::assertClean);
  }

  private static void assertClean(String shown) {
    assertThat(shown).doesNotContain(PASSWORD, TOKEN, TICKET, CSRF);
    // Nor a part that a cut or a change of its spaces has left.
    assertThat(shown).doesNotContain("w\u00f6rd", TOKEN.substring(0, 8), "c2ln+", "csrf/");
  }

  private static String ticket() {
    ObjectNode answer = JSON.createObjectNode();
    answer.putObject("data").put("ticket", TICKET).put("CSRFPreventionToken", CSRF);
    return answer.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcdefgh\n", "abcd efgh", "abcd\u00fcefgh", "abcdefgh\r\nX-Other: 1"})
  void aTokenThatCannotBeSentIsRejectedWithoutShowingIt(String secret) {
    try (TestNode node = TestNode.https(asked -> TestNode.json(200, "{\"data\":null}"))) {
      NodeConnection connection =
          new NodeConnection(
              node.pinned(),
              new Credentials.ApiToken("o@pve!t", new Secret(secret)),
              Patience.DEFAULT,
              new MovableClock());
      assertThatThrownBy(() -> connection.call(ApiRequest.get("/version")))
          .isInstanceOf(ProxmoxFailure.LoginRejected.class)
          .hasMessageContaining("characters that no token has")
          .hasMessageNotContaining("abcd")
          .hasMessageNotContaining("efgh");
      assertThat(node.asked()).isEmpty();
    }
  }

  @Test
  void aTicketThatCannotBeSentBackIsNoTicket() {
    String odd = "{\"data\":{\"ticket\":\"PVE:t\",\"CSRFPreventionToken\":\"a\\nX-Other: 1\"}}";
    try (TestNode node = TestNode.https(asked -> TestNode.json(200, odd))) {
      NodeConnection connection =
          new NodeConnection(node.pinned(), LOGIN, Patience.DEFAULT, new MovableClock());
      assertThatThrownBy(() -> connection.call(JOIN)).isInstanceOf(ProxmoxFailure.NotProxmox.class);
      assertThat(node.asked()).hasSize(1);
    }
  }
}
