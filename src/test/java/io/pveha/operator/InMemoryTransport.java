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
import io.pveha.simulator.world.Certificates;
import io.pveha.simulator.world.NodeHost;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Flow;

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
  private Certificates.Certificate trusted;
  private Transport https;

  InMemoryTransport(
      SimulatedCluster simulator, NodeHost node, Endpoint endpoint, Patience patience) {
    this.simulator = simulator;
    this.node = node;
    this.endpoint = endpoint;
    this.patience = patience;
  }

  @Override
  public Reply send(HttpRequest prepared, ApiRequest request) {
    Certificates.Certificate present = simulator.world().read(node::certificate);
    if (!present.equals(trusted)
        || simulator.world().read(node::frontDoor) != NodeHost.FrontDoor.OPEN) {
      Reply reply = https(present).send(prepared, request);
      trusted = present;
      return reply;
    }
    try {
      WebAnswer answer = simulator.answer(node, web(prepared));
      if (simulator.world().read(node::frontDoor) == NodeHost.FrontDoor.OPEN) {
        return new Reply(answer.status(), answer.body());
      }
    } catch (NoAnswer broken) {
      // As is said below.
    }
    String message =
        "%s closed the connection without an answer (%s)".formatted(endpoint.authority(), request);
    throw request.method().isWrite()
        ? new ProxmoxFailure.ConnectionLost(message)
        : new ProxmoxFailure.Unreachable(message);
  }

  private synchronized Transport https(Certificates.Certificate present) {
    if (https == null || !present.equals(met)) {
      met = present;
      https = Transport.https(endpoint, patience);
    }
    return https;
  }

  private static WebRequest web(HttpRequest prepared) {
    Map<String, String> headers = new HashMap<>();
    prepared
        .headers()
        .map()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), values.get(values.size() - 1)));
    String query = prepared.uri().getRawQuery();
    return new WebRequest(
        prepared.method(),
        prepared.uri().getRawPath(),
        query == null ? "" : query,
        headers,
        prepared.bodyPublisher().map(InMemoryTransport::bytes).orElseGet(() -> new byte[0]));
  }

  /** What a publisher of a text holds ready. */
  private static byte[] bytes(HttpRequest.BodyPublisher publisher) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuffer part) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            all.writeBytes(bytes);
          }

          @Override
          public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
          }

          @Override
          public void onComplete() {
            // All of it was published at once.
          }
        });
    return all.toByteArray();
  }
}
