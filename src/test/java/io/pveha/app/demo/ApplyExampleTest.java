package io.pveha.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyExampleTest {

  private static final String FINGERPRINT = "AB:".repeat(31) + "AB";

  @TempDir Path folder;

  @Test
  void appliesTheExampleWithTheSecretsOfTheSimulatorBesideIt() throws IOException {
    RealApiServer server = RealApiServer.orSkip("the example that the chart's try-out applies");
    KubernetesClient client = server.client();
    String namespace = server.newNamespace("try-out");
    Path info = folder.resolve("info.json");
    Files.writeString(
        info,
        """
        {"nodes": [
           {"name": "node1", "url": "https://127.0.0.1:8006", "fingerprint": "%1$s"},
           {"name": "node2", "url": "https://127.0.0.1:8007", "fingerprint": "%1$s"},
           {"name": "node3", "url": "https://127.0.0.1:8008", "fingerprint": "%1$s"}],
         "rootPassword": "let me in",
         "tokenId": "operator@pve!pveha",
         "tokenSecret": "7b1c9a52-0000-4000-8000-c0ffee000000",
         "guestPorts": 9006}
        """
            .formatted(FINGERPRINT));
    ApplyExample example =
        new ApplyExample(info, Path.of("examples", "three-nodes"), namespace, client);

    example.apply();
    example.apply();

    ProxmoxCluster cluster =
        client.resources(ProxmoxCluster.class).inNamespace(namespace).withName("reference").get();
    assertThat(cluster.getSpec().nodes())
        .hasSize(3)
        .allSatisfy(node -> assertThat(node.tlsFingerprint()).isEqualTo(FINGERPRINT));
    assertThat(cluster.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(client.secrets().inNamespace(namespace).withName("reference-root").get().getData())
        .containsEntry("password", "bGV0IG1lIGlu");
  }
}
