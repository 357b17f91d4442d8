package io.pveha.app.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * fabric8's CRUD server as a Kubernetes API for machines that have no kube-apiserver. It stores,
 * lists and watches; it does not validate, has no controllers, and {@code kubectl} cannot discover
 * it.
 */
public final class InProcessApi {

  private static final Map<String, String> KINDS =
      Map.of(
          "ProxmoxCluster", "proxmoxclusters",
          "ZfsPool", "zfspools",
          "ReplicationJob", "replicationjobs",
          "HaResource", "haresources");

  private InProcessApi() {}

  /** Starts it on a free port of the loopback address. */
  public static TryOutApi start(Path workDir) {
    return start(workDir, UnaryOperator.identity());
  }

  /** The same with something between who asks and what answers. */
  public static TryOutApi start(Path workDir, UnaryOperator<Dispatcher> between) {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(new ObjectMapper()),
            new MockWebServer(),
            new HashMap<>(),
            between.apply(new ApplyingDispatcher(new KubernetesCrudDispatcher(ourKinds()))),
            false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    return new TryOutApi(
        TryOutApi.Kind.IN_PROCESS,
        TryOutApi.writeKubeconfig(workDir, kubeconfig(server.getPort())),
        server::destroy);
  }

  private static List<CustomResourceDefinitionContext> ourKinds() {
    return KINDS.entrySet().stream()
        .map(
            kind ->
                new CustomResourceDefinitionContext.Builder()
                    .withGroup("pveha.io")
                    .withVersion("v1alpha1")
                    .withKind(kind.getKey())
                    .withPlural(kind.getValue())
                    .withScope("Namespaced")
                    .withStatusSubresource(true)
                    .build())
        .toList();
  }

  private static String kubeconfig(int port) {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: in-process
      cluster: {server: "http://127.0.0.1:%d"}
    contexts:
    - name: in-process
      context: {cluster: in-process, user: in-process, namespace: default}
    current-context: in-process
    users:
    - name: in-process
      user: {}
    """
        .formatted(port);
  }
}
