package io.pveha.operator.connection;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.WriteGrant;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A connection that asks, and writes only with a grant that holds at that moment.
 *
 * @param grant empty for one that only asks
 */
record GrantedApi(ProxmoxApi api, Optional<WriteGrant> grant) implements ProxmoxApi {

  /** Asks, or writes; ends in {@link NotPermitted} when a write is not sent. */
  @Override
  public CompletionStage<JsonNode> ask(ApiRequest request) {
    if (!request.method().isWrite()) {
      return api.ask(request);
    }
    Optional<String> refusal =
        grant.isEmpty()
            ? Optional.of("%s has no permit.".formatted(request))
            : grant.get().refusal().map(Finding::message);
    return refusal
        .<CompletionStage<JsonNode>>map(why -> CompletableFuture.failedStage(new NotPermitted(why)))
        .orElseGet(() -> api.ask(request));
  }
}
