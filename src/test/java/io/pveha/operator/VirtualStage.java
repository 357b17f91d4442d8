package io.pveha.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.app.operator.LeaseWatch;
import io.pveha.app.operator.OperatorWiring;
import io.pveha.core.safety.LeaderLease;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.TaskDesk;
import io.pveha.operator.polling.WatcherThreads;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.probe.Probes;
import io.pveha.operator.steps.Shop;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A simulated Proxmox and the operator's own code in one virtual time and one thread: the real
 * watchers with their lanes, the real reconcilers with their event sources, real HTTPS between
 * them, and an API that refuses writes to older versions. The same test tells the same story each
 * time.
 *
 * <p>Not here: JOSDK's event loop, whose part {@link VirtualController} takes. A node that is
 * silent is waited for as long as in reality, in virtual time.
 */
final class VirtualStage implements AutoCloseable {

  /** All stories begin then. */
  static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  /** Who the operator is among its replicas. */
  static final String REPLICA = "pod-1";

  private static final int MOST_AT_ONE_INSTANT = 300;

  final SimulatedCluster simulator;
  final KubernetesClient client;
  final String namespace;
  final VirtualTime time;
  private final Stage stage;
  private final VirtualWire wire;
  private VirtualLanes lanes;
  private final List<GuestWatch> guests = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<OtherOperator> rivals = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private VirtualKube kube;
  private List<VirtualController<?>> controllers = List.of();
  private Watchers watchers;
  private PrometheusMeterRegistry metrics;
  private Shop shop;
  private Optional<Supplier<Optional<LeaderLease>>> lease = Optional.empty();
  private Runnable afterStatus = () -> {};
  private Consumer<HasMetadata> meddling = object -> {};
  private Consumer<HasMetadata> meddlingWithLeaving = object -> {};

  /** Three formed nodes with the pool {@code tank}. */
  static VirtualStage of(PveVersion version) {
    return new VirtualStage(SimulatorOptions.standard().withBare(false).withVersion(version));
  }

  VirtualStage(SimulatorOptions options) {
    // VirtualWire keeps the refused waiting: several nodes at once, as in reality.
    this.stage =
        new Stage(
            StageApi.inThisProcess(),
            options.withVirtualTime().withRefusalDelay(Duration.ZERO),
            START);
    this.simulator = stage.simulator;
    this.client = stage.client;
    this.namespace = stage.namespace;
    this.time = new VirtualTime(simulator);
    this.wire = new VirtualWire(simulator, time);
    startOperator();
  }

