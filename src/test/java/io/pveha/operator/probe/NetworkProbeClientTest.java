package io.pveha.operator.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pveha.api.v1alpha1.HaResourceSpec.Http;
import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import io.pveha.api.v1alpha1.HaResourceSpec.Tcp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked over the network, and how failures are worded. */
class NetworkProbeClientTest {

  private final NetworkProbeClient asker = new NetworkProbeClient();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          boolean moved = exchange.getRequestURI().getPath().equals("/moved");
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(moved ? 302 : 200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Probe page(String path, int status) {
    return new Probe(
        new Http("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path), status),
        null,
        5,
        2);
  }

  @Test
  void pageOfTheStatusWantedAnswers() {
    assertThat(asker.ask(page("/", 200))).isEmpty();
    assertThat(asker.ask(page("/", 204))).contains("HTTP status 200 instead of 204");
  }

  @Test
  void redirectIsNotFollowed() {
    assertThat(asker.ask(page("/moved", 200))).contains("HTTP status 302 instead of 200");
    assertThat(asked).containsExactly("/moved");
  }

  @Test
  void refusedConnectionIsSaidSo() {
    Probe page = page("/", 200);
    server.stop(0);
    assertThat(asker.ask(page)).contains("the connection was refused");
  }

  @Test
  void portThatAcceptsAnswers() throws IOException {
    int port;
    try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = open.getLocalPort();
      assertThat(asker.ask(new Probe(null, new Tcp("127.0.0.1", port), 5, 2))).isEmpty();
    }
    assertThat(asker.ask(new Probe(null, new Tcp("127.0.0.1", port), 5, 2)))
        .contains("the connection was refused");
  }

  @Test
  void pageThatAcceptsAndSaysNothingIsGivenUpInTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Probe page =
          new Probe(
              new Http("http://127.0.0.1:%d/".formatted(silent.getLocalPort()), 200), null, 5, 1);
      assertThat(asker.ask(page)).contains("no answer within 1 s");
    }
  }
}
