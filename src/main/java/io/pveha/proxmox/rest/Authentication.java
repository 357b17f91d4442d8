package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import java.net.http.HttpRequest;
import java.time.Clock;

/** Proves who asks. */
interface Authentication {

  /** A proof that is good until the node refuses it. */
  interface Proof {
    void goWith(HttpRequest.Builder request, ApiRequest.Method method);
  }

  /** The proof to use now. May log in first. */
  Proof proof();

  /**
   * Drops a proof that was refused.
   *
   * @return whether another try can do better
   */
  boolean drop(Proof refused);

  static Authentication of(Credentials credentials, Exchange exchange, Clock clock) {
    return credentials instanceof Credentials.ApiToken
        ? new TokenAuthentication((Credentials.ApiToken) credentials)
        : new TicketAuthentication((Credentials.Login) credentials, exchange, clock);
  }

  /** An API token goes with every request and needs nothing else. */
  record TokenAuthentication(Credentials.ApiToken token) implements Authentication, Proof {

    @Override
    public void goWith(HttpRequest.Builder request, ApiRequest.Method method) {
      request.header("Authorization", "PVEAPIToken=" + token.id() + "=" + token.secret().reveal());
    }

    @Override
    public Proof proof() {
      return this;
    }

    @Override
    public boolean drop(Proof refused) {
      return false;
    }
  }
}
