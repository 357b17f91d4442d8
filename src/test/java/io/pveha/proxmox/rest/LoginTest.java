package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.rest.TestNode.Asked;
import io.pveha.proxmox.rest.TestNode.Reply;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** How a caller proves who it is. */
class LoginTest {

  private static final ApiRequest READ = ApiRequest.get("/cluster/status");
  private static final ApiRequest WRITE = ApiRequest.post("/storage").with("storage", "tank");
  private static final Reply OK = TestNode.json(200, "{\"data\":null}");

  private final MovableClock clock = new MovableClock();
  private final AtomicInteger logins = new AtomicInteger();

  @Test
  void sendsATokenWithEveryRequestAndNoCsrfToken() {
    try (TestNode node = TestNode.https(asked -> OK)) {
      NodeConnection connection =
          new NodeConnection(
              node.pinned(),
              new Credentials.ApiToken("o@pve!t", new Secret("uuid")),
              Patience.DEFAULT,
              clock);
      connection.call(WRITE);
      Asked asked = node.asked().get(0);
      assertThat(asked.header("authorization")).isEqualTo("PVEAPIToken=o@pve!t=uuid");
      assertThat(asked.header("csrfpreventiontoken")).isNull();
      assertThat(asked.body()).isEqualTo("storage=tank");
    }
  }

  @Test
  void doesNotAskTwiceWithATokenThatIsRefused() {
    try (TestNode node = TestNode.https(asked -> TestNode.json(401, "{\"data\":null}"))) {
      NodeConnection connection =
          new NodeConnection(
              node.pinned(),
              new Credentials.ApiToken("o@pve!t", new Secret("uuid")),
              Patience.DEFAULT,
              clock);
      assertThatThrownBy(() -> connection.call(READ))
          .isInstanceOf(ProxmoxFailure.LoginRejected.class)
          .hasMessageNotContaining("uuid");
      assertThat(node.asked()).hasSize(1);
    }
  }

  @Test
  void logsInOnceAndSendsTheCsrfTokenOnlyWithWrites() {
    try (TestNode node = withLogin(asked -> OK)) {
      NodeConnection connection = root(node);
      connection.call(READ);
      connection.call(WRITE);
      assertThat(node.asked()).extracting(Asked::method).containsExactly("POST", "GET", "POST");
      assertThat(node.asked().get(0).body()).isEqualTo("password=p%26w&username=root%40pam");
      assertThat(node.asked().get(1).header("cookie")).isEqualTo("PVEAuthCookie=PVE%3Aticket1");
      assertThat(node.asked().get(1).header("csrfpreventiontoken")).isNull();
      assertThat(node.asked().get(2).header("csrfpreventiontoken")).isEqualTo("csrf1");
    }
  }

  @Test
  void takesANewTicketBeforeTheOldOneEnds() {
    try (TestNode node = withLogin(asked -> OK)) {
      NodeConnection connection = root(node);
      connection.call(READ);
      clock.pass(Duration.ofMinutes(80));
      connection.call(READ);
      assertThat(logins).hasValue(1);
      clock.pass(Duration.ofMinutes(39));
      connection.call(READ);
      assertThat(logins).hasValue(2);
      assertThat(node.asked().get(4).header("cookie")).isEqualTo("PVEAuthCookie=PVE%3Aticket2");
    }
  }

  @Test
  void logsInAgainWhenTheTicketIsNoLongerKnownAsAfterAJoin() {
    try (TestNode node =
        withLogin(
            asked ->
                asked.header("cookie").endsWith("ticket1") && logins.get() == 1
                    ? TestNode.json(401, "{\"data\":null}")
                    : OK)) {
      root(node).call(WRITE);
      assertThat(logins).hasValue(2);
    }
  }

  @Test
  void givesUpWhenTheNewTicketIsRefusedToo() {
    try (TestNode node = withLogin(asked -> TestNode.json(401, "{\"data\":null}"))) {
      assertThatThrownBy(() -> root(node).call(READ))
          .isInstanceOf(ProxmoxFailure.LoginRejected.class);
      assertThat(logins).hasValue(2);
    }
  }

  @Test
  void doesNotTryAWrongPasswordTwice() {
    try (TestNode node = TestNode.https(asked -> TestNode.json(401, "{\"data\":null}"))) {
      assertThatThrownBy(() -> root(node).call(READ))
          .isInstanceOf(ProxmoxFailure.LoginRejected.class)
          .hasMessageNotContaining("p&w");
      assertThat(node.asked()).hasSize(1);
    }
  }

  @Test
  void saysSoWhenASecondFactorIsWanted() {
    Reply half =
        TestNode.json(
            200, "{\"data\":{\"ticket\":\"half\",\"CSRFPreventionToken\":\"c\",\"NeedTFA\":1}}");
    try (TestNode node = TestNode.https(asked -> half)) {
      assertThatThrownBy(() -> root(node).call(READ))
          .isInstanceOf(ProxmoxFailure.LoginRejected.class)
          .hasMessageContaining("second factor");
    }
  }

  @Test
  void knowsThatNothingHappenedWhenTheLoginBeforeAWriteWasLost() {
    try (TestNode node = TestNode.https(asked -> TestNode.drop())) {
      assertThatThrownBy(() -> root(node).call(WRITE))
          .isInstanceOf(ProxmoxFailure.Unreachable.class);
    }
  }

  private TestNode withLogin(Function<Asked, Reply> then) {
    return TestNode.https(
        asked -> {
          if (!asked.target().endsWith("/access/ticket")) {
            return then.apply(asked);
          }
          int number = logins.incrementAndGet();
          return TestNode.json(
              200,
              "{\"data\":{\"ticket\":\"PVE:ticket%d\",\"CSRFPreventionToken\":\"csrf%d\"}}"
                  .formatted(number, number));
        });
  }

  private NodeConnection root(TestNode node) {
    return new NodeConnection(
        node.pinned(),
        new Credentials.Login("root@pam", new Secret("p&w")),
        Patience.DEFAULT,
        clock);
  }
}
