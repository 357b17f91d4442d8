package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.pveha.app.operator.OperatorWiring;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.WatcherThreads;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.probe.Probes;
import io.pveha.operator.steps.Shop;
import io.pveha.simulator.api.SimulatedCluster;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An operator in another Kubernetes cluster, which is a namespace that the one of the story knows
 * nothing of: both know each other by what is in Proxmox only.
 */
final class OtherOperator {

  final String namespace;
  private final KubernetesClient client;
  private final VirtualWire wire;
  private final VirtualLanes lanes;
  private final VirtualKube kube;
  private final Watchers watchers;
  private boolean reconciling;
  private final List<VirtualController<?>> controllers = new ArrayList<>();

  /**
   * Starts one.
   *
   * @param ahead how much later it is by its clock
   */
  OtherOperator(
      String namespace,
      KubernetesClient client,
      SimulatedCluster simulator,
      VirtualTime time,
      Duration ahead) {
    Clock clock = Clock.offset(time, ahead);
    this.namespace = namespace;
    this.client = client;
    this.wire = new VirtualWire(simulator, time);
    this.lanes = new VirtualLanes(time);
    VirtualAskers askers = new VirtualAskers(time, lanes, Pace.DEFAULT);
    wire.askers(askers);
    this.kube = new VirtualKube(client, namespace);
    this.watchers = new Watchers(new WatcherThreads(lanes, askers), Pace.DEFAULT, clock);
    Shop shop =
        OperatorWiring.shop(
            client,
            watchers,
            new Probes(lanes, Runnable::run, new VirtualPages(simulator), clock),
            clock,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            OperatorWiring.ALONE);
    for (Reconciler<?> reconciler : OperatorWiring.reconcilers(shop, wire)) {
      controllers.add(controller(reconciler, time));
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  private VirtualController<?> controller(Reconciler<?> reconciler, VirtualTime time) {
    return new VirtualController(reconciler, kube, time);
  }

  /** All that it asked Proxmox to change. */
  List<VirtualWire.Write> writes() {
    return wire.writes();
  }

  /** Told of each write before it is sent, and after its answer. */
  void around(Consumer<String> before, Consumer<String> after) {
    wire.around(before, after);
  }

  <T extends HasMetadata> T get(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }

  List<String> failures() {
    return controllers.stream().flatMap(controller -> controller.failed().stream()).toList();
  }

  Optional<Instant> nextDue() {
    return Stream.concat(
            lanes.nextDue().stream(),
            reconciling
                ? Stream.empty()
                : controllers.stream().flatMap(controller -> controller.nextDue().stream()))
        .min(Instant::compareTo);
  }

  /** While it waits for an answer it reconciles nothing else. */
  boolean reconcileOne() {
    if (reconciling) {
      return false;
    }
    reconciling = true;
    boolean any = false;
    for (VirtualController<?> controller : controllers) {
      any |= controller.runOne();
    }
    reconciling = false;
    return any;
  }

  boolean askOne() {
    return lanes.runOne();
  }

  void look() {
    kube.look();
    controllers.forEach(controller -> controller.primaries().caughtUp());
  }

  void end() {
    watchers.close();
  }
}
