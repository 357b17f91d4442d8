package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not listed is not known to be absent: nothing is made, removed or called healthy. */
class AbsenceStoriesTest {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofMinutes(10);

  /** Lists that a member answers from the cluster file system. */
  private static final Set<String> LISTS =
      Set.of(
          "/cluster/resources",
          "/cluster/ha/resources",
          "/cluster/ha/rules",
          "/cluster/ha/groups",
          "/cluster/replication",
          "/storage");

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void jobsOfAPoolsGuestsStayWhenTheirPoolIsNotShownAnyMore(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      pooled(stage, 200);
      stage.apply(selectingPool(stage));
      stage.until("its jobs", () -> rows(stage) == 2 && isReady(stage, "True"), LONG);
      int before = stage.writes().size();

      Grants grants = new Grants(stage);
      grants.role("HaOperatorPools", "/pool", false);
      stage.until("it is told", () -> isReady(stage, "False"), SOON);
      stage.pass(LONG);

      assertThat(condition(stage, ConditionType.READY))
          .extracting(Condition::getStatus, Condition::getReason)
          .containsExactly("False", ConditionReason.PERMISSION_DENIED.text());
      assertThat(condition(stage, ConditionType.READY).getMessage())
          .contains("Pool.Audit on /pool");
      assertThat(stage.writes()).hasSize(before);
      assertThat(rows(stage)).isEqualTo(2);

      grants.role("HaOperatorPools", "/pool", true);
      stage.until("it is seen again", () -> isReady(stage, "True"), SOON);
      assertThat(stage.writes()).hasSize(before);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestsThatNoListShowsAreNotTakenForGone(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      pooled(stage, 200);
      stage.apply(selectingPool(stage));
      stage.until("its jobs", () -> rows(stage) == 2 && isReady(stage, "True"), LONG);
      int before = stage.writes().size();

      Grants grants = new Grants(stage);
      grants.role("HaOperatorGuests", "/vms", false);
      stage.until(
          "it is told",
          () -> VirtualStage.is(stage.cluster(), ConditionType.PERMITTED, "False"),
          SOON);
      stage.pass(LONG);

      assertThat(stage.writes()).hasSize(before);
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.FAILOVER_READY))
          .hasValueSatisfying(
              told -> {
                assertThat(told.getStatus()).isEqualTo("Unknown");
                assertThat(told.getReason()).isEqualTo(ConditionReason.PERMISSION_DENIED.text());
              });
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.READY, "False")).isTrue();
      assertThat(VirtualStage.is(stage.guest(), ConditionType.GUEST_PRESENT, "Unknown")).isTrue();
      for (var job : List.of(stage.replication(), stage.get(ReplicationJob.class, "prod"))) {
        assertThat(VirtualStage.is(job, ConditionType.READY, "False")).isTrue();
        assertThat(VirtualStage.isBecause(job, ConditionType.READY, "PermissionDenied")).isTrue();
        assertThat(job.reported().jobs()).hasSize(2);
      }

      grants.role("HaOperatorGuests", "/vms", true);
      stage.awaitReference();
      stage.until(
          "the forecast",
          () -> VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True"),
          SOON);
      assertThat(stage.writes()).hasSize(before);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** The member that sorts first answers membership truly and nothing else. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aMemberThatLagsHidesNothing(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      pooled(stage, 200);
      stage.apply(selectingPool(stage));
      stage.until("its jobs", () -> rows(stage) == 2 && isReady(stage, "True"), LONG);
      int before = stage.writes().size();

      AtomicBoolean lags = new AtomicBoolean(true);
      stage.changeAnswers(
          (node, request, answer) ->
              lags.get() && node.equals("node1") && LISTS.contains(request.path())
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);
      stage.pass(LONG);

      assertThat(stage.writes()).hasSize(before);
      assertThat(isReady(stage, "True")).isTrue();
      assertThat(VirtualStage.is(stage.guest(), ConditionType.READY, "True")).isTrue();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** What the manager works on is under HA, whatever the list of that says. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void noHealthRestsOnAListThatLacksWhatTheManagerWorksOn(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      int before = stage.writes().size();
      AtomicBoolean hidden = new AtomicBoolean(true);
      stage.changeAnswers(
          (node, request, answer) ->
              hidden.get() && request.path().equals("/cluster/ha/resources")
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);
      stage.pass(LONG);

      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.FAILOVER_READY))
          .hasValueSatisfying(
              ready -> {
                assertThat(ready.getStatus()).isEqualTo("Unknown");
                assertThat(ready.getReason()).isEqualTo(ConditionReason.ABSENCE_UNPROVEN.text());
                assertThat(ready.getMessage()).contains("The HA manager still works on ct:100");
              });
      assertThat(stage.cluster().reported().failoverReadiness())
          .as("what was known stays")
          .isNotEmpty();
      assertThat(stage.writes()).hasSize(before);
      hidden.set(false);
      stage.awaitReference();
      stage.until(
          "all to be known again",
          () -> VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True"),
          SOON);
    }
  }

  /** Nodes still tell of the runs of jobs that the list of jobs lacks. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void noDeletionIsOverByAListThatLacksWhatNodesTellOf(PveVersion version) {
    try (VirtualStage stage = ReplicationSelectionTest.deleting(version, "Delete")) {
      AtomicBoolean hidden = new AtomicBoolean(true);
      stage.changeAnswers(
          (node, request, answer) ->
              hidden.get() && request.path().equals("/cluster/replication")
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);
      stage.pass(Duration.ofSeconds(20));
      stage.client.resource(stage.replication()).delete();
      stage.pass(LONG);
      assertThat(stage.replication()).as("its policy waits").isNotNull();
      assertThat(
              VirtualStage.condition(stage.replication(), ConditionType.READY)
                  .orElseThrow()
                  .getMessage())
          .contains("node1 lists replication job 100-0", ApiNames.ABANDON);

      hidden.set(false);
      stage.until("its end", () -> stage.replication() == null, LONG);
      assertThat(ReplicationSelectionTest.copies(stage, 100)).containsExactly("node1");
    }
  }

  /** All members lag, for less than it takes to believe them. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void whatIsGoneForAMomentIsNotMadeAnew(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      int before = stage.writes().size();
      AtomicBoolean lag = new AtomicBoolean(true);
      stage.changeAnswers(
          (node, request, answer) ->
              lag.get() && LISTS.contains(request.path())
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);
      stage.pass(Duration.ofSeconds(9));
      lag.set(false);
      stage.pass(SOON);

      assertThat(stage.writes()).hasSize(before);
      stage.awaitReference();
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static void pooled(VirtualStage stage, int vmid) {
    ByHand byHand = new ByHand(stage);
    byHand.on("node1").call(ApiRequest.post("/pools").with("poolid", "prod"));
    byHand
        .on("node1")
        .call(
            ApiRequest.post("/nodes/node1/qemu")
                .with("vmid", vmid)
                .with("scsi0", "tank:4")
                .with("pool", "prod"));
    stage.pass(Duration.ofSeconds(20));
  }

  private static String selectingPool(VirtualStage stage) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ReplicationJob
    metadata: {name: prod, namespace: %s}
    spec:
      clusterRef: {name: %s}
      selector: {pool: prod}
      targets: {allOthers: true}
      schedule: "*/1"
      rpoSeconds: 300
      deletionPolicy: Delete
    """
        .formatted(stage.namespace, stage.cluster().getMetadata().getName());
  }

  private static int rows(VirtualStage stage) {
    return stage.get(ReplicationJob.class, "prod").reported().jobs().size();
  }

  private static boolean isReady(VirtualStage stage, String status) {
    return VirtualStage.is(stage.get(ReplicationJob.class, "prod"), ConditionType.READY, status);
  }

  private static Condition condition(VirtualStage stage, ConditionType type) {
    return VirtualStage.condition(stage.get(ReplicationJob.class, "prod"), type).orElseThrow();
  }
}
