package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What informers know of one namespace of a Kubernetes API: all of it, as of the last {@link
 * #look}. Writes go to the API itself, which refuses those that are based on older versions.
 */
final class VirtualKube {

  /** Is told what changed, as informers tell it. */
  interface Watch {
    /** Before or now is null for what is new, or gone. */
    void changed(HasMetadata before, HasMetadata now);
  }

  private final KubernetesClient client;
  private final String namespace;
  private final Map<Class<? extends HasMetadata>, Map<ResourceID, HasMetadata>> known =
      new HashMap<>();
  private final List<Watch> watches = new ArrayList<>();

  VirtualKube(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  KubernetesClient client() {
    return client;
  }

  void kind(Class<? extends HasMetadata> type) {
    known.computeIfAbsent(type, key -> new HashMap<>());
  }

  void watch(Watch watch) {
    watches.add(watch);
  }

  /** Learns what has changed and tells it; tells whether anything had. */
  boolean look() {
    boolean news = false;
    for (Class<? extends HasMetadata> type : List.copyOf(known.keySet())) {
      Map<ResourceID, HasMetadata> now = new HashMap<>();
      for (HasMetadata object : client.resources(type).inNamespace(namespace).list().getItems()) {
        now.put(ResourceID.fromResource(object), object);
      }
      Map<ResourceID, HasMetadata> before = known.put(type, now);
      Map<String, ResourceID> all = new TreeMap<>();
      Stream.concat(before.keySet().stream(), now.keySet().stream())
          .forEach(id -> all.put(id.getName(), id));
      for (ResourceID id : all.values()) {
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
    return Optional.ofNullable(
        client.resources(type).inNamespace(namespace).withName(id.getName()).get());
  }

  <T extends HasMetadata> Stream<T> list(Class<T> type) {
    return known.getOrDefault(type, Map.of()).entrySet().stream()
        .sorted(Map.Entry.comparingByKey((a, b) -> a.getName().compareTo(b.getName())))
        .map(entry -> type.cast(entry.getValue()));
  }
}
