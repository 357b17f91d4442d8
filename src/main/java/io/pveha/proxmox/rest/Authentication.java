package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Proves who asks. */
interface Authentication {

  /** What may stand in a header. */
  Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");

  /** A proof that is good until the node refuses it. */
  interface Proof {
    Transport.Prepared goWith(Transport.Prepared request, ApiRequest.Method method);

    /** The text without what this proof keeps secret. */
    String withoutSecrets(String text);
  }

  /** The proof to use now. May log in first. */
  CompletionStage<Proof> proof();

  /**
   * Drops a proof that was refused.
   *
   * @return whether another try can do better
   */
  boolean drop(Proof refused);

  static Authentication of(
      Credentials credentials, Endpoint endpoint, Transport transport, Clock clock) {
    return credentials instanceof Credentials.ApiToken
        ? new TokenAuthentication((Credentials.ApiToken) credentials)
        : new TicketAuthentication((Credentials.Login) credentials, endpoint, transport, clock);
  }

  /** An API token goes with every request and needs nothing else. */
  record TokenAuthentication(Credentials.ApiToken token) implements Authentication, Proof {

    @Override
    public Transport.Prepared goWith(Transport.Prepared request, ApiRequest.Method method) {
      String value = "PVEAPIToken=" + token.id() + "=" + token.secret().reveal();
      if (!PLAIN.matcher(value).matches()) {
        // Java would refuse it too, and show it.
        throw new ProxmoxFailure.LoginRejected(
            "the API token has characters that no token has; look for spaces and line ends");
      }
      return request.with("Authorization", value);
    }

    @Override
    public String withoutSecrets(String text) {
      return token.secret().removedFrom(text);
    }

    @Override
    public CompletionStage<Proof> proof() {
      return CompletableFuture.completedStage(this);
    }

    @Override
    public boolean drop(Proof refused) {
      return false;
    }
  }
}
