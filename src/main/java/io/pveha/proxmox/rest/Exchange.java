package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Sends requests to one node and waits for the answer, all of it, within its patience. */
final class Exchange {

  /** No good answer comes near: the list of all guests of a large cluster has about 1 MB. */
  private static final int LONGEST_ANSWER = 32 << 20;

  private static final int HIGHEST_PORT = 65535;

  private final Endpoint endpoint;
  private final Patience patience;
  private HttpClient http;

  Exchange(Endpoint endpoint, Patience patience) {
    this.endpoint = endpoint;
    this.patience = patience;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Made when first needed, so that a wrong certificate fails calls and not whoever wires us. */
  private synchronized HttpClient http() {
    if (http == null) {
      http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(TlsContexts.of(endpoint))
              .connectTimeout(patience.connect())
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
    }
    return http;
  }

  /**
   * The request without proof of who asks.
   *
   * @throws ProxmoxFailure.Unreachable when the endpoint can't be an address
   */
  HttpRequest.Builder prepare(ApiRequest request) {
    String form =
        request.parameters().entrySet().stream()
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    boolean inBody =
        request.method() == ApiRequest.Method.POST || request.method() == ApiRequest.Method.PUT;
    String query = inBody || form.isEmpty() ? "" : "?" + form;
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base() + "/api2/json" + request.path() + query))
            .header("Accept", "application/json");
    return inBody
        ? builder
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(request.method().name(), HttpRequest.BodyPublishers.ofString(form))
        : builder.method(request.method().name(), HttpRequest.BodyPublishers.noBody());
  }

  /**
   * Sends it. The time is taken here, since the client's own time-out ends with the first line of
   * the answer, and a node may hang after it.
   *
   * @throws ProxmoxFailure when no answer came
   */
  HttpResponse<byte[]> send(HttpRequest prepared, ApiRequest request) {
    NoAnswer noAnswer = new NoAnswer(endpoint, request);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http().sendAsync(prepared, head -> new LimitedBody(LONGEST_ANSWER));
    try {
      return answer.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw noAnswer.late(patience.answer());
    } catch (ExecutionException e) {
      throw noAnswer.because(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw noAnswer.abandoned();
    }
  }

  private URI base() {
    try {
      URI base = new URI("https://" + endpoint.authority());
      if (base.getHost() != null
          && base.getUserInfo() == null
          && base.getPort() > 0
          && base.getPort() <= HIGHEST_PORT) {
        return base;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new ProxmoxFailure.Unreachable(endpoint.authority() + " is no address of a host");
  }

  /** Spaces as %20, which means the same in paths, queries and forms. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
