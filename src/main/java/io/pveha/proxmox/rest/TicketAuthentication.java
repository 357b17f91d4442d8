package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A login with password: a ticket for two hours, and a CSRF token for writes. */
final class TicketAuthentication implements Authentication {

  /** A ticket lives 2 h; a new one is taken well before. */
  private static final Duration GOOD_FOR = Duration.ofMinutes(90);

  private static final class Ticket implements Proof {
    private final Secret value;
    private final Secret csrfToken;
    private final Instant madeAt;

    Ticket(String value, String csrfToken, Instant madeAt) {
      this.value = new Secret(value);
      this.csrfToken = new Secret(csrfToken);
      this.madeAt = madeAt;
    }

    @Override
    public Transport.Prepared goWith(Transport.Prepared request, ApiRequest.Method method) {
      Transport.Prepared known =
          request.with(
              "Cookie",
              "PVEAuthCookie=" + URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8));
      return method.isWrite() ? known.with("CSRFPreventionToken", csrfToken.reveal()) : known;
    }

    @Override
    public String withoutSecrets(String text) {
      return csrfToken.removedFrom(value.removedFrom(text));
    }
  }

  private final Credentials.Login login;
  private final Endpoint endpoint;
  private final Transport transport;
  private final Clock clock;
  private Ticket ticket;
  private CompletionStage<Proof> underWay;

  TicketAuthentication(
      Credentials.Login login, Endpoint endpoint, Transport transport, Clock clock) {
    this.login = login;
    this.endpoint = endpoint;
    this.transport = transport;
    this.clock = clock;
  }

  /**
   * Of several callers without a ticket one logs in, and the others share what comes of it: a node
   * that hangs costs all of them its time once, not each of them one after the other.
   */
  @Override
  public CompletionStage<Proof> proof() {
    CompletableFuture<Proof> mine = new CompletableFuture<>();
    synchronized (this) {
      if (ticket != null && clock.instant().isBefore(ticket.madeAt.plus(GOOD_FOR))) {
        return CompletableFuture.completedStage(ticket);
      }
      if (underWay != null) {
        return underWay;
      }
      underWay = mine;
    }
    logIn()
        .whenComplete(
            (made, failure) -> {
              synchronized (this) {
                ticket = made;
                underWay = null;
              }
              if (failure == null) {
                mine.complete(made);
              } else {
                mine.completeExceptionally(ProxmoxFailure.cause(failure));
              }
            });
    return mine;
  }

  @Override
  public synchronized boolean drop(Proof refused) {
    if (ticket == refused) {
      ticket = null;
    }
    return true;
  }

  private CompletionStage<Ticket> logIn() {
    ApiRequest request =
        ApiRequest.post("/access/ticket")
            .with("username", login.username())
            .with("password", login.password());
    AnswerReader reader = new AnswerReader(endpoint, request, request::withoutSecrets);
    return CompletableFuture.completedStage(request)
        .thenCompose(asked -> transport.send(HttpRequests.to(endpoint, asked), asked))
        .thenApply(reply -> ticket(reader.read(reply.status(), reply.body()).path("data")))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedStage(asLogin(ProxmoxFailure.cause(failure))));
  }

  private Ticket ticket(JsonNode data) {
    if (data.path("NeedTFA").asBoolean(false) || data.path("NeedTFA").asInt(0) == 1) {
      throw new ProxmoxFailure.LoginRejected(
          "%s: %s needs a second factor, which the operator can't give"
              .formatted(endpoint.authority(), login.username()));
    }
    String value = data.path("ticket").asText();
    String csrfToken = data.path("CSRFPreventionToken").asText();
    if (value.isEmpty() || !PLAIN.matcher(csrfToken).matches()) {
      throw new ProxmoxFailure.NotProxmox(
          "%s answers a login without a ticket".formatted(endpoint.authority()));
    }
    return new Ticket(value, csrfToken, clock.instant());
  }

  /** Whatever goes wrong, it must read as failed login, not as an answer to what is asked next. */
  private static Throwable asLogin(Throwable failure) {
    if (failure instanceof ProxmoxFailure.ConnectionLost) {
      // Nothing is changed by a login, so it is as if it had never been sent.
      return new ProxmoxFailure.Unreachable(failure.getMessage());
    }
    return failure instanceof ProxmoxFailure.BadRequest
            || failure instanceof ProxmoxFailure.NotFound
            || failure instanceof ProxmoxFailure.Forbidden
            || failure instanceof ProxmoxFailure.NotInCluster
            || failure instanceof ProxmoxFailure.NotImplemented
        ? new ProxmoxFailure.LoginRejected(failure.getMessage())
        : failure;
  }
}
