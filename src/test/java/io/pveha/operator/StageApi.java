package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.app.kube.InProcessApi;
import io.pveha.app.kube.TryOutApi;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.opentest4j.TestAbortedException;

/**
 * The Kubernetes API of these tests, one per JVM: a real one where its binaries are, and where CI
 * insists on it; else the one in this process.
 */
record StageApi(KubernetesClient client, Path kubeconfig) {

  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  /**
   * It writes a line for each request; kept here, since loggers that nobody keeps are forgotten.
   */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private static StageApi running;
  private static StageApi inThisProcess;

  static synchronized StageApi get() {
    if (running == null) {
      running = start();
    }
    return running;
  }

  /** The one in this process, whatever else there is. */
  static synchronized StageApi inThisProcess() {
    if (inThisProcess == null) {
      inThisProcess = inProcess();
    }
    return inThisProcess;
  }

  private static StageApi start() {
    try {
      RealApiServer real = RealApiServer.orSkip("the operator against a real kube-apiserver");
      return new StageApi(real.client(), real.kubeconfig());
    } catch (TestAbortedException notThere) {
      return inThisProcess();
    }
  }

  private static StageApi inProcess() {
    REQUESTS.setLevel(Level.WARNING);
    try {
      Path folder = Files.createTempDirectory("pveha-stage");
      TryOutApi api = InProcessApi.start(folder);
      return new StageApi(api.client(), api.kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new empty namespace. */
  String newNamespace() {
    String name = "stage-" + ProcessHandle.current().pid() + "-" + NAMESPACES.incrementAndGet();
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /**
   * Empties a namespace whose test is over. The API in this process looks at all that it keeps to
   * answer any question, so that each test would make all later ones slower.
   */
  void clear(String namespace) {
    for (Class<? extends HasMetadata> kind :
        List.of(HaResource.class, ReplicationJob.class, ZfsPool.class, ProxmoxCluster.class)) {
      client.resources(kind).inNamespace(namespace).list().getItems().forEach(this::release);
      client.resources(kind).inNamespace(namespace).delete();
    }
    client.secrets().inNamespace(namespace).delete();
    client.configMaps().inNamespace(namespace).delete();
    client.v1().events().inNamespace(namespace).delete();
  }

  /** Nobody is left who would do what its finalizer waits for. */
  private void release(HasMetadata object) {
    if (object.getMetadata().getFinalizers().isEmpty()) {
      return;
    }
    client
        .resource(object)
        .edit(
            fresh -> {
              fresh.getMetadata().setFinalizers(List.of());
              return fresh;
            });
  }
}
