package io.pveha.app.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The in-process API must do what the operator asks of a real one. */
class InProcessApiTest {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("test")
          .withForce(true)
          .build();

  @TempDir Path workDir;
  private TryOutApi api;
  private KubernetesClient client;

  @BeforeEach
  void start() {
    api = InProcessApi.start(workDir);
    client = api.client();
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
  }

  @Test
  void applyCreatesWhatIsNotThere() {
    client.resource(pool("spec: {poolName: tank}")).patch(APPLY);

    assertThat((Object) stored().get("spec", "poolName")).isEqualTo("tank");
  }

  @Test
  void applyKeepsTheSpecThatItDoesNotName() {
    client.resource(pool("spec: {poolName: tank}")).create();

    GenericKubernetesResource withFinalizer = pool("");
    withFinalizer.getMetadata().setFinalizers(List.of("pveha.io/finalizer"));
    client.resource(withFinalizer).patch(APPLY);

    assertThat((Object) stored().get("spec", "poolName")).isEqualTo("tank");
    assertThat(stored().getMetadata().getFinalizers()).containsExactly("pveha.io/finalizer");
  }

  @Test
  void appliedStatusReplacesTheOldOneAndLeavesTheSpec() {
    client.resource(pool("spec: {poolName: tank}")).create();
    client
        .resource(pool("status: {pendingTask: {upid: U}, observedGeneration: 1}"))
        .subresource("status")
        .patch(APPLY);

    client.resource(pool("status: {observedGeneration: 2}")).subresource("status").patch(APPLY);

    assertThat((Object) stored().get("status", "observedGeneration")).isEqualTo(2);
    assertThat((Object) stored().get("status", "pendingTask")).isNull();
    assertThat((Object) stored().get("spec", "poolName")).isEqualTo("tank");
  }

  @Test
  void refusesAnUpdateThatIsBasedOnAnOldVersion() {
    GenericKubernetesResource first = client.resource(pool("spec: {poolName: tank}")).create();
    GenericKubernetesResource newer = stored();
    newer.getMetadata().setLabels(Map.of("a", "b"));
    client.resource(newer).update();

    assertThatThrownBy(() -> client.resource(first).lockResourceVersion().replace())
        .isInstanceOf(KubernetesClientException.class)
        .extracting(failure -> ((KubernetesClientException) failure).getCode())
        .isEqualTo(409);
  }

  @Test
  void refusesAStatusThatIsBasedOnAnOldVersion() {
    GenericKubernetesResource first = client.resource(pool("spec: {poolName: tank}")).create();
    GenericKubernetesResource newer = stored();
    newer.getMetadata().setLabels(Map.of("a", "b"));
    client.resource(newer).update();

    assertThatThrownBy(() -> client.resource(first).updateStatus())
        .isInstanceOf(KubernetesClientException.class)
        .extracting(failure -> ((KubernetesClientException) failure).getCode())
        .isEqualTo(409);
    assertThat(client.resource(stored()).updateStatus().getMetadata().getLabels()).isNotEmpty();
  }

  @Test
  void refusesAPatchWhoseTestDoesNotHold() {
    GenericKubernetesResource made = pool("spec: {poolName: tank}");
    made.getMetadata().setAnnotations(Map.of("pveha.io/x", "now"));
    client.resource(made).create();

    assertThatThrownBy(() -> removeIf("before"))
        .isInstanceOf(KubernetesClientException.class)
        .extracting(failure -> ((KubernetesClientException) failure).getCode())
        .isEqualTo(422);
    assertThat(stored().getMetadata().getAnnotations()).containsEntry("pveha.io/x", "now");
    removeIf("now");
    assertThat(stored().getMetadata().getAnnotations()).doesNotContainKey("pveha.io/x");
    assertThatThrownBy(() -> removeIf("now"))
        .isInstanceOf(KubernetesClientException.class)
        .extracting(failure -> ((KubernetesClientException) failure).getCode())
        .isEqualTo(422);
  }

  private void removeIf(String value) {
    client
        .resource(pool(""))
        .patch(
            PatchContext.of(PatchType.JSON),
            """
            [{"op": "test", "path": "/metadata/annotations/pveha.io~1x", "value": "%s"},
             {"op": "remove", "path": "/metadata/annotations/pveha.io~1x"}]
            """
                .formatted(value));
  }

  private GenericKubernetesResource stored() {
    return client.resource(pool("")).get();
  }

  private static GenericKubernetesResource pool(String more) {
    return Serialization.unmarshal(
        """
        apiVersion: pveha.io/v1alpha1
        kind: ZfsPool
        metadata: {name: tank, namespace: default}
        %s
        """
            .formatted(more),
        GenericKubernetesResource.class);
  }
}
