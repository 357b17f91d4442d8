package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.rest.TestNode.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several threads use one connection. */
class SharedLoginTest {

  private static final int THREADS = 8;
  private static final ApiRequest WRITE = ApiRequest.post("/storage").with("storage", "tank");
  private static final Reply OK = TestNode.json(200, "{\"data\":null}");
  private static final Reply WHO = TestNode.json(401, "{\"data\":null}");

  private final AtomicInteger logins = new AtomicInteger();

  @Test
  void logInOnceForAll() throws Exception {
    try (TestNode node = node(Optional.empty())) {
      assertThat(outcomes(connection(node, Patience.DEFAULT))).allMatch(Optional::isEmpty);
      assertThat(logins).hasValue(1);
      assertThat(node.asked()).hasSize(1 + THREADS);
    }
  }

  @Test
  void logInAgainOnceForAllWhenTheTicketIsNoLongerKnown() throws Exception {
    try (TestNode node = node(Optional.of("PVEAuthCookie=PVE%3A1"))) {
      assertThat(outcomes(connection(node, Patience.DEFAULT))).allMatch(Optional::isEmpty);
      assertThat(logins).hasValue(2);
    }
  }

  @Test
  void waitForAHangingLoginOnceAndNotOneAfterTheOther() throws Exception {
    Patience shortly = new Patience(Duration.ofSeconds(5), Duration.ofMillis(700));
    try (TestNode node = TestNode.https(asked -> TestNode.hang())) {
      NodeConnection connection = connection(node, shortly);
      long begun = System.nanoTime();
      assertThat(outcomes(connection))
          .allSatisfy(
              failure -> assertThat(failure).containsInstanceOf(ProxmoxFailure.Unreachable.class));
      Duration taken = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(taken).isLessThan(shortly.answer().multipliedBy(THREADS / 2));
      assertThatThrownBy(() -> connection.call(WRITE))
          .as("a later call tries again")
          .isInstanceOf(ProxmoxFailure.Unreachable.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 424, 501})
  void aRefusedLoginIsNoAnswerToTheQuestionAfterIt(int status) {
    assertThatThrownBy(() -> loginAnswered(TestNode.json(status, "{\"data\":null}")))
        .isInstanceOf(ProxmoxFailure.LoginRejected.class);
  }

  @Test
  void aRealmThatDoesNotExistIsNotTheThingThatIsAskedFor() {
    Reply none = TestNode.json(500, "{\"message\":\"domain 'pam' does not exist\\n\"}");
    assertThatThrownBy(() -> loginAnswered(none))
        .isInstanceOf(ProxmoxFailure.LoginRejected.class)
        .hasMessageContaining("domain 'pam'");
  }

  private void loginAnswered(Reply reply) {
    try (TestNode node = TestNode.https(asked -> reply)) {
      connection(node, Patience.DEFAULT).call(ApiRequest.get("/storage/tank"));
    }
  }

  /** Grants tickets, of which it may not know one any more. */
  private TestNode node(Optional<String> unknown) {
    return TestNode.https(
        asked -> {
          if (asked.target().endsWith("/access/ticket")) {
            return TestNode.json(
                200,
                "{\"data\":{\"ticket\":\"PVE:%d\",\"CSRFPreventionToken\":\"c\"}}"
                    .formatted(logins.incrementAndGet()));
          }
          return unknown.filter(asked.header("cookie")::equals).isPresent() ? WHO : OK;
        });
  }

  private static NodeConnection connection(TestNode node, Patience patience) {
    return new NodeConnection(
        node.pinned(),
        new Credentials.Login("root@pam", new Secret("password")),
        patience,
        new MovableClock());
  }

  /** What became of the same call by all threads at once. */
  private static List<Optional<ProxmoxFailure>> outcomes(NodeConnection connection)
      throws Exception {
    CyclicBarrier together = new CyclicBarrier(THREADS);
    Callable<Optional<ProxmoxFailure>> call =
        () -> {
          together.await();
          try {
            connection.call(WRITE);
            return Optional.empty();
          } catch (ProxmoxFailure failure) {
            return Optional.of(failure);
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Optional<ProxmoxFailure>>> running = new ArrayList<>();
      for (int each = 0; each < THREADS; each++) {
        running.add(threads.submit(call));
      }
      List<Optional<ProxmoxFailure>> outcomes = new ArrayList<>();
      for (Future<Optional<ProxmoxFailure>> each : running) {
        outcomes.add(each.get());
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }
}
