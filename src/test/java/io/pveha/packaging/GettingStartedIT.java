package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every block of {@code docs/getting-started.md} that is marked {@code sh}, in order and in one
 * shell, against bare simulated nodes and a real API server.
 */
class GettingStartedIT {

  private static final Path PAGE = Path.of("docs", "getting-started.md");

  @TempDir Path folder;

  @Test
  void wordForWordItEndsReady() throws IOException {
    RealApiServer server = RealApiServer.orSkip("the commands of docs/getting-started.md");
    Path kubectl = server.kubectlOrSkip("the commands of docs/getting-started.md");
    Path script = folder.resolve("getting-started.sh");
    Files.writeString(script, "set -eux\n" + String.join("\n", Markdown.blocks(PAGE, "sh")));
    try (SimulatedCluster simulator =
            SimulatedCluster.start(SimulatorOptions.standard().withSpeed(20), Instant.now());
        PackagedOperator operator =
            PackagedOperator.start(
                "a", server.kubeconfig(), folder, Map.of("PVEHA_NAMESPACES", "proxmox"))) {
      Map<String, String> environment = new HashMap<>(known(simulator.info()));
      environment.put("KUBECONFIG", server.kubeconfig().toString());
      environment.put("PATH", kubectl.getParent() + ":" + System.getenv("PATH"));

      String said = Shell.run(environment, "bash", script.toString());

      assertThat(said).contains("may fail: 1", "replicas on: node2 node3");
      assertThat(operator.isAlive()).isTrue();
    }
  }

  /** What a reader knows of the nodes by step 3. */
  private static Map<String, String> known(SimulatorInfo info) {
    Map<String, String> known = new HashMap<>();
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
