package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.PlannedChange;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.simulator.api.SimulatorOptions;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same for what lives in a cluster; here on one that exists and is adopted. */
class BadResourcesTest {

  @TempDir private Path folder;
  private Recording recording;
  private Stage stage;

  @BeforeEach
  void setUp() {
    recording = new Recording(folder.resolve("record.jsonl"));
    stage =
        new Stage(
            SimulatorOptions.standard().withBare(false).withSpeed(20).withRecord(recording.file()));
    stage.secrets();
    stage.apply(stage.clusterYaml("Adopt", "simulated"));
    stage.startOperator();
    stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
  }

  @AfterEach
  void tearDown() {
    stage.close();
  }

  @Test
  void adoptingWritesNothingAndTakesPoolsThatAreRight() {
    stage.apply(stage.poolYaml());

    stage.awaitCondition(ZfsPool.class, "tank", ConditionType.READY, "True");
    assertThat(recording.writes()).isSubsetOf(Recording.OWNER_MARK);
  }

  @Test
  void adoptingUnderAnotherNameIsRefused() {
    stage.apply(stage.clusterYaml("Adopt", "other").replace("  name: reference", "  name: second"));

    stalls(
        ProxmoxCluster.class, "second", ConditionReason.CLUSTER_NAME_MISMATCH, "spec.clusterName");
  }

  @Test
  void aUsedDisk() {
    stage.apply(
        stage.poolYaml().replace("poolName: tank", "poolName: other").replace("sdb", "sda"));

    stalls(ZfsPool.class, "tank", ConditionReason.DISK_IN_USE, "spec.nodes[node1].disks");
  }

  @Test
  void aDiskThatIsNotThere() {
    stage.apply(
        stage.poolYaml().replace("poolName: tank", "poolName: other").replace("sdb", "sdz"));

    stalls(ZfsPool.class, "tank", ConditionReason.DISK_NOT_FOUND, "spec.nodes[node1].disks");
  }

  @Test
  void aPoolNameThatAnotherPoolHas() {
    stage.apply(
        stage
            .poolYaml()
            .replace("raidLevel: single", "raidLevel: mirror")
            .replace("[/dev/sdb]", "[/dev/sdb, /dev/sdc]"));

    stalls(ZfsPool.class, "tank", ConditionReason.POOL_NAME_TAKEN, "spec.poolName");
  }

  @Test
  void aNodeThatIsNoMember() {
    stage.apply(stage.poolYaml().replace("name: node3", "name: node9"));

    stalls(ZfsPool.class, "tank", ConditionReason.NODE_UNKNOWN, "node9");
  }

  @Test
  void aVmidOfAnotherKind() {
    stage.apply(stage.guestYaml());
    stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");

    stage.apply(
        """
        apiVersion: pveha.io/v1alpha1
        kind: HaResource
        metadata:
          name: other
        spec:
          clusterRef: {name: reference}
          guest: {kind: VM, vmid: 100}
        """);

    stage.awaitReason(
        HaResource.class, "other", ConditionType.READY, ConditionReason.VMID_TAKEN.text());
    stage.client.resources(HaResource.class).inNamespace(stage.namespace).withName("web").delete();
    stage.awaitReason(
        HaResource.class,
        "other",
        ConditionType.STALLED,
        ConditionReason.GUEST_KIND_MISMATCH.text());
    assertThat(
            Stage.condition(stage.get(HaResource.class, "other"), ConditionType.STALLED)
                .getMessage())
        .contains("spec.guest.vmid");
  }

  @Test
  void aTargetThatIsNoMemberAndAScheduleThatIsNone() {
    stage.apply(stage.guestYaml());
    stage.apply(stage.replicationYaml().replace("{allOthers: true}", "{nodes: [node9]}"));
    stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
    stage.awaitReason(
        ReplicationJob.class, "web", ConditionType.STALLED, ConditionReason.TARGET_UNKNOWN.text());

    stage.apply(stage.replicationYaml().replace("*/1", "never-ever"));
    stage.awaitReason(
        ReplicationJob.class,
        "web",
        ConditionType.STALLED,
        ConditionReason.SCHEDULE_REFUSED.text());
    assertThat(recording.accepted("POST", "/cluster/replication")).isZero();

    stage.apply(stage.replicationYaml());
    stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");
  }

  @Test
  void aClusterThatIsNotThere() {
    stage.apply(stage.poolYaml().replace("{name: reference}", "{name: nobody}"));

    stage.awaitReason(
        ZfsPool.class, "tank", ConditionType.READY, ConditionReason.CLUSTER_NOT_FOUND.text());
  }

  @Test
  void observingPlansAndWritesNothing() {
    stage.apply(stage.guestYaml().replace("spec:\n", "spec:\n  managementPolicy: Observe\n"));

    stage.awaitReason(
        HaResource.class, "web", ConditionType.READY, ConditionReason.OBSERVED.text());
    assertThat(stage.guest().getSpec().managementPolicy()).isEqualTo(ManagementPolicy.OBSERVE);
    assertThat(
            stage.guest().reported().plannedChanges().stream()
                .map(PlannedChange::action)
                .collect(Collectors.toList()))
        .containsExactly("CreateGuest");
    assertThat(recording.writes()).isSubsetOf(Recording.OWNER_MARK);
  }

  @Test
  void deletingKeepsEverythingUnlessToldOtherwise() {
    stage.apply(stage.poolYaml());
    stage.apply(stage.guestYaml().replace("  state: started", "  deletionPolicy: RemoveFromHA"));
    stage.apply(
        stage.replicationYaml().replace("  rpoSeconds", "  deletionPolicy: Delete\n  rpoSeconds"));
    stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
    stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");

    stage.delete(ReplicationJob.class, "web");
    stage.delete(HaResource.class, "web");
    stage.delete(ZfsPool.class, "tank");

    assertThat(recording.accepted("DELETE", "/cluster/ha/resources/ct:100")).isEqualTo(1);
    assertThat(recording.writes())
        .filteredOn(write -> write.startsWith("DELETE"))
        .allMatch(
            write ->
                write.startsWith("DELETE /cluster/replication/")
                    || write.startsWith("DELETE /cluster/ha/resources/")
                    // Its placement by replicas, which are gone.
                    || write.equals("DELETE /cluster/ha/rules/pveha-ct-100"));
    assertThat(stage.simulator.world().truth().guests()).isNotEmpty();
  }

  private void stalls(
      Class<? extends HasMetadata> type, String name, ConditionReason reason, String field) {
    stage.awaitReason(type, name, ConditionType.STALLED, reason.text());
    assertThat(Stage.condition(stage.get(type, name), ConditionType.STALLED).getMessage())
        .contains(field);
    assertThat(recording.writes()).isSubsetOf(Recording.OWNER_MARK);
  }
}
