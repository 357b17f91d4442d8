package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.app.operator.OperatorWiring;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.WatcherThreads;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.probe.Probes;
import io.pveha.operator.steps.Shop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The operator's own watchers and reconcilers in virtual time, between {@link SyntheticProxmox} and
 * {@link InMemoryKube}: what they cost is measured, however large the clusters are.
 */
final class BudgetStage implements AutoCloseable {

  private static final int MOST_AT_ONE_INSTANT = 100_000;

  /** Asked in each round of the fast lane, and in no other. */
  private static final String FAST = "/cluster/resources";

  /** What answers in so short a time is told together. */
  private static final Duration TOGETHER = Duration.ofMillis(500);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  final VirtualTime time = VirtualTime.from(VirtualStage.START);
  final InMemoryKube api = new InMemoryKube();
  final List<SyntheticProxmox> clusters = new ArrayList<>();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final VirtualLanes lanes = new VirtualLanes(time);
  private final List<VirtualController<?>> controllers = new ArrayList<>();
  private VirtualKube kube;
  private Watchers watchers;

  /** Adds a cluster with a namespace of its own, and an object of each kind for each guest. */
  SyntheticProxmox cluster(int nodes, int guests) {
    int number = clusters.size() + 1;
    SyntheticProxmox cluster =
        new SyntheticProxmox("c" + number, "10." + number, nodes, guests, time);
    clusters.add(cluster);
    String namespace = cluster.name();
    api.create(
        new SecretBuilder()
            .withNewMetadata()
            .withName("token")
            .addToAnnotations(ApiNames.SHARED_WITH, namespace)
            .endMetadata()
            .addToData("tokenId", base64("operator@pve!pveha"))
            .addToData("tokenSecret", base64("secret-" + namespace))
            .build(),
        namespace);
    create(
        ProxmoxCluster.class,
        cluster,
        namespace,
        "{formation: Adopt, clusterName: %s, credentialsSecretRef: {name: token}, nodes: [%s]}"
            .formatted(
                namespace,
                IntStream.rangeClosed(1, nodes)
                    .mapToObj(
                        node ->
                            "{name: %s, address: '%s:8006', tlsFingerprint: '%s'}"
                                .formatted(
                                    SyntheticProxmox.node(node),
                                    cluster.address(node),
                                    cluster.fingerprint(node)))
                    .collect(Collectors.joining(", "))));
    for (int vmid = SyntheticProxmox.FIRST; vmid < SyntheticProxmox.FIRST + guests; vmid++) {
      create(
          HaResource.class,
          cluster,
          "g" + vmid,
          "{clusterRef: {name: %s}, guest: {kind: CT, vmid: %d}, state: started}"
              .formatted(namespace, vmid));
      create(
          ReplicationJob.class,
          cluster,
          "r" + vmid,
          "{clusterRef: {name: %s}, guest: {vmid: %d}, targets: {count: 1}, rpoSeconds: 3600}"
              .formatted(namespace, vmid));
    }
    return cluster;
  }

  private void create(
      Class<? extends HasMetadata> kind, SyntheticProxmox cluster, String name, String spec) {
    HasMetadata object =
        Serialization.unmarshal(
            """
            apiVersion: pveha.io/v1alpha1
            kind: %s
            metadata: {name: %s, finalizers: [%s]}
            spec: %s
            """
                .formatted(kind.getSimpleName(), name, ApiNames.FINALIZER, spec),
            kind);
    api.create(object, cluster.name());
  }

