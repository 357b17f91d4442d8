package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Secret is sent only to the nodes of a cluster that it names itself. */
class SharedSecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "*", "other", "referenc", "reference.", "Reference", ";reference"})
  void thatDoesNotNameTheClusterIsSentNowhere(String annotation) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      share(stage, "token", annotation);
      stage.applyCluster("");
      stage.pass(Duration.ofMinutes(1));

      assertIsNotShared(stage, "spec.credentialsSecretRef", "token");
      assertThat(stage.requests()).isZero();
    }
  }

  @Test
  void thatHasThePasswordOfRootIsSentNowhereEither() {
    try (VirtualStage stage = new VirtualStage(SimulatorOptions.standard())) {
      stage.manifests().secrets();
      share(stage, "root", "other");
      stage.apply(stage.manifests().clusterYaml());
      stage.pass(Duration.ofMinutes(1));

      assertIsNotShared(stage, "spec.formationSecretRef", "root");
      assertThat(stage.requests()).isZero();
    }
  }

  @Test
  void isUsedByEachClusterThatItNames() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      share(stage, "token", "other , reference,");
      stage.manifests().secret("root", Map.of("password", stage.info().rootPassword()));
      stage.applyCluster("");
      stage.until(
          "the cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(2));
    }
  }

  @Test
  void isUsedNoMoreWhenItIsWithdrawnNotEvenToCarryOutADeletion() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      stage.apply(stage.manifests().guestYaml() + "  deletionPolicy: RemoveFromHA\n");
      stage.pass(Duration.ofSeconds(10));

      share(stage, "token", "other");
      stage.until(
          "the withdrawal",
          () -> VirtualStage.isBecause(stage.cluster(), ConditionType.STALLED, "SecretNotShared"),
          Duration.ofSeconds(30));
      int requests = stage.requests();
      stage.pass(Duration.ofMinutes(2));
      stage.client.resource(stage.get(ProxmoxCluster.class, "reference")).delete();
      stage.client.resource(stage.guest()).delete();
      stage.pass(Duration.ofMinutes(2));

      assertThat(stage.requests()).isEqualTo(requests);
      assertThat(stage.guest()).as("stays, since it can't be taken out of HA").isNotNull();

      stage.manifests().secrets();
      stage.until("the deletion", () -> stage.guest() == null, Duration.ofMinutes(2));
    }
  }

  private static void share(VirtualStage stage, String name, String annotation) {
    Map<String, String> data =
        name.equals("root")
            ? Map.of("username", "root@pam", "password", stage.info().rootPassword())
            : Map.of("tokenId", stage.info().tokenId(), "tokenSecret", stage.info().tokenSecret());
    stage.manifests().secret(name, data, Map.of(ApiNames.SHARED_WITH, annotation));
  }

  private static void assertIsNotShared(VirtualStage stage, String field, String secret) {
    assertThat(VirtualStage.condition(stage.cluster(), ConditionType.STALLED))
        .hasValueSatisfying(
            stalled -> {
              assertThat(stalled.getStatus()).isEqualTo("True");
              assertThat(stalled.getReason()).isEqualTo("SecretNotShared");
            })
        .map(Condition::getMessage)
        .hasValueSatisfying(
            message ->
                assertThat(message)
                    .startsWith(field)
                    .contains(
                        "kubectl annotate secret %s -n %s %s="
                            .formatted(secret, stage.namespace, ApiNames.SHARED_WITH)));
  }
}
