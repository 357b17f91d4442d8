package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is to be read from Proxmox, and how: nothing is asked before {@link #ask} or {@link #get},
 * and each of these asks again.
 */
public final class Query<T> {

  private final Supplier<CompletionStage<T>> asking;

  private Query(Supplier<CompletionStage<T>> asking) {
    this.asking = asking;
  }

  /** One request, and how its answer is read. */
  static <T> Query<T> of(ProxmoxApi api, ApiRequest request, Function<JsonNode, T> reader) {
    return new Query<>(() -> api.ask(request).thenApply(reader));
  }

  /** Asks nobody. */
  public static <T> Query<T> answered(T value) {
    return new Query<>(() -> CompletableFuture.completedStage(value));
  }

  /** All of these, one after the other: a node answers few at a time. */
  public static <T> Query<List<T>> all(List<Query<T>> queries) {
    Query<List<T>> all = new Query<>(() -> CompletableFuture.completedStage(new ArrayList<>()));
    for (Query<T> query : queries) {
      all =
          all.then(
              former ->
                  query.map(
                      answer -> {
                        former.add(answer);
                        return former;
                      }));
    }
    return all;
  }

  /** Reads the answer further. */
  public <R> Query<R> map(Function<? super T, ? extends R> reader) {
    return new Query<>(() -> asking.get().thenApply(reader));
  }

  /** Asks further, as the answer says. */
  public <R> Query<R> then(Function<? super T, Query<R>> next) {
    return new Query<>(() -> asking.get().thenCompose(answer -> next.apply(answer).ask()));
  }

  /**
   * With something else where Proxmox does not answer well.
   *
   * @param instead may throw the failure again
   */
  public Query<T> or(Function<ProxmoxFailure, T> instead) {
    return new Query<>(
        () -> asking.get().exceptionally(failure -> instead.apply(ProxmoxFailure.of(failure))));
  }

  /**
   * Asks, and waits for nothing.
   *
   * @return the answer, or a {@link ProxmoxFailure}
   */
  public CompletionStage<T> ask() {
    return asking.get();
  }

  /**
   * Asks, and waits for the answer: for steps, never for a thread that serves several clusters.
   *
   * @throws ProxmoxFailure when there is no good answer
   */
  public T get() {
    try {
      return ask().toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw ProxmoxFailure.of(failed);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      throw new ProxmoxFailure.Unreachable("the answer was not waited for");
    }
  }
}
