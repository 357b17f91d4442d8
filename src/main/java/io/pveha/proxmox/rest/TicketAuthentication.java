package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

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
    public void goWith(HttpRequest.Builder request, ApiRequest.Method method) {
      request.header(
          "Cookie", "PVEAuthCookie=" + URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8));
      if (method.isWrite()) {
        request.header("CSRFPreventionToken", csrfToken.reveal());
      }
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
  private CompletableFuture<Ticket> underWay;

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
  public Proof proof() {
    CompletableFuture<Ticket> coming;
    boolean mine;
    synchronized (this) {
      if (ticket != null && clock.instant().isBefore(ticket.madeAt.plus(GOOD_FOR))) {
        return ticket;
      }
      mine = underWay == null;
      underWay = mine ? new CompletableFuture<>() : underWay;
      coming = underWay;
    }
    if (mine) {
      logIn(coming);
    }
    return awaited(coming);
  }

  private void logIn(CompletableFuture<Ticket> coming) {
    try {
      Ticket made = logIn();
      synchronized (this) {
        ticket = made;
        underWay = null;
      }
      coming.complete(made);
    } catch (RuntimeException | Error failure) {
      synchronized (this) {
        underWay = null;
      }
      coming.completeExceptionally(failure);
    }
  }

  private Ticket awaited(CompletableFuture<Ticket> coming) {
    try {
      return coming.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProxmoxFailure) {
        throw (ProxmoxFailure) e.getCause();
      }
      throw new IllegalStateException("the login broke off", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxmoxFailure.Unreachable(endpoint.authority() + ": the login was not waited for");
    }
  }

  @Override
  public synchronized boolean drop(Proof refused) {
    if (ticket == refused) {
      ticket = null;
    }
    return true;
  }

  private Ticket logIn() {
    ApiRequest request =
        ApiRequest.post("/access/ticket")
            .with("username", login.username())
            .with("password", login.password());
    JsonNode data = answer(request).path("data");
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
  private JsonNode answer(ApiRequest request) {
    try {
      Transport.Reply reply = transport.send(HttpRequests.to(endpoint, request).build(), request);
      return new AnswerReader(endpoint, request, request::withoutSecrets)
          .read(reply.status(), reply.body());
    } catch (ProxmoxFailure.ConnectionLost lost) {
      // Nothing is changed by a login, so it is as if it had never been sent.
      throw new ProxmoxFailure.Unreachable(lost.getMessage());
    } catch (ProxmoxFailure.BadRequest
        | ProxmoxFailure.NotFound
        | ProxmoxFailure.Forbidden
        | ProxmoxFailure.NotInCluster
        | ProxmoxFailure.NotImplemented refused) {
      throw new ProxmoxFailure.LoginRejected(refused.getMessage());
    }
  }
}
