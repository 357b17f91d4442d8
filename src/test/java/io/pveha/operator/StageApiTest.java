package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.machine.PveVersion;
import org.junit.jupiter.api.Test;

/** What a test leaves behind for those after it. */
class StageApiTest {

  @Test
  void nothingIsKeptOfATestThatIsOver() {
    KubernetesClient client;
    String namespace;
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      client = stage.client;
      namespace = stage.namespace;
      stage.applyReference();
      stage.awaitReference();
      assertThat(stage.events()).isNotEmpty();
    }

    assertThat(client.v1().events().inNamespace(namespace).list().getItems()).isEmpty();
    assertThat(client.secrets().inNamespace(namespace).list().getItems()).isEmpty();
    assertThat(client.resources(HaResource.class).inNamespace(namespace).list().getItems())
        .isEmpty();
    assertThat(client.resources(ProxmoxCluster.class).inNamespace(namespace).list().getItems())
        .isEmpty();
  }
}
