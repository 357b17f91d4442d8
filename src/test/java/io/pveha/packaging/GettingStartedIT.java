package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Does what {@code docs/getting-started.md} says, with {@code bin/simulator} in place of the nodes
 * and a real API server. Its {@code pveum} commands run against the first node's API through {@code
 * src/test/python/pveum}, since a simulated node has no shell. Left out: the installation with
 * Helm, which {@link KindTryIT} makes, and the values that a reader fills in by hand.
 */
class GettingStartedIT {

  private static final Path PAGE = Path.of("docs", "getting-started.md");
  private static final String NEEDED_FOR = "the commands of docs/getting-started.md";
  private static final Pattern SECRET = Pattern.compile("^value: (\\S+)$", Pattern.MULTILINE);

  /** The simulator's own account has the names that the guide uses. */
  private static final String REMOVE_THE_ACCOUNT_THAT_IS_THERE =
      "pveum user delete operator@pve\n"
          + "for role in Cluster Storage Guests Network Pools; do pveum role delete HaOperator$role;"
          + " done\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void wordForWordItEndsReady(String release) throws IOException {
    RealApiServer server = RealApiServer.orSkip(NEEDED_FOR);
    Path kubectl = server.kubectlOrSkip(NEEDED_FOR);
    String namespace = release.startsWith("9") ? "proxmox" : "proxmox8";
    try (Program simulator =
            Program.simulator(folder, "--bare", "--pve", release, "--speed", "20");
        PackagedOperator operator = operator(server, namespace)) {
      Map<String, String> environment = known(simulator.info(folder), server, kubectl);
      environment.put("TOKEN_SECRET", secretOf(shell("node", onTheNode(release), environment)));

      String said =
          shell(
              "guide", in(namespace, String.join("\n", Markdown.blocks(PAGE, "sh"))), environment);

      assertThat(said).contains("may fail: 1", "replicas on: node2 node3");
      assertThat(operator.isAlive()).isTrue();
    }
  }

  @Test
  void adoptsAClusterThatExistsAndWritesNothing() throws IOException {
    RealApiServer server = RealApiServer.orSkip(NEEDED_FOR);
    Path kubectl = server.kubectlOrSkip(NEEDED_FOR);
    List<String> steps = Markdown.blocks(PAGE, "sh").subList(0, 3);
    assertThat(steps.get(2)).contains("create secret generic prod-token");
    // Ours is not called prod.
    String adopt = block("formation: Adopt").replace("clusterName: prod", "clusterName: simulated");
    String script =
        String.join("\n", steps)
            + adopt
            + "kubectl -n proxmox wait pxc/prod --for=condition=Ready --timeout=2m\n"
            + block("plannedChanges[*].message")
            + "kubectl -n proxmox get pxc prod -o jsonpath='planned: {.status.plannedChanges}'\n";
    try (Program simulator = Program.simulator(folder, "--speed", "20");
        PackagedOperator operator = operator(server, "proxmox-adopted")) {
      String said =
          shell(
              "adopt",
              in("proxmox-adopted", script),
              known(simulator.info(folder), server, kubectl));

      assertThat(said)
          .contains("condition met")
          .containsPattern("prod +Marking ProxmoxCluster .*/prod as the owner")
          .containsPattern("planned: \\[\\{\"action\":\"MarkOwner\",[^{}]*}]$");
      assertThat(operator.isAlive()).isTrue();
    }
  }

  /** The commands for the release, as root on the first node. */
  private static String onTheNode(String release) throws IOException {
    String roles = block("pveum role add HaOperatorCluster");
    if (release.startsWith("8")) {
      String third =
          roles.lines().filter(line -> line.contains("HaOperatorGuests")).findFirst().get();
      String forEight =
          Markdown.blocks(PAGE, "console").stream()
              .filter(block -> block.startsWith("pveum role add HaOperatorGuests"))
              .findFirst()
              .get();
      roles = roles.replace(third + "\n", forEight);
    }
    return REMOVE_THE_ACCOUNT_THAT_IS_THERE + roles + block("pveum user add");
  }

  private static String secretOf(String said) {
    Matcher secret = SECRET.matcher(said);
    assertThat(secret.find()).as(said).isTrue();
    return secret.group(1);
  }

  /** The one that a reader copies to do this. */
  private static String block(String with) throws IOException {
    return Markdown.blocks(PAGE, "console").stream()
        .filter(block -> block.contains(with))
        .findFirst()
        .orElseThrow();
  }

  /** So that two readers of the page don't meet on one API server. */
  private static String in(String namespace, String script) {
    return script
        .replace("-n proxmox ", "-n " + namespace + " ")
        .replace("namespace proxmox\n", "namespace " + namespace + "\n")
        .replace("namespace: proxmox}", "namespace: " + namespace + "}");
  }

  private String shell(String name, String script, Map<String, String> environment)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".sh"), "set -eux\n" + script);
    return Shell.run(environment, "bash", file.toString());
  }

  private PackagedOperator operator(RealApiServer server, String namespace) throws IOException {
    return PackagedOperator.start(
        "a", server.kubeconfig(), folder, Map.of("PVEHA_NAMESPACES", namespace));
  }

  /** What a reader knows of the nodes by step 3, and the programs of a reader. */
  private static Map<String, String> known(SimulatorInfo info, RealApiServer server, Path kubectl) {
    Map<String, String> known = new HashMap<>();
    known.put("KUBECONFIG", server.kubeconfig().toString());
    known.put(
        "PATH",
        String.join(
            ":",
            kubectl.getParent().toString(),
            Path.of("src", "test", "python").toAbsolutePath().toString(),
            System.getenv("PATH")));
    known.put("PVEUM_NODE", info.nodes().get(0).url());
    known.put("PVEUM_PASSWORD", info.rootPassword());
    known.put("TOKEN_ID", info.tokenId());
    known.put("TOKEN_SECRET", info.tokenSecret());
    known.put("ROOT_PASSWORD", info.rootPassword());
    for (int at = 0; at < info.nodes().size(); at++) {
      known.put("NODE" + (at + 1), info.nodes().get(at).address());
      known.put("FINGERPRINT" + (at + 1), info.nodes().get(at).fingerprint());
    }
    return known;
  }
}
