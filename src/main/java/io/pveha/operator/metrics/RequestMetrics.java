package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.operator.connection.Connector;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;

/**
 * Connections to the nodes of a cluster whose requests are timed by call and counted by node: both
 * at once would be a series for each call of each node.
 */
final class RequestMetrics implements Connector {

  static final String CALLS = "pveha.api.request";
  static final String NODES = "pveha.node.requests";

  private final MeterRegistry registry;
  private final Tags cluster;
  private final ProxmoxClusterSpec spec;
  private final Connector connector;

  RequestMetrics(
      MeterRegistry registry, Tags cluster, ProxmoxClusterSpec spec, Connector connector) {
    this.registry = registry;
    this.cluster = cluster;
    this.spec = spec;
    this.connector = connector;
  }

  @Override
  public ProxmoxApi connect(Endpoint endpoint, Credentials credentials) {
    ProxmoxApi api = connector.connect(endpoint, credentials);
    String node = node(endpoint);
    return request -> {
      Timer.Sample sample = Timer.start(registry);
      return api.ask(request)
          .whenComplete(
              (answer, failure) -> {
                String outcome = outcome(failure);
                sample.stop(timer(request, outcome));
                counter(node, outcome).increment();
              });
    };
  }

  private static String outcome(Throwable failure) {
    if (failure == null) {
      return "ok";
    }
    Throwable cause = ProxmoxFailure.cause(failure);
    return cause instanceof ProxmoxFailure ? cause.getClass().getSimpleName() : "Defect";
  }

  private Timer timer(ApiRequest request, String outcome) {
    return Timer.builder(CALLS)
        .description(Help.of(CALLS))
        .tags(cluster.and("endpoint", PathTemplate.of(request), "outcome", outcome))
        .register(registry);
  }

  private Counter counter(String node, String outcome) {
    return Counter.builder(NODES)
        .description(Help.of(NODES))
        .tags(cluster.and("node", node, "outcome", outcome))
        .register(registry);
  }

  private String node(Endpoint endpoint) {
    return spec.nodes().stream()
        .filter(node -> node.host().equals(endpoint.host()) && node.port() == endpoint.port())
        .map(ProxmoxClusterSpec.Node::name)
        .findFirst()
        .orElse("");
  }
}
