package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.ApiFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong gives a reason and a field, writes nothing, and heals when it is put right. */
class BadClusterTest {

  @TempDir private Path folder;
  private Recording recording;
  private Stage stage;

  @BeforeEach
  void setUp() {
    recording = new Recording(folder.resolve("record.jsonl"));
    stage = new Stage(SimulatorOptions.standard().withSpeed(20).withRecord(recording.file()));
    stage.secrets();
  }

  @AfterEach
  void tearDown() {
    stage.close();
  }

  @Test
  void aWrongToken() {
    stage.secret(
        "token",
        Map.of(
            "tokenId",
            stage.info().tokenId(),
            "tokenSecret",
            "00000000-0000-0000-0000-000000000000"));
    begin(stage.clusterYaml());

    stalls(ConditionReason.CREDENTIALS_REJECTED, "spec.credentialsSecretRef");

    stage.secrets();
    heals();
  }

  @Test
  void aWrongRootPassword() {
    stage.secret("root", Map.of("username", "root@pam", "password", "wrong"));
    begin(stage.clusterYaml());

    stalls(ConditionReason.CREDENTIALS_REJECTED, "spec.formationSecretRef");

    stage.secrets();
    heals();
  }

  @Test
  void aSecretThatIsMissing() {
    begin(stage.clusterYaml().replace("{name: token}", "{name: late}"));

    stage.awaitReason(
        ProxmoxCluster.class,
        "reference",
        ConditionType.READY,
        ConditionReason.SECRET_NOT_FOUND.text());
    nothingWasWritten();

    stage.secret(
        "late",
        Map.of("tokenId", stage.info().tokenId(), "tokenSecret", stage.info().tokenSecret()));
    heals();
  }

  @Test
  void aSecretThatIsNotForIt() {
    stage.secret(
        "token",
        Map.of("tokenId", stage.info().tokenId(), "tokenSecret", stage.info().tokenSecret()),
        Map.of("pveha.io/proxmox-cluster", "other"));
    begin(stage.clusterYaml());

    stalls(
        ConditionReason.SECRET_NOT_SHARED,
        "kubectl annotate secret token -n %s pveha.io/proxmox-cluster=other,reference --overwrite"
            .formatted(stage.namespace));

    stage.secrets();
    heals();
  }

  @Test
  void aWrongFingerprint() {
    String right = stage.info().nodes().get(2).fingerprint();
    begin(stage.clusterYaml().replace(right, right.substring(3) + ":00"));

    stalls(ConditionReason.CERTIFICATE_REJECTED, "spec.nodes[2].tlsFingerprint");

    stage.apply(stage.clusterYaml());
    heals();
  }

  @Test
  void aNodeOfAnotherNameAtAnAddress() {
    begin(stage.clusterYaml().replace("name: node3", "name: node4"));

    stalls(ConditionReason.NODE_NAME_MISMATCH, "spec.nodes[2].address");

    stage.apply(stage.clusterYaml());
    heals();
  }

  @Test
  void anAddressWhereNobodyAnswers() {
    String right = stage.info().nodes().get(1).address();
    begin(stage.clusterYaml().replace(right, "127.0.0.1:1"));

    stalls(ConditionReason.ENDPOINT_UNREACHABLE, "spec.nodes[1].address");

    stage.apply(stage.clusterYaml());
    heals();
  }

  @Test
  void aPageInsteadOfTheApi() {
    stage.simulator.faults().api("node2", new ApiFault(ApiFault.Kind.HTML, Duration.ZERO, 200));
    begin(stage.clusterYaml());

    stalls(ConditionReason.NOT_PROXMOX, "spec.nodes[1].address");

    stage.simulator.faults().api("node2", ApiFault.NONE);
    heals();
  }

  @Test
  void aClusterToAdoptThatIsNotThere() {
    begin(stage.clusterYaml("Adopt", "reference"));

    stage.awaitReason(
        ProxmoxCluster.class,
        "reference",
        ConditionType.READY,
        ConditionReason.CREDENTIALS_REJECTED.text());
    nothingWasWritten();
  }

  private void begin(String yaml) {
    stage.apply(yaml);
    stage.startOperator();
  }

  private void stalls(ConditionReason reason, String field) {
    stage.awaitReason(ProxmoxCluster.class, "reference", ConditionType.STALLED, reason.text());
    assertThat(Stage.condition(stage.cluster(), ConditionType.STALLED).getMessage())
        .contains(field);
    assertThat(Stage.condition(stage.cluster(), ConditionType.READY).getStatus())
        .isEqualTo("False");
    nothingWasWritten();
  }

  private void nothingWasWritten() {
    assertThat(recording.writes()).isEmpty();
  }

  private void heals() {
    stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
  }
}
