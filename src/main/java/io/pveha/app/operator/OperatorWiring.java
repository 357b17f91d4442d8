package io.pveha.app.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pveha.operator.cluster.ClusterReconciler;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.metrics.OperatorMetrics;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.pool.PoolReconciler;
import io.pveha.operator.probe.Probes;
import io.pveha.operator.replication.ReplicationReconciler;
import io.pveha.operator.resource.ResourceReconciler;
import io.pveha.operator.status.Transitions;
import io.pveha.operator.steps.OutcomeBook;
import io.pveha.operator.steps.Shop;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.rest.NodeConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The operator without Quarkus: the same reconcilers, run by JOSDK against any Kubernetes API.
 *
 * <p>{@code try (var operator = OperatorWiring.start(client, Pace.DEFAULT, clock, Set.of())) ...}
 */
public final class OperatorWiring implements AutoCloseable {

  /** A first list of thousands may take the API server as long as it lets any request take. */
  private static final Duration PATIENCE_AT_START = Duration.ofSeconds(60);

  /** Of all other requests. */
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

  /** How long the start of a controller waits for a list; what comes later is waited for, too. */
  private static final Duration CACHE_PATIENCE = Duration.ofSeconds(30);

  /** A single process leads by itself. */
  public static final BooleanSupplier ALONE = () -> true;

  private final Operator operator;
  private final Shop shop;

  private OperatorWiring(Operator operator, Shop shop) {
    this.operator = operator;
    this.shop = shop;
  }

  /**
   * Starts it; it reconciles when this returns.
   *
   * @param namespaces to watch; empty for all
   */
  public static OperatorWiring start(
      KubernetesClient client, Pace pace, Clock clock, Set<String> namespaces) {
    return start(client, pace, clock, namespaces, connector(clock));
  }

  /** The same with connections of another make. */
  public static OperatorWiring start(
      KubernetesClient client,
      Pace pace,
      Clock clock,
      Set<String> namespaces,
      Connector connector) {
    Shop shop = shop(client, pace, clock);
    Operator operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withMetrics(shop.metrics().reconciliations())
                    .withReconciliationTerminationTimeout(Duration.ZERO)
                    .withStopOnInformerErrorDuringStartup(false)
                    .withCacheSyncTimeout(CACHE_PATIENCE)
                    .checkingCRDAndValidateLocalModel(false));
    for (Reconciler<?> reconciler : reconcilers(shop, connector)) {
      operator.register(reconciler, o -> o.settingNamespaces(orAll(namespaces)));
    }
    shop.metrics().leads(true);
    client.getConfiguration().setRequestTimeout((int) PATIENCE_AT_START.toMillis());
    operator.start();
    return new OperatorWiring(operator, shop);
  }

  /** One for each kind. */
  public static List<Reconciler<?>> reconcilers(Shop shop, Connector connector) {
    return List.of(
        new ClusterReconciler(shop, connector),
        new PoolReconciler(shop),
        new ReplicationReconciler(shop),
        new ResourceReconciler(shop));
  }

  /** What every reconciler works with. */
  public static Shop shop(KubernetesClient client, Pace pace, Clock clock) {
    return shop(client, new Watchers(pace, clock), clock);
  }

  /** The same with watchers of another make. */
  public static Shop shop(KubernetesClient client, Watchers watchers, Clock clock) {
    return shop(client, watchers, clock, new SimpleMeterRegistry(), ALONE);
  }

  /** The same with figures that somebody reads, for one of several replicas. */
  public static Shop shop(
      KubernetesClient client,
      Watchers watchers,
      Clock clock,
      MeterRegistry registry,
      BooleanSupplier leads) {
    int usual = client.getConfiguration().getRequestTimeout();
    KubernetesLists lists =
        new KubernetesLists(
            clock,
            Watchers.Kind.values().length,
            // A lost Lease is to be found out before another replica leads.
            () ->
                client
                    .getConfiguration()
                    .setRequestTimeout(Math.min(usual, (int) USUAL_PATIENCE.toMillis())));
    return shop(client, lists, watchers, Probes.start(clock), clock, registry, leads);
  }

  /** The same with probes of another make, and caches that somebody else fills. */
  public static Shop shop(
      KubernetesClient client,
      Watchers watchers,
      Probes probes,
      Clock clock,
      MeterRegistry registry,
      BooleanSupplier leads) {
    return shop(client, KubernetesLists.complete(clock), watchers, probes, clock, registry, leads);
  }

  private static Shop shop(
      KubernetesClient client,
      KubernetesLists lists,
      Watchers watchers,
      Probes probes,
      Clock clock,
      MeterRegistry registry,
      BooleanSupplier leads) {
    OperatorMetrics metrics =
        new OperatorMetrics(
            registry,
            clock,
            id ->
                watchers
                    .find(id)
                    .or(() -> watchers.findForming(id))
                    .flatMap(watcher -> watcher.observation().at()),
            watchers.predictions());
    return new Shop(
        lists,
        watchers,
        probes,
        new OutcomeBook(),
        new Transitions(client, clock),
        metrics,
        clock,
        leads);
  }

  /** Real connections. */
  public static Connector connector(Clock clock) {
    return (endpoint, credentials) ->
        new NodeConnection(endpoint, credentials, Patience.DEFAULT, clock);
  }

  /** Whether what it reads in Kubernetes is known. */
  public KubernetesLists lists() {
    return shop.lists();
  }

  private static Set<String> orAll(Set<String> namespaces) {
    return namespaces.isEmpty()
        ? Set.of(io.javaoperatorsdk.operator.api.reconciler.Constants.WATCH_ALL_NAMESPACES)
        : namespaces;
  }

  /** Stops it wherever it is, as the death of its process would. */
  @Override
  public void close() {
    shop.probes().close();
    shop.watchers().close();
    operator.stop();
  }
}
