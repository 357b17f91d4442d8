package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.Optional;

/**
 * One node's API. Logs in when it has to, and once more when a ticket is refused. Safe for use by
 * several threads.
 */
public final class NodeConnection implements ProxmoxApi {

  private final Endpoint endpoint;
  private final Transport transport;
  private final Authentication authentication;

  /**
   * A connection that is made when the first call needs it.
   *
   * @param clock tells when a ticket gets old
   */
  public NodeConnection(
      Endpoint endpoint, Credentials credentials, Patience patience, Clock clock) {
    this(endpoint, credentials, Transport.https(endpoint, patience), clock);
  }

  /**
   * A connection over a way of its own.
   *
   * @param clock tells when a ticket gets old
   */
  public NodeConnection(
      Endpoint endpoint, Credentials credentials, Transport transport, Clock clock) {
    this.endpoint = endpoint;
    this.transport = transport;
    this.authentication = Authentication.of(credentials, endpoint, transport, clock);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public JsonNode call(ApiRequest request) {
    Authentication.Proof proof = authentication.proof();
    try {
      return call(request, proof);
    } catch (ProxmoxFailure.LoginRejected rejected) {
      if (!authentication.drop(proof)) {
        throw rejected;
      }
      return call(request, authentication.proof());
    }
  }

  private JsonNode call(ApiRequest request, Authentication.Proof proof) {
    HttpRequest.Builder http = HttpRequests.to(endpoint, request);
    proof.goWith(http, request.method());
    Transport.Reply reply = transport.send(http.build(), request);
    JsonNode answer =
        new AnswerReader(
                endpoint, request, text -> proof.withoutSecrets(request.withoutSecrets(text)))
            .read(reply.status(), reply.body());
    return Optional.ofNullable(answer.get("data")).orElse(NullNode.getInstance());
  }
}
