package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.dependent.managed.ManagedWorkflowAndDependentResourceContext;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs one reconciler as JOSDK does, but in the calling thread and in virtual time: woken by the
 * reconciler's own event sources and their filters, when it asked to be, after failures as its
 * {@link GradualRetry} says, and after the longest interval.
 */
final class VirtualController<P extends CustomResource<?, ?>> implements VirtualKube.Watch {

  private final Reconciler<P> reconciler;
  private final Class<P> type;
  private final VirtualKube kube;
  private final VirtualTime time;
  private final ControllerConfiguration<P> configuration;
  private final VirtualPrimaries<P> primaries;
  private final List<InformerEventSource<HasMetadata, P>> informers = new ArrayList<>();
  private final Map<ResourceID, Instant> due = new TreeMap<>(VirtualKube.BY_NAME);
  private final Map<ResourceID, Integer> failures = new HashMap<>();
  private final List<String> failed = new ArrayList<>();
  private Consumer<HasMetadata> beforeReconcile = object -> {};
  private Consumer<HasMetadata> atReading = object -> {};

  VirtualController(Reconciler<P> reconciler, VirtualKube kube, VirtualTime time) {
    this.reconciler = reconciler;
    this.kube = kube;
    this.time = time;
    this.configuration = new BaseConfigurationService().getConfigurationFor(reconciler);
    this.type = configuration.getResourceClass();
    this.primaries =
        new VirtualPrimaries<>(
            new Controller<>(reconciler, configuration, kube.client()), type, kube);
    kube.kind(type);
    for (EventSource<?, P> source :
        reconciler.prepareEventSources(
            new EventSourceContext<>(primaries, configuration, kube.client(), type))) {
      register(source);
    }
    kube.watch(this);
  }

  @SuppressWarnings("unchecked")
  private void register(EventSource<?, P> source) {
    if (source instanceof InformerEventSource<?, P> informer) {
      kube.kind(informer.configuration().getResourceClass());
      informers.add((InformerEventSource<HasMetadata, P>) informer);
    } else {
      source.setEventHandler(event -> wake(event.getRelatedCustomResourceID()));
      source.start();
    }
  }

  /** Handed each object that is about to be reconciled. */
  void beforeReconcile(Consumer<HasMetadata> told) {
    beforeReconcile = told;
  }

  /** Handed each object that is being deleted, whenever its reconciler reads what is around it. */
  void atReadingOfLeaving(Consumer<HasMetadata> told) {
    atReading = told;
  }

  VirtualPrimaries<P> primaries() {
    return primaries;
  }

  /** Reconciliations that ended with an exception, oldest first. */
  List<String> failed() {
    return List.copyOf(failed);
  }

  private void wake(ResourceID id) {
    due.put(id, time.instant());
  }

  /** When something is to be reconciled next. */
  Optional<Instant> nextDue() {
    return due.values().stream().min(Comparator.naturalOrder());
  }

  /** Objects that are to be reconciled by now. */
  List<String> due() {
    return due.entrySet().stream()
        .filter(entry -> !entry.getValue().isAfter(time.instant()))
        .map(entry -> type.getSimpleName() + " " + entry.getKey().getName())
        .toList();
  }

  @Override
  public void changed(HasMetadata before, HasMetadata now) {
    HasMetadata either = now != null ? now : before;
    if (type.isInstance(either)) {
      if (now == null) {
        due.remove(ResourceID.fromResource(either));
      } else if (primaries.wakes(type.cast(before), type.cast(now))) {
        wake(ResourceID.fromResource(either));
      }
    }
    for (InformerEventSource<HasMetadata, P> informer : informers) {
      InformerEventSourceConfiguration<HasMetadata> wanted = informer.configuration();
      if (wanted.getResourceClass().isInstance(either) && passes(wanted, before, now)) {
        Set<ResourceID> concerned = new HashSet<>();
        Stream.of(Optional.ofNullable(before), Optional.ofNullable(now))
            .flatMap(Optional::stream)
            .forEach(
                object ->
                    concerned.addAll(
                        wanted.getSecondaryToPrimaryMapper().toPrimaryResourceIDs(object)));
        concerned.forEach(this::wake);
      }
    }
  }

  private static boolean passes(
      InformerEventSourceConfiguration<HasMetadata> wanted, HasMetadata before, HasMetadata now) {
    var filters = wanted.getInformerConfig();
    HasMetadata either = now != null ? now : before;
    if (filters.getGenericFilter() != null && !filters.getGenericFilter().accept(either)) {
      return false;
    }
    if (before == null) {
      return filters.getOnAddFilter() == null || filters.getOnAddFilter().accept(now);
    }
    if (now == null) {
      return filters.getOnDeleteFilter() == null
          || filters.getOnDeleteFilter().accept(before, false);
    }
    return filters.getOnUpdateFilter() == null || filters.getOnUpdateFilter().accept(now, before);
  }

  /** Reconciles the first object that is due by now; tells whether there was one. */
  boolean runOne() {
    Optional<ResourceID> next =
        due.entrySet().stream()
            .filter(entry -> !entry.getValue().isAfter(time.instant()))
            .map(Map.Entry::getKey)
            .findFirst();
    next.ifPresent(this::run);
    return next.isPresent();
  }

  private void run(ResourceID id) {
    due.remove(id);
    Optional<P> object = primaries.get(id);
    if (object.isEmpty()) {
      return;
    }
    try {
      primaries.inWork(id);
      Optional<Long> pause = reconcileOrTell(object.get());
      failures.remove(id);
      Duration longest = configuration.maxReconciliationInterval().orElse(Duration.ofHours(10));
      later(
          id, pause.map(Duration::ofMillis).filter(p -> p.compareTo(longest) < 0).orElse(longest));
    } catch (Exception e) {
      failed.add("%s %s: %s".formatted(type.getSimpleName(), id.getName(), e));
      later(id, retry(failures.merge(id, 1, Integer::sum)));
    } finally {
      primaries.inWork(null);
    }
  }

