package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What informers know of some namespaces of a Kubernetes API: all of it, as of the last {@link
 * #look}. Writes go to the API itself, which refuses those that are based on older versions.
 */
final class VirtualKube {

  /** Is told what changed, as informers tell it. */
  interface Watch {
    /** Before or now is null for what is new, or gone. */
    void changed(HasMetadata before, HasMetadata now);
  }

  /** The same order in every run. */
  static final Comparator<ResourceID> BY_NAME =
      Comparator.comparing(ResourceID::getName).thenComparing(id -> id.getNamespace().orElse(""));

  private final KubernetesClient client;
  private final Set<String> namespaces = new TreeSet<>();
  private final Map<Class<? extends HasMetadata>, Map<ResourceID, HasMetadata>> known =
      new HashMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private int looks;
  private Predicate<HasMetadata> lag = object -> false;

  VirtualKube(KubernetesClient client, String namespace) {
    this.client = client;
    namespaces.add(namespace);
  }

  /** Informers know of this namespace too from now on. */
  void also(String namespace) {
    namespaces.add(namespace);
  }

  /** The informers have not heard of these objects yet. */
  void lag(Predicate<HasMetadata> behind) {
    lag = behind;
  }

  KubernetesClient client() {
    return client;
  }

  void kind(Class<? extends HasMetadata> type) {
    known.computeIfAbsent(type, key -> new TreeMap<>(BY_NAME));
  }

  void watch(Watch watch) {
    watches.add(watch);
  }

  /** How often anything was learnt. */
  int looks() {
    return looks;
  }

  /** Learns what has changed and tells it; tells whether anything had. */
  boolean look() {
    boolean news = false;
    for (Class<? extends HasMetadata> type : List.copyOf(known.keySet())) {
      Map<ResourceID, HasMetadata> now = new TreeMap<>(BY_NAME);
      for (String namespace : namespaces) {
        for (HasMetadata object : client.resources(type).inNamespace(namespace).list().getItems()) {
          now.put(ResourceID.fromResource(object), object);
        }
      }
      BirthOrder.correct(now.values());
      now.values().removeIf(lag);
      Map<ResourceID, HasMetadata> before = known.put(type, now);
      looks++;
      Set<ResourceID> all = new TreeSet<>(BY_NAME);
      all.addAll(before.keySet());
      all.addAll(now.keySet());
      for (ResourceID id : all) {
        if (differ(before.get(id), now.get(id))) {
          news = true;
          watches.forEach(watch -> watch.changed(before.get(id), now.get(id)));
        }
      }
    }
    return news;
  }

  private static boolean differ(HasMetadata before, HasMetadata now) {
    return before == null
        || now == null
        || !before
            .getMetadata()
            .getResourceVersion()
            .equals(now.getMetadata().getResourceVersion());
  }

  /** As the last look found it. */
  <T extends HasMetadata> Optional<T> get(Class<T> type, ResourceID id) {
    return Optional.ofNullable(known.getOrDefault(type, Map.of()).get(id)).map(type::cast);
  }

  /** As it is now. */
  <T extends HasMetadata> Optional<T> fresh(Class<T> type, ResourceID id) {
    Optional<T> found =
        Optional.ofNullable(
            client
                .resources(type)
                .inNamespace(id.getNamespace().orElseThrow())
                .withName(id.getName())
                .get());
    found.ifPresent(object -> BirthOrder.correct(List.of(object)));
    return found;
  }

  <T extends HasMetadata> Stream<T> list(Class<T> type) {
    return known.getOrDefault(type, Map.of()).values().stream().map(type::cast);
  }
}