  private void startOperator() {
    lanes = new VirtualLanes(time);
    VirtualAskers askers = new VirtualAskers(time, lanes, Pace.DEFAULT);
    wire.askers(askers);
    kube = new VirtualKube(client, namespace);
    others.forEach(kube::also);
    watchers = new Watchers(new WatcherThreads(lanes, askers), Pace.DEFAULT, time);
    metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Probes probes = new Probes(lanes, Runnable::run, new VirtualPages(simulator), time);
    shop = OperatorWiring.shop(client, watchers, probes, time, metrics, leads());
    List<VirtualController<?>> started = new ArrayList<>();
    for (Reconciler<?> reconciler : OperatorWiring.reconcilers(shop, wire)) {
      started.add(controller(reconciler));
    }
    controllers = started;
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  private VirtualController<?> controller(Reconciler<?> reconciler) {
    VirtualController<?> controller = new VirtualController(reconciler, kube, time);
    controller.primaries().afterWrite(() -> afterStatus.run());
    controller.beforeReconcile(object -> meddling.accept(object));
    controller.atReadingOfLeaving(object -> meddlingWithLeaving.accept(object));
    return controller;
  }

  /** Ends the operator's process where it is, and starts another that knows only the API. */
  void restartOperator() {
    controllers.forEach(controller -> failed.addAll(controller.failed()));
    watchers.close();
    startOperator();
  }

  /** The operator is one of several replicas; starts it anew, so that it knows this Lease. */
  void elect(Supplier<Optional<LeaderLease>> known) {
    lease = Optional.of(known);
    restartOperator();
  }

  private BooleanSupplier leads() {
    Optional<LeaseWatch> watch =
        lease.map(
            known ->
                new LeaseWatch(
                    REPLICA, known, time, () -> Duration.between(START, time.instant()).toNanos()));
    watch.ifPresent(each -> each.start(lanes));
    return () -> watch.isEmpty() || watch.get().isHeld();
  }

  /** Starts one more operator, in another Kubernetes cluster; it has the same Secrets. */
  OtherOperator otherOperator() {
    return otherOperator(Duration.ZERO);
  }

  /** One whose clock is ahead. */
  OtherOperator otherOperator(Duration ahead) {
    OtherOperator rival = new OtherOperator(stage.otherNamespace(), client, simulator, time, ahead);
    rivals.add(rival);
    return rival;
  }

  /** The operator's informers know nothing of these objects, until they are told otherwise. */
  void lag(Predicate<HasMetadata> behind) {
    kube.lag(behind);
    look();
  }

  /** The operator loses, or gets back, its own network to all nodes. */
  void cutOperatorOff(boolean cut) {
    info().nodes().forEach(node -> wire.cut(node.name(), cut));
  }

  /** Changes what nodes answer the operator from now on. */
  void changeAnswers(VirtualWire.Changed how) {
    wire.change(how);
  }

  /** Questions that no node answers from now on, while it answers others. */
  void hang(Predicate<ApiRequest> which) {
    wire.hang(which);
  }

  /** The operator loses, or gets back, its way to one node. */
  void cutOperatorOff(String node, boolean cut) {
    wire.cut(node, cut);
  }

  /** Lets so much time pass for all. */
  void pass(Duration howLong) {
    passUntil(() -> false, howLong);
  }

  /** Lets so much time pass in which Proxmox is looked at, and no object is reconciled. */
  void lookWithoutReconciling(Duration howLong) {
    Instant end = time.instant().plus(howLong);
    while (time.instant().isBefore(end)) {
      if (!lanes.runOne()) {
        time.advanceTo(lanes.nextDue().filter(due -> due.isBefore(end)).orElse(end));
      }
    }
  }

  /** Lets time pass until it is so; fails when it takes longer than that. */
  Duration until(String what, BooleanSupplier so, Duration limit) {
    Instant start = time.instant();
    if (!passUntil(so, limit)) {
      throw new AssertionError(
          "%s did not come within %s.%n%s%nfailures: %s"
              .formatted(what, limit, table(), failures()));
    }
    return Duration.between(start, time.instant());
  }

  private boolean passUntil(BooleanSupplier so, Duration limit) {
    Instant end = time.instant().plus(limit);
    look();
    while (true) {
      settle();
      if (so.getAsBoolean()) {
        return true;
      }
      if (!time.instant().isBefore(end)) {
        return false;
      }
      Instant next = nextDue().filter(due -> due.isBefore(end)).orElse(end);
      time.advanceTo(next);
    }
  }

  private Optional<Instant> nextDue() {
    return Stream.of(
            lanes.nextDue().stream(),
            controllers.stream().flatMap(controller -> controller.nextDue().stream()),
            rivals.stream().flatMap(rival -> rival.nextDue().stream()))
        .flatMap(due -> due)
        .min(Comparator.naturalOrder());
  }

  /** Does what is due, and what follows from it at once. */
  private void settle() {
    for (int turn = 0; turn < MOST_AT_ONE_INSTANT; turn++) {
      boolean reconciled = false;
      for (VirtualController<?> controller : controllers) {
        reconciled |= mayDie(controller::runOne);
      }
      for (OtherOperator rival : rivals) {
        reconciled |= rival.reconcileOne();
      }
      if (reconciled) {
        look();
      }
      if (!reconciled && !mayDie(lanes::runOne) && !anyAsks()) {
        return;
      }
    }
    throw new AssertionError("does not come to rest at %s%n%s".formatted(time.instant(), table()));
  }

  private boolean anyAsks() {
    return rivals.stream().anyMatch(OtherOperator::askOne);
  }

  private boolean mayDie(BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (OperatorDied died) {
      restartOperator();
      return true;
    }
  }

  private void look() {
    kube.look();
    controllers.forEach(controller -> controller.primaries().caughtUp());
    rivals.forEach(OtherOperator::look);
  }

  /** Told of each write to Proxmox before it is sent, of its answer, and of each saved status. */
  void around(Consumer<String> before, Consumer<String> after, Runnable status) {
    wire.around(before, after);
    afterStatus = status;
  }

  /** Changes what Proxmox answers to questions, on its way to the operator. */
  void answers(BiFunction<ApiRequest, JsonNode, JsonNode> changed) {
    wire.change((node, request, answer) -> changed.apply(request, answer));
  }

  /** Whether the operator knows what is in Kubernetes. */
  KubernetesLists lists() {
    return shop.lists();
  }

  /** Is handed each object that is about to be reconciled, when the reconciler has read it. */
  void meddle(Consumer<HasMetadata> with) {
    meddling = with;
  }

  /** Is handed each object that is being deleted, in the midst of its reconciliation. */
  void meddleWithLeaving(Consumer<HasMetadata> with) {
    meddlingWithLeaving = with;
  }

  /** Applies the cluster, the pool, the guest and its replication of the reference story. */
  void applyReference() {
    applyReference("");
  }

  /** The same with more in the cluster's spec: fields as YAML, one a line. */
  void applyReference(String more) {
    stage.secrets();
    applyCluster(more);
    apply(stage.poolYaml());
    apply(stage.guestYaml());
    apply(stage.replicationYaml());
  }

  /** Waits until all of {@link #applyReference} is Ready and the guest is fully replicated. */
  void awaitReference() {
    until(
        "the reference cluster",
        () ->
            Stream.of(cluster(), pool(), guest(), replication())
                    .allMatch(object -> is(object, ConditionType.READY, "True"))
                && "2/2".equals(replication().reported().jobsHealthy()),
        Duration.ofMinutes(10));
  }

  /** Applies the cluster anew, with more in its spec. */
  void applyCluster(String more) {
    apply(stage.clusterYaml("Adopt", "simulated") + more.indent(2));
  }

  /** Sets an annotation as {@code kubectl annotate --overwrite} does. */
  void annotate(HasMetadata object, String annotation, String value) {
    client
        .resource(object)
        .edit(
            fresh -> {
              Map<String, String> annotations =
                  fresh.getMetadata().getAnnotations() == null
                      ? new HashMap<>()
                      : new HashMap<>(fresh.getMetadata().getAnnotations());
              annotations.put(annotation, value);
              fresh.getMetadata().setAnnotations(annotations);
              return fresh;
            });
  }

  void apply(String yaml) {
    stage.apply(yaml);
  }

  /** The manifests of the reference story, to be changed by a test. */
  Stage manifests() {
    return stage;
  }

  /** A namespace that the operator watches beside that of the story, with the same Secrets. */
  String otherNamespace() {
    String other = stage.otherNamespace();
    kube.also(other);
    others.add(other);
    return other;
  }

  Faults faults() {
    return simulator.faults();
  }

  SimulatorInfo info() {
    return simulator.info();
  }

  Truth truth() {
    return simulator.world().truth();
  }

  /** Watches a guest's page from now on. */
  GuestWatch watch(int vmid) {
    GuestWatch watch = simulator.world().read(() -> new GuestWatch(simulator, vmid));
    guests.add(watch);
    return watch;
  }

  /** An object as the API has it, whatever our types make of that. */
  GenericKubernetesResource stored(HasMetadata object) {
    return client
        .genericKubernetesResources(object.getApiVersion(), object.getKind())
        .inNamespace(namespace)
        .withName(object.getMetadata().getName())
        .get();
  }

  /** What the operator knows of the cluster of the story. */
  Observation observation() {
    return watchers
        .find(new ResourceID("reference", namespace))
        .map(ClusterWatcher::observation)
        .orElseThrow();
  }

  /** Tasks that are waited for in the cluster of the story. */
  TaskDesk tasks() {
    return watchers.find(new ResourceID("reference", namespace)).orElseThrow().tasks();
  }

  /** Told of each request of the operator from now on, and of which node is asked. */
  void asked(BiConsumer<String, ApiRequest> listener) {
    wire.asked(listener);
  }

  /** How often the operator asked Proxmox anything. */
  int requests() {
    return wire.requests();
  }

  /** All that the operator asked Proxmox to change. */
  List<VirtualWire.Write> writes() {
    return wire.writes();
  }

  /** Those of {@link #writes} that an object asks for: all but the owner's mark. */
  List<String> changes() {
    return wire.writes().stream()
        .filter(write -> !write.isOwnerMark())
        .map(VirtualWire.Write::what)
        .toList();
  }

  /** Those of {@link #writes} that Proxmox took on. */
  List<VirtualWire.Write> answered() {
    return wire.answered();
  }

  /** Reconciliations that ended with an exception, also of operators that are gone. */
  List<String> failures() {
    List<String> all = new ArrayList<>(failed);
    controllers.forEach(controller -> all.addAll(controller.failed()));
    return all;
  }

  ProxmoxCluster cluster() {
    return stage.cluster();
  }

  ZfsPool pool() {
    return stage.pool();
  }

  HaResource guest() {
    return stage.guest();
  }

  ReplicationJob replication() {
    return stage.replication();
  }

  <T extends HasMetadata> T get(Class<T> type, String name) {
    return stage.get(type, name);
  }

  static boolean is(HasMetadata object, ConditionType type, String status) {
    return condition(object, type).filter(c -> c.getStatus().equals(status)).isPresent();
  }

  static boolean isBecause(HasMetadata object, ConditionType type, String reason) {
    return condition(object, type).filter(c -> c.getReason().equals(reason)).isPresent();
  }

  static Optional<Condition> condition(HasMetadata object, ConditionType type) {
    return Stage.conditions(object).stream()
        .filter(c -> c.getType().equals(type.text()))
        .findFirst();
  }

  /** A condition of a node in {@code status.nodes[]} of the cluster. */
  Optional<Condition> condition(String node, NodeConditionType type) {
    return cluster().reported().nodes().stream()
        .filter(known -> known.name().equals(node))
        .flatMap(known -> known.conditions().stream())
        .filter(c -> c.getType().equals(type.text()))
        .findFirst();
  }

  /** Whether a condition of a node has this status. */
  boolean is(String node, NodeConditionType type, String status) {
    return condition(node, type).filter(c -> c.getStatus().equals(status)).isPresent();
  }

  /** All Events, oldest first. */
  List<Event> events() {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .sorted(
            Comparator.comparingLong(
                event -> Long.parseLong(event.getMetadata().getResourceVersion())))
        .toList();
  }

  /** What Prometheus is served by the operator that runs now. */
  String scrape() {
    return metrics.scrape();
  }

  /** As {@code kubectl get har,repl,zpool,pxc -o wide}, {@code describe} and Events would show. */
  String table() {
    return table(START);
  }

  /** The same with the Events of a part of the story only. */
  String table(Instant since) {
    return new KubectlText(this, since).text();
  }

  @Override
  public void close() {
    guests.forEach(GuestWatch::end);
    rivals.forEach(OtherOperator::end);
    watchers.close();
    stage.close();
  }
}
