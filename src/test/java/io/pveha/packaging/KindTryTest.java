package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The steps of {@code bin/kind-try} that need no kind, against a real API server. */
class KindTryTest {

  private static final String NAMESPACE = "kind-try";

  @Test
  void installsTheChartWithItsSimulatorTwiceAndSaysWhatToTry() throws IOException {
    Helm helm = Helm.orSkip("bin/kind-try");
    RealApiServer server = RealApiServer.orSkip("bin/kind-try");
    leaveToHelm(server.client());
    Map<String, String> environment =
        Map.of(
            "PATH",
            helm.folder() + ":" + System.getenv("PATH"),
            "KUBECONFIG",
            server.kubeconfig().toString(),
            "PVEHA_NAMESPACE",
            NAMESPACE);

    Shell.run(environment, "bin/kind-try", "install");
    String said = Shell.run(environment, "bin/kind-try", "install", "show");

    Deployment deployment =
        server
            .client()
            .apps()
            .deployments()
            .inNamespace(NAMESPACE)
            .withName("proxmox-ha-operator")
            .get();
    assertThat(deployment.getSpec().getTemplate().getSpec().getContainers())
        .extracting("name")
        .containsExactly("operator", "simulator", "example");
    assertThat(said).contains("kubectl -n " + NAMESPACE + " get har web -w");
  }

  /** Helm installs nothing over what others made; other tests of this JVM did. */
  private static void leaveToHelm(KubernetesClient client) {
    for (String role : List.of("", "-view", "-edit")) {
      client.rbac().clusterRoles().withName("proxmox-ha-operator" + role).delete();
    }
    client.rbac().clusterRoleBindings().withName("proxmox-ha-operator").delete();
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .list()
        .getItems()
        .forEach(
            crd ->
                client
                    .resource(crd)
                    .edit(
                        mine -> {
                          mine.getMetadata()
                              .getLabels()
                              .put("app.kubernetes.io/managed-by", "Helm");
                          mine.getMetadata()
                              .getAnnotations()
                              .putAll(
                                  Map.of(
                                      "meta.helm.sh/release-name",
                                      "proxmox-ha-operator",
                                      "meta.helm.sh/release-namespace",
                                      NAMESPACE));
                          return mine;
                        }));
  }

  @Test
  void helpSaysEveryStep() throws IOException {
    String help = Shell.run(Map.of(), Path.of("bin", "kind-try").toString(), "--help");

    assertThat(help).contains("cluster", "image", "install", "wait", "show", "delete");
  }
}
