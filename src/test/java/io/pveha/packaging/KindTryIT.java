package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.app.simulator.SimulatorMain;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of {@code bin/kind-try} that need no kind, against a real API server. There is no
 * kubelet: the test starts what the pod's containers would, from what the Deployment says.
 */
class KindTryIT {

  private static final String NAMESPACE = "kind-try";

  @TempDir Path folder;

  @Test
  void installsTheChartTwiceWaitsUntilItIsReadyAndSaysWhatToTry() throws IOException {
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
            NAMESPACE,
            "PVEHA_WAIT",
            "4m");

    Shell.run(environment, "bin/kind-try", "install");
    Shell.run(environment, "bin/kind-try", "install");
    Path account = ChartInstallation.kubeconfig(server.client(), NAMESPACE, folder);
    Map<String, Container> pod = pod(server.client());
    assertThat(pod).containsOnlyKeys("operator", "simulator", "example");
    try (Program simulator = Program.simulator(folder, arguments(pod.get("simulator")));
        PackagedOperator operator =
            PackagedOperator.start("kind", account, folder, environment(pod.get("operator")));
        Program example = example(pod.get("example"), account)) {
      simulator.info(folder);
      String said = Shell.run(environment, "bin/kind-try", "wait", "show");

      assertThat(said)
          .contains("Waiting for repl/web", "kubectl -n " + NAMESPACE + " get har web -w");
      assertThat(operator.isAlive()).isTrue();
    }
  }

  private static Map<String, Container> pod(KubernetesClient client) {
    return client
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName("proxmox-ha-operator")
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .stream()
        .collect(Collectors.toMap(Container::getName, Function.identity()));
  }

  private static Map<String, String> environment(Container container) {
    Map<String, String> environment = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        environment.put(variable.getName(), variable.getValue());
      }
    }
    environment.put("KUBERNETES_NAMESPACE", NAMESPACE);
    return environment;
  }

  /** Those of the container, in a hurry; its main class is what {@code bin/simulator} runs. */
  private static String[] arguments(Container simulator) {
    List<String> arguments = new ArrayList<>(simulator.getArgs());
    assertThat(arguments.remove(0)).isEqualTo(SimulatorMain.class.getName());
    arguments.addAll(List.of("--speed", "20"));
    return arguments.toArray(String[]::new);
  }

  private Program example(Container example, Path account) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "target/test-classes:target/classes:"
                    + Files.readString(Path.of("target", "classpath.txt"))));
    for (String argument : example.getArgs()) {
      command.add(
          argument
              .replace("/simulator/", folder + "/")
              .replace("/app/example", "examples/three-nodes"));
    }
    return Program.start(
        "example",
        folder,
        Map.of("KUBECONFIG", account.toString()),
        command.toArray(String[]::new));
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
