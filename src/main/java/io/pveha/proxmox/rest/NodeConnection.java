package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One node's API. Logs in when it has to, and once more when a ticket is refused. Safe for use by
 * several threads; none waits.
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
  public CompletionStage<JsonNode> ask(ApiRequest request) {
    return authentication
        .proof()
        .thenCompose(
            proof ->
                attempt(request, proof)
                    .exceptionallyCompose(failure -> again(request, proof, failure)));
  }

  private CompletionStage<JsonNode> again(
      ApiRequest request, Authentication.Proof proof, Throwable failure) {
    boolean refused = ProxmoxFailure.cause(failure) instanceof ProxmoxFailure.LoginRejected;
    return refused && authentication.drop(proof)
        ? authentication.proof().thenCompose(another -> attempt(request, another))
        : CompletableFuture.failedStage(ProxmoxFailure.cause(failure));
  }

  private CompletionStage<JsonNode> attempt(ApiRequest request, Authentication.Proof proof) {
    AnswerReader reader =
        new AnswerReader(
            endpoint, request, text -> proof.withoutSecrets(request.withoutSecrets(text)));
    return CompletableFuture.completedStage(proof)
        .thenCompose(
            known ->
                transport.send(
                    known.goWith(HttpRequests.to(endpoint, request), request.method()), request))
        .thenApply(
            reply ->
                Optional.ofNullable(reader.read(reply.status(), reply.body()).get("data"))
                    .orElse(NullNode.getInstance()));
  }
}
