package io.pveha.operator;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.rest.Transport;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.web.NoAnswer;
import io.pveha.simulator.api.web.WebAnswer;
import io.pveha.simulator.api.web.WebRequest;
import io.pveha.simulator.machine.Certificates;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.world.NodeHost;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hands requests to a simulated node without sockets, which stories spend most of their time on. A
 * certificate that was not met yet, and a door that is not open, are met over HTTPS as ever.
 */
final class InMemoryTransport implements Transport {

  private final SimulatedCluster simulator;
  private final NodeHost node;
  private final Endpoint endpoint;
  private final Patience patience;
  private Certificates.Certificate met;
  private volatile Certificates.Certificate trusted;
  private Transport https;

  InMemoryTransport(
      SimulatedCluster simulator, NodeHost node, Endpoint endpoint, Patience patience) {
    this.simulator = simulator;
    this.node = node;
    this.endpoint = endpoint;
    this.patience = patience;
  }

  @Override
  public CompletionStage<Reply> send(Prepared prepared, ApiRequest request) {
    Certificates.Certificate present = simulator.world().read(node::certificate);
    if (!present.equals(trusted)
        || simulator.world().read(node::frontDoor) != Machine.FrontDoor.OPEN) {
      return https(present)
          .send(prepared, request)
          .thenApply(
              reply -> {
                trusted = present;
                return reply;
              });
    }
    try {
      WebAnswer answer = simulator.answer(node, web(prepared));
      if (simulator.world().read(node::frontDoor) == Machine.FrontDoor.OPEN) {
        return CompletableFuture.completedStage(new Reply(answer.status(), answer.body()));
      }
    } catch (NoAnswer broken) {
      // As is said below.
    }
    String message =
        "%s closed the connection without an answer (%s)".formatted(endpoint.authority(), request);
    return CompletableFuture.failedStage(
        request.method().isWrite()
            ? new ProxmoxFailure.ConnectionLost(message)
            : new ProxmoxFailure.Unreachable(message));
  }

  private synchronized Transport https(Certificates.Certificate present) {
    if (https == null || !present.equals(met)) {
      met = present;
      https = Transport.https(endpoint, patience);
    }
    return https;
  }

  private static WebRequest web(Prepared prepared) {
    Map<String, String> headers = new HashMap<>();
    prepared.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    URI target = URI.create(prepared.target());
    return new WebRequest(
        prepared.method(),
        target.getRawPath(),
        Optional.ofNullable(target.getRawQuery()).orElse(""),
        headers,
        prepared.body().getBytes(StandardCharsets.UTF_8));
  }
}
