package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A login with password: a ticket for two hours, and a CSRF token for writes. */
final class TicketAuthentication implements Authentication {

  /** A ticket lives 2 h; a new one is taken well before. */
  private static final Duration GOOD_FOR = Duration.ofMinutes(90);

  private static final class Ticket implements Proof {
    private final String value;
    private final String csrfToken;
    private final Instant madeAt;

    Ticket(String value, String csrfToken, Instant madeAt) {
      this.value = value;
      this.csrfToken = csrfToken;
      this.madeAt = madeAt;
    }

    @Override
    public void goWith(HttpRequest.Builder request, ApiRequest.Method method) {
      request.header("Cookie", "PVEAuthCookie=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
      if (method.isWrite()) {
        request.header("CSRFPreventionToken", csrfToken);
      }
    }
  }

  private final Credentials.Login login;
  private final Exchange exchange;
  private final Clock clock;
  private Ticket ticket;

  TicketAuthentication(Credentials.Login login, Exchange exchange, Clock clock) {
    this.login = login;
    this.exchange = exchange;
    this.clock = clock;
  }

  @Override
  public synchronized Proof proof() {
    if (ticket == null || !clock.instant().isBefore(ticket.madeAt.plus(GOOD_FOR))) {
      ticket = logIn();
    }
    return ticket;
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
    JsonNode answer;
    try {
      answer =
          AnswerReader.read(
              exchange.endpoint(),
              request,
              exchange.send(exchange.prepare(request).build(), request));
    } catch (ProxmoxFailure.ConnectionLost lost) {
      // Nothing is changed by a login, so it is as if it had never been sent.
      throw new ProxmoxFailure.Unreachable(lost.getMessage());
    }
    JsonNode data = answer.path("data");
    if (data.path("NeedTFA").asBoolean(false) || data.path("NeedTFA").asInt(0) == 1) {
      throw new ProxmoxFailure.LoginRejected(
          "%s: %s needs a second factor, which the operator can't give"
              .formatted(exchange.endpoint().authority(), login.username()));
    }
    if (!data.hasNonNull("ticket")) {
      throw new ProxmoxFailure.NotProxmox(
          "%s answers a login without a ticket".formatted(exchange.endpoint().authority()));
    }
    return new Ticket(
        data.path("ticket").asText(), data.path("CSRFPreventionToken").asText(), clock.instant());
  }
}
