package io.pveha.operator.connection;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that shows one certificate before it joined and another one afterwards. */
final class EitherCertificate implements ProxmoxApi {

  private final ProxmoxApi after;
  private final ProxmoxApi before;

  EitherCertificate(ProxmoxApi after, ProxmoxApi before) {
    this.after = after;
    this.before = before;
  }

  @Override
  public CompletionStage<JsonNode> ask(ApiRequest request) {
    return after
        .ask(request)
        .exceptionallyCompose(
            failure ->
                // A handshake that failed has carried no request: asking again repeats nothing.
                ProxmoxFailure.cause(failure) instanceof ProxmoxFailure.CertificateMismatch
                    ? before.ask(request)
                    : CompletableFuture.failedStage(failure));
  }
}