  private static String base64(String text) {
    return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Starts the operator. */
  void start() {
    VirtualAskers askers = new VirtualAskers(time, lanes, Pace.DEFAULT);
    kube = new VirtualKube(api.client(), clusters.get(0).name());
    clusters.forEach(cluster -> kube.also(cluster.name()));
    watchers = new Watchers(new WatcherThreads(lanes, askers), Pace.DEFAULT, time);
    Probes probes = new Probes(lanes, Runnable::run, probe -> Optional.empty(), time);
    Shop shop = OperatorWiring.shop(api.client(), watchers, probes, time, metrics, () -> true);
    Connector connector =
        (endpoint, credentials) ->
            clusters.stream()
                .filter(cluster -> endpoint.host().startsWith(cluster.network() + "."))
                .findFirst()
                .orElseThrow()
                .connect(endpoint, credentials);
    for (Reconciler<?> reconciler : OperatorWiring.reconcilers(shop, connector)) {
      controllers.add(controller(reconciler));
    }
    kube.look();
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  private VirtualController<?> controller(Reconciler<?> reconciler) {
    return new VirtualController(reconciler, kube, time);
  }

  /** Lets time pass, in which all is done that is due. */
  void pass(Duration howLong) {
    Instant end = time.instant().plus(howLong);
    while (true) {
      settle();
      Instant next =
          Stream.concat(
                  lanes.nextDue().stream(),
                  controllers.stream().flatMap(controller -> controller.nextDue().stream()))
              .min(Comparator.naturalOrder())
              .filter(due -> due.isBefore(end))
              .orElse(end);
      if (!time.instant().isBefore(end)) {
        return;
      }
      time.advanceTo(next);
    }
  }

  /** Does all that is due now. */
  void settle() {
    for (int turn = 0; turn < MOST_AT_ONE_INSTANT; turn++) {
      reconcile();
      if (!lanes.runOne()) {
        return;
      }
    }
    throw new AssertionError("does not come to rest at " + time.instant());
  }

  /** Reconciles all that is due now, and what comes of it. */
  void reconcile() {
    boolean worked = true;
    for (int turn = 0; worked && turn < MOST_AT_ONE_INSTANT; turn++) {
      worked = false;
      for (VirtualController<?> controller : controllers) {
        while (controller.runOne()) {
          worked = true;
        }
      }
      if (worked) {
        kube.look();
        controllers.forEach(controller -> controller.primaries().caughtUp());
      }
    }
  }

  /**
   * What it costs to ask a cluster for its guests the next time, after all else is done, with what
   * is asked within {@link #TOGETHER} of that; whom it wakes is due then.
   */
  Duration round(SyntheticProxmox cluster) {
    cluster.wasAsked(FAST);
    while (true) {
      reconcile();
      time.advanceTo(lanes.nextDue().orElseThrow());
      Duration before = used();
      lanes.runOne();
      if (cluster.wasAsked(FAST)) {
        Instant end = time.instant().plus(TOGETHER);
        while (!lanes.nextDue().orElseThrow().isAfter(end)) {
          time.advanceTo(lanes.nextDue().orElseThrow());
          lanes.runOne();
        }
        return used().minus(before);
      }
    }
  }

  /** Objects that are due now, by kind and name. */
  List<String> due() {
    return controllers.stream().flatMap(controller -> controller.due().stream()).toList();
  }

  /** Has all objects of a kind reconciled at the next occasion, as after a restart. */
  void wake(Class<? extends CustomResource<?, ?>> kind) {
    Watchers.Kind woken =
        kind.equals(HaResource.class)
            ? Watchers.Kind.RESOURCE
            : kind.equals(ReplicationJob.class) ? Watchers.Kind.REPLICATION : Watchers.Kind.CLUSTER;
    api.list(kind).forEach(object -> watchers.ring(woken, ResourceID.fromResource(object)));
  }

  /** Reconciliations that ended with an exception. */
  List<String> failures() {
    return controllers.stream().flatMap(controller -> controller.failed().stream()).toList();
  }

  /** Objects of a kind that are Ready. */
  long ready(Class<? extends HasMetadata> kind) {
    return api.list(kind).stream()
        .filter(object -> VirtualStage.is(object, ConditionType.READY, "True"))
        .count();
  }

  /** Bytes of the largest object of a kind, as JSON. */
  int largest(Class<? extends CustomResource<?, ?>> kind) {
    return api.list(kind).stream()
        .mapToInt(
            object ->
                Serialization.asJson(object.getStatus()).getBytes(StandardCharsets.UTF_8).length)
        .max()
        .orElse(0);
  }

  /** Bytes of what the largest cluster says of the loss of each node, as JSON. */
  int readinessBytes() {
    return api.list(ProxmoxCluster.class).stream()
        .map(cluster -> Serialization.asJson(cluster.reported().failoverReadiness()))
        .mapToInt(json -> json.getBytes(StandardCharsets.UTF_8).length)
        .max()
        .orElse(0);
  }

  /** What Prometheus is served. */
  String scrape() {
    return metrics.scrape();
  }

  /** Processor time of all threads of Java so far: neither the collector's nor the compiler's. */
  static Duration used() {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      sum += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return Duration.ofNanos(sum);
  }

  @Override
  public void close() {
    if (watchers != null) {
      watchers.close();
    }
  }
}
