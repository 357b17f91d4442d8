package io.pveha.proxmox.rest;

import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Trust;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server on 127.0.0.1 that answers, or fails to, just as a test says. */
final class TestNode implements AutoCloseable {

  /** What was asked. Header names are in lower case. */
  record Asked(String method, String target, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.get(name);
    }
  }

  /** What is sent back, byte by byte; may block or end early. */
  interface Reply {
    void send(OutputStream out, CountDownLatch closing) throws Exception;
  }

  /** For tests in which the certificate is not the matter; making one takes a while. */
  private static final TestCertificate ANY = TestCertificate.selfSigned("127.0.0.1");

  private final ServerSocket server;
  private final TestCertificate certificate;
  private final Function<Asked, Reply> behaviour;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "test-node");
            thread.setDaemon(true);
            return thread;
          });

  private TestNode(
      ServerSocket server, TestCertificate certificate, Function<Asked, Reply> behaviour) {
    this.server = server;
    this.certificate = certificate;
    this.behaviour = behaviour;
    threads.submit(this::accept);
  }

  static TestNode https(Function<Asked, Reply> behaviour) {
    return https(ANY, behaviour);
  }

  static TestNode https(TestCertificate certificate, Function<Asked, Reply> behaviour) {
    try {
      return new TestNode(
          certificate
              .serving()
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
          certificate,
          behaviour);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does not speak TLS. */
  static TestNode plainHttp() {
    try {
      return new TestNode(
          new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), null, asked -> drop());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reply json(int status, String body) {
    return text(status, "application/json;charset=UTF-8", body);
  }

  static Reply text(int status, String type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return (out, closing) -> {
      out.write(head(status, type, bytes.length));
      out.write(bytes);
      out.flush();
    };
  }

  /** Closes the connection without a word. */
  static Reply drop() {
    return (out, closing) -> {
      throw new IOException("dropped");
    };
  }

  /** Says nothing until the test is over. */
  static Reply hang() {
    return (out, closing) -> closing.await();
  }

  /** Begins a good answer and says no more. */
  static Reply hangAfterHead() {
    return (out, closing) -> {
      out.write(head(200, "application/json", 100));
      out.write("{\"data\":".getBytes(StandardCharsets.UTF_8));
      out.flush();
      closing.await();
    };
  }

  /** Sends spaces until nobody listens. */
  static Reply endless() {
    return (out, closing) -> {
      out.write(head(200, "application/json", Integer.MAX_VALUE));
      byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
      while (closing.getCount() > 0) {
        out.write(spaces);
      }
    };
  }

  private static byte[] head(int status, String type, int length) {
    return "HTTP/1.1 %d made up\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(status, type, length)
        .getBytes(StandardCharsets.UTF_8);
  }

  Endpoint endpoint(Trust trust) {
    return new Endpoint("127.0.0.1", server.getLocalPort(), trust);
  }

  /** Reached with its certificate pinned. */
  Endpoint pinned() {
    return endpoint(new Trust.Fingerprint(certificate.fingerprint()));
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  private void accept() {
    while (closing.getCount() > 0) {
      try {
        Socket socket = server.accept();
        threads.submit(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      if (certificate == null) {
        // What a client of TLS says makes no sense to such a server, and it says so.
        in.read();
        text(400, "text/html", "<html>Bad Request</html>").send(socket.getOutputStream(), closing);
        return;
      }
      while (true) {
        String first = line(in);
        if (first.isEmpty()) {
          return;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          int colon = line.indexOf(':');
          headers.put(line.substring(0, colon).toLowerCase(), line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        String[] words = first.split(" ");
        Asked request = new Asked(words[0], words[1], headers, body);
        asked.add(request);
        behaviour.apply(request).send(socket.getOutputStream(), closing);
      }
    } catch (Exception over) {
      // The client went away, or the reply was to end so.
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
