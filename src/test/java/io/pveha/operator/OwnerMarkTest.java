package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators of several Kubernetes clusters know the owner of a Proxmox cluster by its notes. */
class OwnerMarkTest {

  private static final String NOTES = "\n# Rack 7\r\n\n<!-- other -->  \ncall *Ann* – first\n";

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void marksItselfBeforeAllElseAndKeepsTheNotes(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      note(stage, NOTES);
      stage.applyReference();
      stage.awaitReference();

      assertThat(stage.writes().get(0).what()).isEqualTo("PUT /cluster/options");
      assertThat(stage.writes().get(0).request().parameters().keySet())
          .isEqualTo(Set.of("description"));
      assertThat(stage.writes().get(1).at())
          .isAfter(stage.writes().get(0).at().plus(Duration.ofSeconds(8)));
      String uid = stage.cluster().getMetadata().getUid();
      assertThat(notes(stage))
          .startsWith("<!-- pveha.io/owner")
          .contains(stage.namespace + "/reference", uid)
          .endsWith("-->\n" + NOTES);
      String marked = notes(stage);

      stage.restartOperator();
      stage.pass(Duration.ofMinutes(2));
      assertThat(notes(stage)).isEqualTo(marked);
      assertThat(marks(stage.writes())).isEqualTo(1);

      deleteAll(stage);
      assertThat(notes(stage)).isEqualTo(NOTES);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void anotherOperatorWritesNothingUntilItTakesOver(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch watch = stage.watch(100);
      OtherOperator other = stage.otherOperator();
      applyTo(stage, other, stage.manifests().guestYaml().replace("started", "stopped"));
      stage.pass(Duration.ofMinutes(2));

      assertThat(other.writes()).isEmpty();
      assertTaken(other.get(ProxmoxCluster.class, "reference"), stage.namespace + "/reference");
      assertTaken(other.get(HaResource.class, "web"), stage.namespace + "/reference");
      assertThat(watch.outages()).isEmpty();

      String order = takeOver(other.get(ProxmoxCluster.class, "reference"));
      stage.annotate(other.get(ProxmoxCluster.class, "reference"), ApiNames.TAKE_OVER, order);
      int before = stage.writes().size();
      stage.until(
          "the other to own it",
          () -> VirtualStage.is(other.get(HaResource.class, "web"), ConditionType.READY, "True"),
          Duration.ofMinutes(3));
      assertTaken(stage.cluster(), other.namespace + "/reference");
      assertThat(stage.writes()).as("of the former owner").hasSize(before);
      assertThat(firstWriteButMarks(other).at())
          .isAfter(other.writes().get(0).at().plus(Duration.ofSeconds(59)));

      // What stays in a manifest counts against no later claim, here that of the former owner.
      stage.annotate(stage.cluster(), ApiNames.TAKE_OVER, takeOver(stage.cluster()));
      stage.until(
          "the first to own it again",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(3));
      int written = other.writes().size();
      stage.pass(Duration.ofMinutes(3));
      assertTaken(other.get(ProxmoxCluster.class, "reference"), stage.namespace + "/reference");
      assertThat(other.writes()).hasSize(written);
      assertThat(other.failures()).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** Each reads the notes before the other has written; the first writes once more. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void ofTwoThatRaceTheFirstStays(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      note(stage, NOTES);
      stage.manifests().secrets();
      OtherOperator other = stage.otherOperator(Duration.ofSeconds(20));
      int[] late = {0};
      other.around(
          write -> {
            // It has read, and is about to write over what comes now.
            if (late[0]++ == 0) {
              stage.applyReference();
              stage.until(
                  "the first to write", () -> marks(stage.answered()) == 1, Duration.ofSeconds(5));
            }
          },
          write -> {});
      applyTo(stage, other, stage.manifests().guestYaml());
      stage.until("the race", () -> late[0] > 0, Duration.ofSeconds(20));
      stage.awaitReference();
      stage.pass(Duration.ofMinutes(2));

      long owners =
          List.of(stage.cluster(), other.get(ProxmoxCluster.class, "reference")).stream()
              .filter(cluster -> VirtualStage.is(cluster, ConditionType.READY, "True"))
              .count();
      assertThat(owners).as(stage.table()).isEqualTo(1);
      assertThat(marks(other.writes())).isEqualTo(1);
      assertThat(marks(stage.writes())).isEqualTo(2);
      assertThat(other.writes()).hasSize(1);
      assertTaken(other.get(ProxmoxCluster.class, "reference"), stage.namespace + "/reference");
      assertThat(notes(stage)).endsWith("-->\n" + NOTES).doesNotContain(other.namespace + "/");
    }
  }

  @Test
  void observeWritesNoMarkAndSaysThatItWould() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference("managementPolicy: Observe");
      stage.until(
          "it to be looked at",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(2));
      assertThat(stage.cluster().reported().plannedChanges())
          .anyMatch(
              change ->
                  change.action().equals("MarkOwner")
                      && change.message().contains(stage.namespace + "/reference"));
      stage.pass(Duration.ofMinutes(2));
      assertThat(stage.guest().reported().plannedChanges()).isNotEmpty();
      assertThat(stage.writes()).isEmpty();

      stage.applyCluster("managementPolicy: Enforce");
      stage.awaitReference();
      assertThat(stage.writes().get(0).what()).isEqualTo("PUT /cluster/options");
    }
  }

  @Test
  void saysWhichPrivilegeTheMarkNeeds() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      setPrivileges(stage, "Sys.Audit,Sys.Console");
      stage.applyReference();
      stage.until(
          "the trouble to be told",
          () ->
              VirtualStage.isBecause(
                  stage.cluster(), ConditionType.STALLED, ConditionReason.PERMISSION_DENIED.text()),
          Duration.ofMinutes(1));
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.STALLED).get().getMessage())
          .contains("Sys.Modify", "pveum role modify");
      stage.pass(Duration.ofMinutes(1));
      assertThat(stage.answered()).isEmpty();

      setPrivileges(stage, "Sys.Audit,Sys.Console,Sys.Modify");
      stage.awaitReference();
    }
  }

  @Test
  void aLineThatSomebodyTookAwayIsPutBackAndADamagedOneIsLeftToPeople() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      note(stage, "new notes\n");
      stage.until(
          "the mark to be back",
          () -> notes(stage).contains(stage.cluster().getMetadata().getUid()),
          Duration.ofSeconds(20));
      assertThat(notes(stage)).endsWith("-->\nnew notes\n");
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.READY, "True")).isTrue();

      note(stage, "<!-- pveha.io/owner: ProxmoxCluster somebody\nnew notes\n");
      stage.until(
          "the trouble to be told",
          () ->
              VirtualStage.isBecause(
                  stage.cluster(), ConditionType.STALLED, ConditionReason.OWNER_UNKNOWN.text()),
          Duration.ofSeconds(20));
      int writes = stage.writes().size();
      stage.pass(Duration.ofMinutes(1));
      assertThat(stage.writes()).hasSize(writes);
      note(stage, "new notes\n");
      stage.awaitReference();
    }
  }

  /** Nodes that are a cluster of another owner already take part in no other one. */
  @Test
  void noNodeJoinsAClusterThatAnotherOwns() {
    try (VirtualStage stage =
        new VirtualStage(SimulatorOptions.standard().withBare(true).withVersion(PveVersion.V9_1))) {
      note(
          stage,
          "<!-- pveha.io/owner: ProxmoxCluster a/b, id uid-b@2026-01-01T00:00:00Z. Keep it. -->\n");
      stage.manifests().secrets();
      stage.apply(stage.manifests().clusterYaml());
      stage.pass(Duration.ofMinutes(2));
      assertThat(stage.writes()).isEmpty();
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.READY).get().getMessage())
          .contains("a/b", ApiNames.TAKE_OVER + "=uid-b@2026-01-01T00:00:00Z");

      stage.annotate(stage.cluster(), ApiNames.TAKE_OVER, "uid-b@2026-01-01T00:00:00Z");
      stage.until(
          "the cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(15));
    }
  }

  /** The mark stays where it can't be reached, and the object goes. */
  @Test
  void whatCannotBeReachedIsLeftAndTold() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.until(
          "the cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(2));
      stage.cutOperatorOff(true);
      stage.pass(Duration.ofSeconds(30));
      stage.client.resource(stage.cluster()).delete();
      stage.until("its end", () -> stage.cluster() == null, Duration.ofMinutes(1));
      assertThat(stage.events())
          .anyMatch(
              event ->
                  event.getReason().equals("OwnerMarkLeft")
                      && event.getMessage().contains("<!-- pveha.io/owner"));

      // The same manifest again is another object, which is told how to take over.
      stage.cutOperatorOff(false);
      stage.applyCluster("");
      stage.until(
          "the trouble to be told",
          () ->
              stage.cluster() != null
                  && VirtualStage.isBecause(
                      stage.cluster(), ConditionType.STALLED, ConditionReason.CLUSTER_TAKEN.text()),
          Duration.ofMinutes(1));
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.STALLED).get().getMessage())
          .contains("same name with another UID");
      stage.annotate(stage.cluster(), ApiNames.TAKE_OVER, takeOver(stage.cluster()));
      stage.until(
          "the cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(2));
    }
  }

  private static void deleteAll(VirtualStage stage) {
    for (HasMetadata object :
        List.of(stage.cluster(), stage.replication(), stage.guest(), stage.pool())) {
      stage.client.resource(object).delete();
    }
    stage.until(
        "the end of all",
        () ->
            stage.cluster() == null
                && stage.get(ReplicationJob.class, "web") == null
                && stage.get(ZfsPool.class, "tank") == null,
        Duration.ofMinutes(5));
  }

  private static void applyTo(VirtualStage stage, OtherOperator other, String guest) {
    stage.manifests().apply(stage.manifests().clusterYaml("Adopt", "simulated"), other.namespace);
    stage.manifests().apply(guest, other.namespace);
  }

  private static void assertTaken(HasMetadata object, String owner) {
    assertThat(VirtualStage.condition(object, ConditionType.STALLED))
        .hasValueSatisfying(
            stalled -> {
              assertThat(stalled.getStatus()).isEqualTo("True");
              assertThat(stalled.getReason()).isEqualTo(ConditionReason.CLUSTER_TAKEN.text());
              assertThat(stalled.getMessage()).contains(owner);
            });
  }

  /** As the condition says. */
  private static String takeOver(ProxmoxCluster cluster) {
    String message =
        VirtualStage.condition(cluster, ConditionType.STALLED).orElseThrow().getMessage();
    return message.substring(message.indexOf(ApiNames.TAKE_OVER + "=") + 19);
  }

  private static VirtualWire.Write firstWriteButMarks(OtherOperator operator) {
    return operator.writes().stream()
        .filter(write -> !write.isOwnerMark())
        .findFirst()
        .orElseThrow();
  }

  private static int marks(List<VirtualWire.Write> writes) {
    return (int) writes.stream().filter(VirtualWire.Write::isOwnerMark).count();
  }

  private static void setPrivileges(VirtualStage stage, String privileges) {
    new ByHand(stage)
        .on("node1")
        .call(ApiRequest.put("/access/roles/HaOperatorCluster").with("privs", privileges));
  }

  private static void note(VirtualStage stage, String text) {
    new ClusterCalls(new ByHand(stage).on("node1")).setNotes(text);
  }

  private static String notes(VirtualStage stage) {
    return new ClusterCalls(new ByHand(stage).on("node1")).notes().get().orElseThrow();
  }
}
