package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Trust;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests to one node; the answer, all of it, comes within its patience or not at all. No
 * thread waits, and nodes share the threads: a client of each has certificates and connections of
 * its own, so that none is used that another trust has verified.
 */
final class Exchange implements Transport {

  /** No good answer comes near: the list of all guests of a large cluster has about 1 MB. */
  private static final int LONGEST_ANSWER = 32 << 20;

  /** Up to 8.2 Proxmox says in the status line why it refuses. */
  private static final int LONGEST_LINE = 1 << 16;

  /** Proxmox closes connections that rest for 5 s. */
  private static final int KEPT_SECONDS = 4;

  /** A call that hangs must not hold up others; Proxmox takes 500 connections. */
  private static final int MOST_CONNECTIONS = 100;

  /** So many threads serve all nodes of all clusters. */
  private static final int THREADS = 2;

  private static final Vertx SHARED =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(THREADS)
              .setWorkerPoolSize(1)
              .setInternalBlockingPoolSize(1)
              .setFileSystemOptions(
                  new FileSystemOptions()
                      .setFileCachingEnabled(false)
                      .setClassPathResolvingEnabled(false)));

  /** The answer is longer than {@link #LONGEST_ANSWER}. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final Endpoint endpoint;
  private final Patience patience;
  private HttpClient http;

  Exchange(Endpoint endpoint, Patience patience) {
    this.endpoint = endpoint;
    this.patience = patience;
  }

  /** Made when first needed, so that a wrong certificate fails calls and not whoever wires us. */
  private synchronized HttpClient http() {
    if (http == null) {
      int connect = (int) patience.connect().toMillis();
      http =
          SHARED
              .httpClientBuilder()
              .with(
                  new HttpClientOptions()
                      .setSsl(true)
                      .setTrustOptions(TrustOptions.wrap(TlsTrust.of(endpoint)))
                      .setVerifyHost(!(endpoint.trust() instanceof Trust.Fingerprint))
                      .setConnectTimeout(connect)
                      .setSslHandshakeTimeout(connect)
                      .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                      .setKeepAliveTimeout(KEPT_SECONDS)
                      .setMaxInitialLineLength(LONGEST_LINE)
                      .setMaxHeaderSize(LONGEST_LINE))
              .with(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS))
              // Each request is told of it, and tells; one that rests may break as it likes.
              .withConnectHandler(made -> made.exceptionHandler(broken -> {}))
              .build();
    }
    return http;
  }

  @Override
  public CompletionStage<Reply> send(Prepared prepared, ApiRequest request) {
    RequestOptions to =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(prepared.method()))
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setURI(prepared.target())
            .putHeader("Host", endpoint.authority());
    prepared.headers().forEach(to::putHeader);
    NoAnswer noAnswer = new NoAnswer(endpoint, request, patience.answer());
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    send(to, prepared.body(), !request.method().isWrite(), reply);
    return reply
        .orTimeout(patience.answer().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            why -> CompletableFuture.failedStage(noAnswer.because(ProxmoxFailure.cause(why))));
  }

  /**
   * Sends it.
   *
   * @param again whether it may be sent once more: the node may have closed a connection that
   *     rested just when it was used
   */
  private void send(RequestOptions to, String body, boolean again, CompletableFuture<Reply> reply) {
    http()
        .request(to)
        .onFailure(reply::completeExceptionally)
        .onSuccess(
            sent -> {
              reply.exceptionally(
                  ended -> {
                    sent.reset();
                    return null;
                  });
              sent.send(body)
                  .onSuccess(head -> read(head, reply))
                  .onFailure(
                      cut -> {
                        if (again && !reply.isDone()) {
                          send(to, body, false, reply);
                        } else {
                          reply.completeExceptionally(cut);
                        }
                      });
            });
  }

  /** Collects the body, but not more than a limit: whoever answers must not fill our memory. */
  private static void read(HttpClientResponse head, CompletableFuture<Reply> reply) {
    Buffer all = Buffer.buffer();
    head.exceptionHandler(reply::completeExceptionally)
        .handler(
            part -> {
              if (all.length() + part.length() > LONGEST_ANSWER) {
                reply.completeExceptionally(new TooLong());
              } else if (!reply.isDone()) {
                all.appendBuffer(part);
              }
            })
        .endHandler(end -> reply.complete(new Reply(head.statusCode(), all.getBytes())));
  }
}
