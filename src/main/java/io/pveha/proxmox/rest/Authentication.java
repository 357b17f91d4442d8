package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import java.net.http.HttpRequest;
import java.time.Clock;

/** Proves who asks. */
interface Authentication {

  /** Adds the proof to a request. May log in first. */
  void authorize(HttpRequest.Builder request, ApiRequest.Method method);

  /**
   * Drops a proof that was refused.
   *
   * @return whether another try can do better
   */
  boolean renew();

  static Authentication of(Credentials credentials, Exchange exchange, Clock clock) {
    return credentials instanceof Credentials.ApiToken
        ? new TokenAuthentication((Credentials.ApiToken) credentials)
        : new TicketAuthentication((Credentials.Login) credentials, exchange, clock);
  }

  /** An API token goes with every request and needs nothing else. */
  record TokenAuthentication(Credentials.ApiToken token) implements Authentication {

    @Override
    public void authorize(HttpRequest.Builder request, ApiRequest.Method method) {
      request.header("Authorization", "PVEAPIToken=" + token.id() + "=" + token.secret().reveal());
    }

    @Override
    public boolean renew() {
      return false;
    }
  }
}
