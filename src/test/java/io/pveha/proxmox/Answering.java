package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** An API that answers, or fails, in the thread of who asks. */
public record Answering(Function<ApiRequest, JsonNode> answers) implements ProxmoxApi {

  @Override
  public CompletionStage<JsonNode> ask(ApiRequest request) {
    try {
      return CompletableFuture.completedStage(answers.apply(request));
    } catch (ProxmoxFailure failure) {
      return CompletableFuture.failedStage(failure);
    }
  }
}
