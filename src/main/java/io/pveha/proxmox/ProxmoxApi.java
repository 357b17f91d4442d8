package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The one seam through which Proxmox is asked. */
public interface ProxmoxApi {

  /**
   * Asks, and waits for nothing.
   *
   * @return the {@code data} of the answer, a null node where Proxmox answers nothing; or a {@link
   *     ProxmoxFailure} when there is no good answer; its type says what may be concluded
   */
  CompletionStage<JsonNode> ask(ApiRequest request);

  /**
   * Asks, and waits for the answer: for steps, never for a thread that serves several clusters.
   *
   * @return the {@code data} of the answer; a null node where Proxmox answers nothing
   * @throws ProxmoxFailure when there is no good answer
   */
  default JsonNode call(ApiRequest request) {
    try {
      return ask(request).toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw ProxmoxFailure.of(failed);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      String message = request + " was not waited for";
      throw request.method().isWrite()
          ? new ProxmoxFailure.ConnectionLost(message)
          : new ProxmoxFailure.Unreachable(message);
    }
  }
}
