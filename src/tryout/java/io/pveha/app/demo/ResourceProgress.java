package io.pveha.app.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what each resource says of itself, a line whenever that changes. */
final class ResourceProgress {

  private static final Map<String, String> PLURALS =
      Map.of(
          "ProxmoxCluster", "proxmoxclusters",
          "ZfsPool", "zfspools",
          "ReplicationJob", "replicationjobs",
          "HaResource", "haresources");

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;
  private final PrintStream out;
  private final Instant start;
  private final Map<String, String> said = new LinkedHashMap<>();

  ResourceProgress(KubernetesClient client, String namespace, Clock clock, PrintStream out) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
    this.out = out;
    this.start = clock.instant();
  }

  /** Prints news, and tells whether every one of these resources is Ready for its newest spec. */
  boolean allReady(List<ResourceName> resources) {
    boolean ready = true;
    for (ResourceName resource : resources) {
      ready &= isReady(resource);
    }
    return ready;
  }

  /** A resource of ours by kind and name. */
  record ResourceName(String kind, String name) {

    /** Whether the operator takes care of objects of this kind. */
    static boolean isOurs(String kind) {
      return PLURALS.containsKey(kind);
    }
  }

  private boolean isReady(ResourceName name) {
    GenericKubernetesResource resource = get(name);
    if (resource == null) {
      return false;
    }
    Map<String, Object> condition = condition(resource, "Ready");
    String text =
        condition.isEmpty()
            ? "waits for the operator"
            : "%s %s: %s"
                .formatted(
                    "True".equals(condition.get("status")) ? "Ready" : "not ready",
                    condition.getOrDefault("reason", ""),
                    condition.getOrDefault("message", ""));
    say(name, text);
    return "True".equals(condition.get("status")) && isObserved(resource);
  }

  private static boolean isObserved(GenericKubernetesResource resource) {
    Object observed = resource.get("status", "observedGeneration");
    Long generation = resource.getMetadata().getGeneration();
    return generation == null
        || (observed instanceof Number && ((Number) observed).longValue() >= generation);
  }

  private GenericKubernetesResource get(ResourceName name) {
    return client
        .genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup("pveha.io")
                .withVersion("v1alpha1")
                .withKind(name.kind())
                .withPlural(PLURALS.get(name.kind()))
                .withNamespaced(true)
                .build())
        .inNamespace(namespace)
        .withName(name.name())
        .get();
  }

  private static Map<String, Object> condition(GenericKubernetesResource resource, String type) {
    List<Map<String, Object>> conditions = resource.get("status", "conditions");
    return conditions == null
        ? Map.of()
        : conditions.stream()
            .filter(condition -> type.equals(condition.get("type")))
            .findFirst()
            .orElse(Map.of());
  }

  private void say(ResourceName name, String text) {
    String key = name.kind() + "/" + name.name();
    if (!text.equals(said.put(key, text))) {
      double seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
      out.println(String.format(Locale.ROOT, "%6.1f s  %-28s %s", seconds, key, text));
    }
  }
}
