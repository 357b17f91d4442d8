package io.pveha.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Applies an example to Kubernetes with the addresses and secrets of the simulator beside it, again
 * whenever the simulator was started anew.
 */
public final class ApplyExample {

  private static final int LOOK_SECONDS = 2;

  private final Path info;
  private final Path example;
  private final String namespace;
  private final KubernetesClient client;
  private final ObjectMapper json = new ObjectMapper();

  ApplyExample(Path info, Path example, String namespace, KubernetesClient client) {
    this.info = info;
    this.example = example;
    this.namespace = namespace;
    this.client = client;
  }

  /** Runs until it is ended: {@code --info FILE --example FOLDER --namespace NAME}. */
  public static void main(String... arguments) throws InterruptedException {
    Map<String, String> options = options(arguments);
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      new ApplyExample(
              Path.of(options.get("--info")),
              Path.of(options.get("--example")),
              options.get("--namespace"),
              client)
          .keepApplied();
    }
  }

  private static Map<String, String> options(String... arguments) {
    if (arguments.length == 6) {
      Map<String, String> options =
          Map.of(
              arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
      if (options.keySet().containsAll(List.of("--info", "--example", "--namespace"))) {
        return options;
      }
    }
    System.err.println("Usage: ApplyExample --info FILE --example FOLDER --namespace NAME");
    System.exit(64);
    throw new IllegalStateException();
  }

  private void keepApplied() throws InterruptedException {
    FileTime applied = null;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (Files.exists(info) && !Files.getLastModifiedTime(info).equals(applied)) {
          FileTime seen = Files.getLastModifiedTime(info);
          for (String name : apply()) {
            System.out.println("applied " + name);
          }
          applied = seen;
        }
      } catch (IOException | KubernetesClientException tryAgain) {
        System.err.println("not applied yet: " + tryAgain.getMessage());
      }
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    }
  }

  /** Applies all once; the names of what was applied. */
  List<String> apply() throws IOException {
    List<String> applied = new ArrayList<>();
    for (HasMetadata object :
        Manifests.load(client, example, ExampleValues.of(json.readTree(info.toFile())))) {
      object.getMetadata().setNamespace(namespace);
      client.resource(object).forceConflicts().serverSideApply();
      applied.add(object.getKind() + " " + object.getMetadata().getName());
    }
    return applied;
  }
}
