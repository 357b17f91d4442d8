package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends requests to one node and waits for the answer, all of it, within its patience. */
final class Exchange implements Transport {

  /** No good answer comes near: the list of all guests of a large cluster has about 1 MB. */
  private static final int LONGEST_ANSWER = 32 << 20;

  private final Endpoint endpoint;
  private final Patience patience;
  private HttpClient http;

  Exchange(Endpoint endpoint, Patience patience) {
    this.endpoint = endpoint;
    this.patience = patience;
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
   * Sends it. The time is taken here, since the client's own time-out ends with the first line of
   * the answer, and a node may hang after it.
   *
   * @throws ProxmoxFailure when no answer came
   */
  @Override
  public Reply send(HttpRequest prepared, ApiRequest request) {
    NoAnswer noAnswer = new NoAnswer(endpoint, request);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http().sendAsync(prepared, head -> new LimitedBody(LONGEST_ANSWER));
    try {
      HttpResponse<byte[]> response =
          answer.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(response.statusCode(), response.body());
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
}
