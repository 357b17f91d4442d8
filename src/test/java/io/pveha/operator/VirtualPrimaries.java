package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The cache of one kind as JOSDK's own, without informer and threads. */
final class VirtualPrimaries<P extends HasMetadata> extends ControllerEventSource<P> {

  private final Class<P> type;
  private final Supplier<VirtualKube> kube;
  private final Map<ResourceID, P> written = new HashMap<>();
  private final Map<String, Function<P, List<String>>> indexers = new HashMap<>();
  private final Map<String, Map<String, List<P>>> indexes = new HashMap<>();
  private int indexedAt;
  private Runnable afterWrite = () -> {};
  private ResourceID inWork;

  VirtualPrimaries(Controller<P> controller, Class<P> type, VirtualKube kube) {
    super(controller);
    this.type = type;
    this.kube = () -> kube;
  }

  void afterWrite(Runnable told) {
    afterWrite = told;
  }

  /** This object is being reconciled; null when none is. */
  void inWork(ResourceID id) {
    inWork = id;
  }

  /** From now on the informer knows what was written. */
  void caughtUp() {
    written.clear();
  }

  /** Whether a change of an object makes JOSDK reconcile it. */
  boolean wakes(P before, P now) {
    return before == null
        || (now != null && (onUpdateFilter == null || onUpdateFilter.accept(now, before)));
  }

  @Override
  public void handleRecentResourceUpdate(ResourceID id, P resource, P previous) {
    written.put(id, resource);
    afterWrite.run();
  }

  /**
   * As JOSDK's: what was written last, though the informer may not know it yet. Who reconciles an
   * object and looks for it here waits for the informer to learn of another's write.
   */
  @Override
  public Optional<P> get(ResourceID id) {
    if (id.equals(inWork)) {
      return kube.get().fresh(type, id);
    }
    Optional<P> mine = Optional.ofNullable(written.get(id));
    return mine.or(() -> kube.get().get(type, id)).map(Serialization::clone);
  }

  @Override
  public Stream<ResourceID> keys() {
    return kube.get().list(type).map(ResourceID::fromResource);
  }

  @Override
  public Stream<P> list(Predicate<P> which) {
    return keys().flatMap(id -> get(id).stream()).filter(which);
  }

  @Override
  public Stream<P> list(String namespace, Predicate<P> which) {
    return list(object -> namespace.equals(object.getMetadata().getNamespace())).filter(which);
  }

  @Override
  public void addIndexers(Map<String, Function<P, List<String>>> more) {
    indexers.putAll(more);
  }

  /** As JOSDK's: what the informer knows, though something newer was written. */
  @Override
  public List<P> byIndex(String index, String key) {
    if (indexedAt != kube.get().looks()) {
      indexes.clear();
      indexedAt = kube.get().looks();
    }
    return indexes
        .computeIfAbsent(index, unused -> indexed(indexers.get(index)))
        .getOrDefault(key, List.of());
  }

  private Map<String, List<P>> indexed(Function<P, List<String>> keys) {
    Map<String, List<P>> found = new HashMap<>();
    kube.get()
        .list(type)
        .forEach(
            object ->
                keys.apply(object)
                    .forEach(
                        key -> found.computeIfAbsent(key, k -> new ArrayList<>(1)).add(object)));
    return found;
  }
}
