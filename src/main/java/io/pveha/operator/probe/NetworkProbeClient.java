package io.pveha.operator.probe;

import io.pveha.api.v1alpha1.HaResourceSpec.Http;
import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import io.pveha.api.v1alpha1.HaResourceSpec.Tcp;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * Asks over the network. It sends no password or cookie, follows no redirect, uses no proxy, and
 * reads no body; so the certificate of a page is not checked either, and what answers is not
 * believed to be anybody.
 */
final class NetworkProbeClient implements ProbeClient {

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .sslContext(anyCertificate())
          .build();

  @Override
  public Optional<String> ask(Probe probe) {
    Duration timeout = Duration.ofSeconds(probe.timeoutSeconds());
    return probe.http() != null ? page(probe.http(), timeout) : port(probe.tcp(), timeout);
  }

  private Optional<String> page(Http page, Duration timeout) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(page.url()))
              .timeout(timeout)
              .header("User-Agent", "proxmox-ha-operator")
              .GET()
              .build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      response.body().close();
      return response.statusCode() == page.expectedStatus()
          ? Optional.empty()
          : Optional.of(
              "HTTP status %d instead of %d"
                  .formatted(response.statusCode(), page.expectedStatus()));
    } catch (IOException failure) {
      return Optional.of(words(failure, timeout));
    } catch (IllegalArgumentException malformed) {
      return Optional.of("the URL can't be asked for");
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return Optional.of("the operator is shutting down");
    }
  }

  private static Optional<String> port(Tcp tcp, Duration timeout) {
    try (Socket socket = new Socket(java.net.Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(tcp.host(), tcp.port()), (int) timeout.toMillis());
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(words(failure, timeout));
    }
  }

  private static String words(IOException failure, Duration timeout) {
    if (failure instanceof HttpTimeoutException || failure instanceof SocketTimeoutException) {
      return "no answer within %d s".formatted(timeout.toSeconds());
    }
    if (failure instanceof UnknownHostException
        || failure.getCause() instanceof UnresolvedAddressException) {
      return "the host name has no address";
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route to the host";
    }
    if (failure instanceof ConnectException) {
      return "the connection was refused";
    }
    return failure instanceof SSLException
        ? "no TLS connection could be made"
        : "the connection broke";
  }

  private static SSLContext anyCertificate() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyCertificate()}, null);
      return context;
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("this Java has no TLS", broken);
    }
  }
}
