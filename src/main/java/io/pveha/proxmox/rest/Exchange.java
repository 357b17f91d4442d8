package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Sends requests to one node and tells apart why an answer did not come. */
final class Exchange {

  private final Endpoint endpoint;
  private final HttpClient http;
  private final Patience patience;

  Exchange(Endpoint endpoint, HttpClient http, Patience patience) {
    this.endpoint = endpoint;
    this.http = http;
    this.patience = patience;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The request without proof of who asks. */
  HttpRequest.Builder prepare(ApiRequest request) {
    String form =
        request.parameters().entrySet().stream()
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    boolean inBody =
        request.method() == ApiRequest.Method.POST || request.method() == ApiRequest.Method.PUT;
    String query = inBody || form.isEmpty() ? "" : "?" + form;
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(
                    "https://" + endpoint.authority() + "/api2/json" + request.path() + query))
            .timeout(patience.answer())
            .header("Accept", "application/json");
    return inBody
        ? builder
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(request.method().name(), HttpRequest.BodyPublishers.ofString(form))
        : builder.method(request.method().name(), HttpRequest.BodyPublishers.noBody());
  }

  /**
   * Sends it.
   *
   * @throws ProxmoxFailure when no answer came
   */
  HttpResponse<byte[]> send(HttpRequest prepared, ApiRequest request) {
    try {
      return http.send(prepared, HttpResponse.BodyHandlers.ofByteArray());
    } catch (HttpConnectTimeoutException | ConnectException e) {
      throw new ProxmoxFailure.Unreachable(
          "%s does not accept connections".formatted(endpoint.authority()));
    } catch (SSLException e) {
      throw certificateProblem(e, request);
    } catch (HttpTimeoutException e) {
      throw noAnswer(
          request, "did not answer within %d s".formatted(patience.answer().toSeconds()));
    } catch (IOException e) {
      throw e.getCause() instanceof UnresolvedAddressException
          ? new ProxmoxFailure.Unreachable("there is no host " + endpoint.host())
          : noAnswer(request, "closed the connection without an answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noAnswer(request, "was not waited for");
    }
  }

  private ProxmoxFailure certificateProblem(SSLException failure, ApiRequest request) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return new ProxmoxFailure.CertificateMismatch(
            "%s is not trusted: %s"
                .formatted(
                    endpoint.authority(),
                    cause instanceof PinnedCertificate.Mismatch
                        ? cause.getMessage()
                        : "its certificate is of no trusted authority or for another host name"));
      }
    }
    return failure.getMessage() != null && failure.getMessage().contains("plaintext connection")
        ? new ProxmoxFailure.NotProxmox(endpoint.authority() + " does not speak TLS")
        : noAnswer(request, "broke off the TLS connection");
  }

  private ProxmoxFailure noAnswer(ApiRequest request, String what) {
    String message = "%s %s (%s)".formatted(endpoint.authority(), what, request);
    return request.method().isWrite()
        ? new ProxmoxFailure.ConnectionLost(message)
        : new ProxmoxFailure.Unreachable(message);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
