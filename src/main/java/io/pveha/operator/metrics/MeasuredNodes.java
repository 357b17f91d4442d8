package io.pveha.operator.metrics;

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
import java.time.Duration;
import java.util.stream.Stream;

/** Connections to the nodes of a cluster whose requests are counted and timed. */
final class MeasuredNodes implements Connector {

  static final String NAME = "pveha.api.request";

  /** A quick answer, a slow one, one that is about to be given up. */
  private static final Duration[] BUCKETS =
      Stream.of(50, 250, 1000, 5000).map(Duration::ofMillis).toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Tags cluster;
  private final ProxmoxClusterSpec spec;
  private final Connector connector;

  MeasuredNodes(
      MeterRegistry registry, Tags cluster, ProxmoxClusterSpec spec, Connector connector) {
    this.registry = registry;
    this.cluster = cluster;
    this.spec = spec;
    this.connector = connector;
  }

  @Override
  public ProxmoxApi connect(Endpoint endpoint, Credentials credentials) {
    ProxmoxApi api = connector.connect(endpoint, credentials);
    Tags tags = cluster.and("node", node(endpoint));
    return request -> {
      Timer.Sample sample = Timer.start(registry);
      return api.ask(request)
          .whenComplete((answer, failure) -> sample.stop(timer(tags, request, outcome(failure))));
    };
  }

  private static String outcome(Throwable failure) {
    if (failure == null) {
      return "ok";
    }
    Throwable cause = ProxmoxFailure.cause(failure);
    return cause instanceof ProxmoxFailure ? cause.getClass().getSimpleName() : "Defect";
  }

  private Timer timer(Tags tags, ApiRequest request, String outcome) {
    return Timer.builder(NAME)
        .description(Help.of(NAME))
        .tags(tags.and("endpoint", PathTemplate.of(request), "outcome", outcome))
        .serviceLevelObjectives(BUCKETS)
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
