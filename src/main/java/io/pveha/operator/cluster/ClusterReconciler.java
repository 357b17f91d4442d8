package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ClusterRef;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.ClusterLogin;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.health.OutsideConditions;
import io.pveha.operator.host.Departure;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.ownermark.ClusterOwnership;
import io.pveha.operator.ownermark.MarkRemoval;
import io.pveha.operator.ownermark.OwnershipFinding;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.seal.TrustedStatus;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.LogContext;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Shop;
import io.pveha.operator.steps.Work;
import io.pveha.proxmox.Credentials;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps one watcher per ProxmoxCluster, forms the cluster, and reports what is seen. */
@ControllerConfiguration(
    name = "proxmoxcluster",
    finalizerName = ApiNames.FINALIZER,
    generationAwareEventProcessing = false,
    informer =
        @Informer(
            onUpdateFilter = ClusterChangeFilter.class,
            informerListLimit = KubernetesLists.PAGE),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 60, timeUnit = TimeUnit.SECONDS))
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 500,
    intervalMultiplier = 2,
    maxInterval = 30_000)
public final class ClusterReconciler
    implements Reconciler<ProxmoxCluster>, Cleaner<ProxmoxCluster> {

  private static final Duration LOOK_FOR_DEPENDANTS = Duration.ofSeconds(5);

  private final Shop shop;
  private final Connector connector;

  public ClusterReconciler(Shop shop, Connector connector) {
    this.shop = shop;
    this.connector = connector;
  }

  @Override
  public List<EventSource<?, ProxmoxCluster>> prepareEventSources(
      EventSourceContext<ProxmoxCluster> context) {
    SimpleInboundEventSource<ProxmoxCluster> bell = new SimpleInboundEventSource<>("polling");
    shop.watchers().onWake(Watchers.Kind.CLUSTER, bell::propagateEvent);
    InformerEventSource<Secret, ProxmoxCluster> secrets =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Secret.class, ProxmoxCluster.class)
                .withName("secrets")
                .withInformerListLimit(KubernetesLists.PAGE)
                .withPrimaryToSecondaryMapper(SecretRefs::of)
                .withSecondaryToPrimaryMapper(
                    secret ->
                        context
                            .getPrimaryCache()
                            .list(
                                secret.getMetadata().getNamespace(),
                                cluster ->
                                    SecretRefs.of(cluster)
                                        .contains(ResourceID.fromResource(secret)))
                            .map(ResourceID::fromResource)
                            .collect(Collectors.toSet()))
                .build(),
            context);
    InformerEventSource<ReplicationJob, ProxmoxCluster> replications =
        new InformerEventSource<>(
            ofCluster("replications", ReplicationJob.class, job -> job.getSpec().clusterRef())
                .build(),
            context);
    InformerEventSource<HaResource, ProxmoxCluster> resources =
        new InformerEventSource<>(
            ofCluster("resources", HaResource.class, object -> object.getSpec().clusterRef())
                .withOnUpdateFilter((now, before) -> ResourceChangeFilter.accept(now, before))
                .build(),
            context);
    InformerEventSource<ZfsPool, ProxmoxCluster> pools =
        new InformerEventSource<>(
            ofCluster("pools", ZfsPool.class, pool -> pool.getSpec().clusterRef())
                .withOnUpdateFilter(
                    (now, before) -> now.isMarkedForDeletion() != before.isMarkedForDeletion())
                .build(),
            context);
    InformerEventSource<ConfigMap, ProxmoxCluster> nodeConditions =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ConfigMap.class, ProxmoxCluster.class)
                .withName("node-conditions")
                .withInformerListLimit(KubernetesLists.PAGE)
                .withLabelSelector(ApiNames.NODE_CONDITIONS)
                .withSecondaryToPrimaryMapper(OutsideConditions::cluster)
                .build(),
            context);
    shop.lists()
        .watches(
            Watchers.Kind.CLUSTER.name(),
            Map.of(
                HasMetadata.getFullResourceName(ProxmoxCluster.class),
                context.getPrimaryCache(),
                "secrets",
                secrets,
                "configmaps",
                nodeConditions,
                HasMetadata.getFullResourceName(ReplicationJob.class),
                replications,
                HasMetadata.getFullResourceName(HaResource.class),
                resources,
                HasMetadata.getFullResourceName(ZfsPool.class),
                pools));
    return List.of(bell, secrets, nodeConditions, replications, resources, pools);
  }

  /** Objects of a kind that wake the ProxmoxCluster that they name. */
  private static <P extends CustomResource<?, ?>>
      InformerEventSourceConfiguration.Builder<P> ofCluster(
          String name, Class<P> kind, Function<P, ClusterRef> ref) {
    return InformerEventSourceConfiguration.from(kind, ProxmoxCluster.class)
        .withName(name)
        .withInformerListLimit(KubernetesLists.PAGE)
        .withSecondaryToPrimaryMapper(
            object ->
                Set.of(
                    new ResourceID(ref.apply(object).name(), object.getMetadata().getNamespace())));
  }

  @Override
  public UpdateControl<ProxmoxCluster> reconcile(
      ProxmoxCluster cluster, Context<ProxmoxCluster> context) {
    try (LogContext unused = LogContext.of(cluster, cluster.getMetadata().getName())) {
      return carryOn(cluster, context);
    }
  }

  private UpdateControl<ProxmoxCluster> carryOn(
      ProxmoxCluster cluster, Context<ProxmoxCluster> context) {
    if (shop.mustWait(Watchers.Kind.CLUSTER, cluster, cluster.reported(), context)) {
      return UpdateControl.<ProxmoxCluster>noUpdate().rescheduleAfter(KubernetesLists.LOOK_AGAIN);
    }
    ProxmoxClusterSpec spec = cluster.getSpec();
    ResourceID id = ResourceID.fromResource(cluster);
    Set<Secret> secrets = context.getSecondaryResources(Secret.class);
    TrustedStatus<ProxmoxClusterStatus> trusted = trusted(cluster, everyday(cluster, secrets));
    ProxmoxClusterStatus former = trusted.status();
    boolean formed = FormationReport.isFormed(spec, former);
    ClusterLogin login = ClusterLogin.read(cluster, name -> SecretRefs.find(secrets, name), formed);
    if (login.problem().isPresent()) {
      serveOrForget(cluster, secrets, former, formed);
      return withoutLogin(cluster, former, context, login.problem().get());
    }
    ClusterWatcher watcher = watcher(cluster, login, former, formed);
    Work<ProxmoxClusterStatus, ProxmoxCluster> work =
        Work.sealed(cluster, trusted, context, shop, Optional.of(watcher), key(login));
    Optional<Duration> healed = work.heal();
    if (healed.isPresent()) {
      return UpdateControl.<ProxmoxCluster>noUpdate().rescheduleAfter(healed.get());
    }
    OwnershipFinding ownership = settle(cluster, context, work);
    OwnershipState standing = ownership.standing();
    Duration pause =
        formed
            ? new FormedCluster(
                    spec,
                    former,
                    watcher,
                    context.getSecondaryResources(ReplicationJob.class),
                    context.getSecondaryResources(HaResource.class).stream()
                        .map(resource -> trusted(resource, login))
                        .toList(),
                    OutsideConditions.of(
                        context.getSecondaryResources(ConfigMap.class), nodes(spec, former)),
                    work,
                    ownership,
                    () -> shop.watchers().owners().stillOwns(id),
                    PermissionsReport.of(cluster, Dependants.of(context), login),
                    id,
                    shop.watchers().predictions())
                .report()
            : new ClusterFormation(
                    spec,
                    former,
                    watcher,
                    standing,
                    () -> shop.watchers().owners().mayStillForm(id),
                    work)
                .carryOn();
    return UpdateControl.<ProxmoxCluster>noUpdate()
        .rescheduleAfter(ownership.soonest(pause, shop.clock().instant()));
  }

  private TrustedStatus<ProxmoxClusterStatus> trusted(ProxmoxCluster cluster, ClusterLogin login) {
    return shop.watchers().seals().read(cluster, cluster.reported(), key(login));
  }

  private static Optional<io.pveha.proxmox.Secret> key(ClusterLogin login) {
    return login.token().map(Credentials.ApiToken::secret);
  }

  private HaResource trusted(HaResource resource, ClusterLogin login) {
    return shop.watchers().seals().trusted(resource, key(login).orElseThrow());
  }

  /** Finds how it stands, and tells what belongs to it. */
  private OwnershipFinding settle(
      ProxmoxCluster cluster,
      Context<ProxmoxCluster> context,
      Work<ProxmoxClusterStatus, ProxmoxCluster> work) {
    ClusterOwnership owners = new ClusterOwnership(shop.watchers(), shop.clock(), shop.leads());
    IndexedResourceCache<ProxmoxCluster> all = context.getPrimaryCache();
    OwnershipFinding ownership = owners.of(cluster, all.list().toList());
    shop.watchers()
        .owners()
        .checkedBy(
            ResourceID.fromResource(cluster),
            () -> owners.isStillFree(cluster, all.list().toList()));
    if (ownership.marked()) {
      ownership.mark().ifPresent(step -> work.tell(true, step.action(), step.sentence()));
    }
    shop.watchers().settle(ResourceID.fromResource(cluster), ownership.standing());
    return ownership;
  }

  @Override
  public ErrorStatusUpdateControl<ProxmoxCluster> updateErrorStatus(
      ProxmoxCluster cluster, Context<ProxmoxCluster> context, Exception failure) {
    return shop.failed().tell(cluster, cluster.reported(), context, failure);
  }

  @Override
  public DeleteControl cleanup(ProxmoxCluster cluster, Context<ProxmoxCluster> context) {
    try (LogContext unused = LogContext.of(cluster, cluster.getMetadata().getName())) {
      return shop.failed()
          .deleting(
              cluster,
              cluster.reported(),
              context,
              Departure.wayOut(cluster),
              () -> delete(cluster, context));
    }
  }

  private DeleteControl delete(ProxmoxCluster cluster, Context<ProxmoxCluster> context) {
    if (shop.mustWait(Watchers.Kind.CLUSTER, cluster, cluster.reported(), context)) {
      return DeleteControl.noFinalizerRemoval()
          .rescheduleAfter(KubernetesLists.LOOK_AGAIN.toMillis());
    }
    ClusterLogin login = everyday(cluster, context.getSecondaryResources(Secret.class));
    TrustedStatus<ProxmoxClusterStatus> trusted = trusted(cluster, login);
    ProxmoxClusterStatus former = trusted.status();
    Optional<ClusterWatcher> watcher = servingToTheEnd(cluster, former, login);
    Work<ProxmoxClusterStatus, ProxmoxCluster> work =
        Work.sealed(cluster, trusted, context, shop, watcher, key(login));
    ClusterDeparture departure =
        new ClusterDeparture(cluster, Dependants.of(context), trouble(cluster, watcher, context));
    if (departure.mayGo()) {
      if (!new MarkRemoval(cluster, watcher, shop.watchers(), work).isDone()) {
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(LOOK_FOR_DEPENDANTS.toMillis());
      }
      shop.watchers().forget(ResourceID.fromResource(cluster));
      shop.watchers().owners().forget(ResourceID.fromResource(cluster));
      shop.watchers().seals().forget(cluster);
      shop.watchers().predictions().forget(ResourceID.fromResource(cluster));
      return DeleteControl.defaultDelete();
    }
    OwnershipFinding ownership = settle(cluster, context, work);
    Conditions conditions = new Conditions();
    departure.judge(conditions);
    work.report(former, conditions);
    return DeleteControl.noFinalizerRemoval()
        .rescheduleAfter(ownership.soonest(LOOK_FOR_DEPENDANTS, shop.clock().instant()).toMillis());
  }

  /** What belongs to it works with it to the end, also when its Secrets went before it. */
  private Optional<ClusterWatcher> servingToTheEnd(
      ProxmoxCluster cluster, ProxmoxClusterStatus former, ClusterLogin login) {
    ResourceID id = ResourceID.fromResource(cluster);
    shop.watchers().forgetForming(id);
    if (!former.wasFormed()) {
      return Optional.empty();
    }
    if (login.problem().isEmpty()) {
      return Optional.of(serving(cluster, login, former));
    }
    if (isWithdrawn(login)) {
      shop.watchers().forget(id);
      return Optional.empty();
    }
    return shop.watchers().resume(id);
  }

  /** A Secret that is there and is not shared is used no more, not even from memory. */
  private static boolean isWithdrawn(ClusterLogin login) {
    return login
        .problem()
        .filter(problem -> problem.reason() == ConditionReason.SECRET_NOT_SHARED)
        .isPresent();
  }

  private Optional<AccessProblem> trouble(
      ProxmoxCluster cluster, Optional<ClusterWatcher> watcher, Context<ProxmoxCluster> context) {
    return watcher.isPresent()
        ? watcher.get().observation().outOfSight()
        : everyday(cluster, context.getSecondaryResources(Secret.class)).problem();
  }

  private static ClusterLogin everyday(ProxmoxCluster cluster, Set<Secret> secrets) {
    return ClusterLogin.read(cluster, name -> SecretRefs.find(secrets, name), true);
  }

  private UpdateControl<ProxmoxCluster> withoutLogin(
      ProxmoxCluster cluster,
      ProxmoxClusterStatus former,
      Context<ProxmoxCluster> context,
      AccessProblem problem) {
    Conditions conditions = new Conditions();
    conditions.isFalse(ConditionType.CONNECTED, problem.reason(), problem.message());
    if (problem.reason() == ConditionReason.SECRET_NOT_FOUND) {
      Verdict.reconciling(conditions, problem.reason(), problem.message());
    } else {
      Verdict.stalled(conditions, problem.reason(), problem.message());
    }
    new Work<>(cluster, former, context, shop, Optional.empty()).report(former, conditions);
    return UpdateControl.noUpdate();
  }

  /** The one to report from: of the members, or while not all are, of each node for itself. */
  private ClusterWatcher watcher(
      ProxmoxCluster cluster, ClusterLogin login, ProxmoxClusterStatus former, boolean formed) {
    ResourceID id = ResourceID.fromResource(cluster);
    Optional<ClusterWatcher> forming = shop.watchers().findForming(id);
    if (formed) {
      shop.watchers().forgetForming(id);
      return serving(cluster, login, former);
    }
    if (former.wasFormed()) {
      serving(cluster, login, former);
    }
    return forming
        .filter(watcher -> watcher.access().isFor(cluster.getSpec(), login))
        .orElseGet(() -> shop.watchers().watchForming(id, access(cluster, login, former)));
  }

  /** What all that belongs to the cluster works with. */
  private ClusterWatcher serving(
      ProxmoxCluster cluster, ClusterLogin login, ProxmoxClusterStatus former) {
    ResourceID id = ResourceID.fromResource(cluster);
    return shop.watchers()
        .find(id)
        .filter(watcher -> watcher.access().isFor(cluster.getSpec(), login))
        .orElseGet(() -> shop.watchers().watch(id, access(cluster, login, former)));
  }

  /** A cluster that is to grow, and lacks the login for that only, goes on as it is. */
  private void serveOrForget(
      ProxmoxCluster cluster, Set<Secret> secrets, ProxmoxClusterStatus former, boolean formed) {
    ClusterLogin everyday = everyday(cluster, secrets);
    if (!formed && former.wasFormed() && everyday.problem().isEmpty()) {
      shop.watchers().forgetForming(ResourceID.fromResource(cluster));
      serving(cluster, everyday, former);
    } else if (isWithdrawn(everyday)) {
      shop.watchers().forget(ResourceID.fromResource(cluster));
    } else {
      shop.watchers().suspend(ResourceID.fromResource(cluster));
    }
  }

  private ClusterAccess access(
      ProxmoxCluster cluster, ClusterLogin login, ProxmoxClusterStatus former) {
    ProxmoxClusterSpec spec = cluster.getSpec();
    ResourceID id = ResourceID.fromResource(cluster);
    return shop.watchers()
        .find(id)
        .or(() -> shop.watchers().findForming(id))
        .map(ClusterWatcher::access)
        .filter(access -> access.isFor(spec, login))
        .orElseGet(
            () ->
                new ClusterAccess(
                    spec, login, learned(former), shop.metrics().timed(cluster, connector)));
  }

  private static Set<String> nodes(ProxmoxClusterSpec spec, ProxmoxClusterStatus former) {
    return Stream.concat(
            spec.nodes().stream().map(ProxmoxClusterSpec.Node::name),
            former.nodes().stream().map(ProxmoxClusterStatus.Node::name))
        .collect(Collectors.toSet());
  }

  static Map<String, String> learned(ProxmoxClusterStatus former) {
    Map<String, String> learned = new HashMap<>();
    former.nodes().stream()
        .filter(node -> node.tlsFingerprint() != null)
        .forEach(node -> learned.put(node.name(), node.tlsFingerprint()));
    return learned;
  }
}