  private void later(ResourceID id, Duration pause) {
    due.putIfAbsent(id, time.instant().plus(pause));
  }

  private Duration retry(int attempt) {
    GradualRetry retry = reconciler.getClass().getAnnotation(GradualRetry.class);
    double interval = retry.initialInterval() * Math.pow(retry.intervalMultiplier(), attempt - 1);
    return Duration.ofMillis((long) Math.min(interval, retry.maxInterval()));
  }

  private Optional<Long> reconcileOrTell(P object) throws Exception {
    Context<P> context = new Reconciliation(object);
    try {
      return reconcile(object, context);
    } catch (Exception e) {
      if (object.getMetadata().getDeletionTimestamp() == null
          && reconciler.updateErrorStatus(object, context, e).getResource().isPresent()) {
        throw new UnsupportedOperationException("updates by JOSDK; use StatusWriter", e);
      }
      throw e;
    }
  }

  private Optional<Long> reconcile(P object, Context<P> context) throws Exception {
    if (object.getMetadata().getDeletionTimestamp() != null) {
      return cleanup(object, context);
    }
    if (reconciler instanceof Cleaner<?>
        && !object.hasFinalizer(configuration.getFinalizerName())) {
      kube.client()
          .resource(object)
          .edit(
              fresh -> {
                fresh.addFinalizer(configuration.getFinalizerName());
                return fresh;
              });
      return Optional.empty();
    }
    beforeReconcile.accept(object);
    UpdateControl<P> control = reconciler.reconcile(object, context);
    if (!control.isNoUpdate()) {
      throw new UnsupportedOperationException("updates by JOSDK; use StatusWriter");
    }
    return control.getScheduleDelay();
  }

  private Optional<Long> cleanup(P object, Context<P> context) throws Exception {
    @SuppressWarnings("unchecked")
    DeleteControl control = ((Cleaner<P>) reconciler).cleanup(object, context);
    if (control.isRemoveFinalizer()) {
      kube.client()
          .resource(kube.fresh(type, ResourceID.fromResource(object)).orElseThrow())
          .edit(
              fresh -> {
                fresh.removeFinalizer(configuration.getFinalizerName());
                return fresh;
              });
      return Optional.empty();
    }
    return control.getScheduleDelay();
  }

  /** What JOSDK hands to a reconciler. */
  private final class Reconciliation implements Context<P> {
    private final P primary;

    Reconciliation(P primary) {
      this.primary = primary;
    }

    @Override
    public <R> Stream<R> getSecondaryResourcesAsStream(Class<R> wanted, boolean deduplicate) {
      return getSecondaryResources(wanted, deduplicate).stream();
    }

    @Override
    public ResourceOperations<P> resourceOperations() {
      throw new UnsupportedOperationException("updates by JOSDK; use StatusWriter");
    }

    @Override
    public <R> Set<R> getSecondaryResources(Class<R> wanted, boolean deduplicate) {
      if (primary.isMarkedForDeletion()) {
        atReading.accept(primary);
      }
      Set<R> found = new LinkedHashSet<>();
      for (InformerEventSource<HasMetadata, P> informer : informers) {
        InformerEventSourceConfiguration<HasMetadata> source = informer.configuration();
        if (source.getResourceClass().equals(wanted)) {
          secondaries(source).map(wanted::cast).forEach(found::add);
        }
      }
      return found;
    }

    private Stream<HasMetadata> secondaries(InformerEventSourceConfiguration<HasMetadata> source) {
      ResourceID id = ResourceID.fromResource(primary);
      return source.getPrimaryToSecondaryMapper() != null
          ? source.<P>getPrimaryToSecondaryMapper().toSecondaryResourceIDs(primary).stream()
              .sorted(VirtualKube.BY_NAME)
              .flatMap(other -> kube.get(source.getResourceClass(), other).stream())
          : kube.list(source.getResourceClass())
              .filter(
                  other ->
                      source
                          .getSecondaryToPrimaryMapper()
                          .toPrimaryResourceIDs(other)
                          .contains(id));
    }

    @Override
    public <R> Optional<R> getSecondaryResource(Class<R> wanted, String eventSource) {
      return getSecondaryResources(wanted).stream().findFirst();
    }

    @Override
    public EventSourceRetriever<P> eventSourceRetriever() {
      return retriever();
    }

    @Override
    public IndexedResourceCache<P> getPrimaryCache() {
      return primaries;
    }

    @Override
    public KubernetesClient getClient() {
      return kube.client();
    }

    @Override
    public P getPrimaryResource() {
      return primary;
    }

    @Override
    public ControllerConfiguration<P> getControllerConfiguration() {
      return configuration;
    }

    @Override
    public Optional<RetryInfo> getRetryInfo() {
      return Optional.empty();
    }

    @Override
    public ManagedWorkflowAndDependentResourceContext managedWorkflowAndDependentResourceContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ExecutorService getWorkflowExecutorService() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isNextReconciliationImminent() {
      return false;
    }

    @Override
    public boolean isPrimaryResourceDeleted() {
      return false;
    }

    @Override
    public boolean isPrimaryResourceFinalStateUnknown() {
      return false;
    }
  }

  /** Only the one source that saving a status needs. */
  @SuppressWarnings("unchecked")
  private EventSourceRetriever<P> retriever() {
    return (EventSourceRetriever<P>)
        Proxy.newProxyInstance(
            EventSourceRetriever.class.getClassLoader(),
            new Class<?>[] {EventSourceRetriever.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType().equals(ControllerEventSource.class)) {
                return primaries;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
