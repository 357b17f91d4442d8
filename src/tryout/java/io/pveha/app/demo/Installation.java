package io.pveha.app.demo;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.app.kube.TryOutApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Puts the four kinds and a namespace into the Kubernetes API of the demo. */
final class Installation {

  private static final long ESTABLISHED_SECONDS = 30;

  private final KubernetesClient client;
  private final TryOutApi.Kind kind;

  Installation(KubernetesClient client, TryOutApi.Kind kind) {
    this.client = client;
    this.kind = kind;
  }

  /** The in-process API knows the four kinds by itself and checks no schema. */
  void install(Path crds, String namespace) {
    if (kind != TryOutApi.Kind.IN_PROCESS) {
      definitions(crds).forEach(this::establish);
    }
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .createOr(existing -> existing.update());
  }

  private void establish(CustomResourceDefinition definition) {
    client.resource(definition).createOr(existing -> existing.update());
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(definition.getMetadata().getName())
        .waitUntilCondition(Installation::isEstablished, ESTABLISHED_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean isEstablished(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  private List<CustomResourceDefinition> definitions(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yml") || file.toString().endsWith(".yaml"))
          .sorted()
          .map(file -> client.apiextensions().v1().customResourceDefinitions().load(file.toFile()))
          .map(loaded -> loaded.item())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }
}
