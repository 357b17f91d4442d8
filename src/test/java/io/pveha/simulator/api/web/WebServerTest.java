package io.pveha.simulator.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections end when the server does. */
class WebServerTest {

  private static final int ROUNDS = 200;
  private static final int CLIENTS = 4;
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void connectionTakenWhileClosingIsBrokenOff() {
    AtomicInteger waitedInVain = new AtomicInteger();
    for (int round = 0; round < ROUNDS; round++) {
      WebServer server =
          new WebServer(
              "closing",
              InetAddress.getLoopbackAddress(),
              0,
              null,
              request -> WebAnswer.text(200, "OK", "text/plain", "yes"));
      CompletableFuture<?>[] clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> CompletableFuture.runAsync(() -> ask(server, waitedInVain), threads))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.anyOf(clients).join();
      server.close();
      CompletableFuture.allOf(clients).join();
    }
    assertThat(waitedInVain).hasValue(0);
  }

  @Test
  void whoSendsNoRequestIsTold() throws IOException {
    assertThat(answer("HELLO\r\n\r\n")).startsWith("HTTP/1.1 400 bad request\r\n");
    assertThat(answer("PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 bad request\r\n");
    assertThat(answer("PUT / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"))
        .startsWith("HTTP/1.1 501 for data too large\r\n");
  }

  @Test
  void oldClientsGetTheirConnectionClosed() throws IOException {
    assertThat(answer("GET / HTTP/1.0\r\n\r\n")).contains("Connection: close").endsWith("yes");
  }

  /** All that comes until the server closes the connection. */
  private static String answer(String request) throws IOException {
    try (WebServer server =
            new WebServer(
                "answering",
                InetAddress.getLoopbackAddress(),
                0,
                null,
                asked -> WebAnswer.text(200, "OK", "text/plain", "yes"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void ask(WebServer server, AtomicInteger waitedInVain) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(REQUEST);
      while (socket.getInputStream().read() >= 0) {
        if (socket.getInputStream().available() == 0) {
          return;
        }
      }
    } catch (SocketTimeoutException silence) {
      waitedInVain.incrementAndGet();
    } catch (IOException brokenOff) {
      return;
    }
  }
}
