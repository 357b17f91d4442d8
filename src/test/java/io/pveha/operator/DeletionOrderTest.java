package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Deletion in any order carries out every deletion policy, or says what lets go without. */
class DeletionOrderTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration BETWEEN = Duration.ofSeconds(7);

  static Stream<Arguments> orders() {
    String cluster = "ProxmoxCluster/reference";
    String guest = "HaResource/web";
    String job = "ReplicationJob/web";
    List<List<String>> orders =
        List.of(
            List.of(cluster, guest, job),
            List.of(cluster, job, guest),
            List.of(guest, cluster, job),
            List.of(job, cluster, guest),
            List.of(guest, job, cluster),
            List.of(job, guest, cluster));
    return Stream.of(PveVersion.values())
        .flatMap(
            version ->
                orders.stream()
                    .flatMap(
                        order ->
                            Stream.of(Duration.ZERO, BETWEEN)
                                .map(pause -> Arguments.of(version, order, pause))));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void everyPolicyIsCarriedOut(PveVersion version, List<String> order, Duration between) {
    try (VirtualStage stage = furnished(version)) {
      for (String object : order) {
        delete(stage, object);
        stage.pass(between);
      }
      stage.until("the end of all", () -> left(stage).isEmpty(), LONG);

      assertCarriedOut(stage);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aPoolIsDestroyedThoughItsClusterIsDeletedFirst(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml() + "  deletionPolicy: Destroy\n");
      stage.until(
          "the pool", () -> VirtualStage.is(stage.pool(), ConditionType.READY, "True"), LONG);
      delete(stage, "ProxmoxCluster/reference");
      stage.pass(BETWEEN);
      assertThat(reason(stage.cluster())).isEqualTo(ConditionReason.DELETION_BLOCKED.text());
      assertThat(message(stage.cluster())).contains("ZfsPool tank");
      assertThat(stage.writes())
          .as("all but the mark of the owner")
          .extracting(VirtualWire.Write::what)
          .containsOnly("PUT /cluster/options");

      delete(stage, "ZfsPool/tank");
      stage.until("the end of all", () -> stage.cluster() == null && stage.pool() == null, LONG);

      assertThat(stage.answered())
          .extracting(VirtualWire.Write::what)
          .contains(
              "DELETE /storage/tank",
              "DELETE /nodes/node1/disks/zfs/tank",
              "DELETE /nodes/node3/disks/zfs/tank");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void theSecretsMayGoFirst(PveVersion version) {
    try (VirtualStage stage = furnished(version)) {
      stage.client.resource(stage.get(Secret.class, "token")).delete();
      stage.client.resource(stage.get(Secret.class, "root")).delete();
      stage.pass(BETWEEN);
      delete(stage, "ProxmoxCluster/reference");
      stage.pass(BETWEEN);
      delete(stage, "HaResource/web");
      delete(stage, "ReplicationJob/web");
      stage.until("the end of all", () -> left(stage).isEmpty(), LONG);

      assertCarriedOut(stage);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @Test
  void withoutSecretsANewProcessTellsTheWayOut() {
    try (VirtualStage stage = furnished(PveVersion.V9_1)) {
      stage.client.resource(stage.get(Secret.class, "token")).delete();
      stage.restartOperator();
      for (String object :
          List.of("ProxmoxCluster/reference", "HaResource/web", "ReplicationJob/web")) {
        delete(stage, object);
      }
      stage.pass(Duration.ofMinutes(2));

      assertBlocked(stage, stage.cluster(), "Secret token");
      assertBlocked(stage, stage.guest(), "");

      stage.manifests().secrets();
      stage.until("the end of all", () -> left(stage).isEmpty(), LONG);
      assertCarriedOut(stage);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void outOfReachAllStaysUntilTheOwnerGivesItUp(PveVersion version) {
    try (VirtualStage stage = furnished(version)) {
      int before = stage.answered().size();
      stage.cutOperatorOff(true);
      for (String object :
          List.of("ProxmoxCluster/reference", "HaResource/web", "ReplicationJob/web")) {
        delete(stage, object);
      }
      stage.pass(Duration.ofMinutes(2));

      List<HasMetadata> left = left(stage);
      assertThat(left).hasSize(3);
      left.forEach(object -> assertBlocked(stage, object, ""));

      // Its word counts for all that is in it; that of another object does not count.
      stage.annotate(stage.guest(), ApiNames.ABANDON, stage.cluster().getMetadata().getUid());
      stage.pass(Duration.ofSeconds(30));
      assertThat(stage.guest()).isNotNull();
      stage.annotate(stage.cluster(), ApiNames.ABANDON, stage.cluster().getMetadata().getUid());
      stage.until("the end of all", () -> left(stage).isEmpty(), Duration.ofMinutes(1));

      assertThat(stage.answered()).hasSize(before);
      assertThat(reasons(stage)).contains("DeletionPolicySkipped");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void anOrphanKeepsItsPolicyUntilItsOwnerGivesItUp(PveVersion version) {
    try (VirtualStage stage = furnished(version)) {
      // As operators before this one left it.
      stage
          .client
          .resource(stage.cluster())
          .edit(
              cluster -> {
                cluster.removeFinalizer(ApiNames.FINALIZER);
                return cluster;
              });
      delete(stage, "ProxmoxCluster/reference");
      stage.restartOperator();
      delete(stage, "HaResource/web");
      stage.pass(Duration.ofMinutes(2));

      assertBlocked(stage, stage.guest(), "no ProxmoxCluster reference");
      stage.annotate(stage.guest(), ApiNames.ABANDON, stage.guest().getMetadata().getUid());
      stage.until("its end", () -> stage.guest() == null, Duration.ofMinutes(1));
      assertThat(reasons(stage)).contains("DeletionPolicySkipped");
    }
  }

  @Test
  void whatNeverCameToProxmoxGoesAtOnce() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.apply(stage.manifests().guestYaml() + "  deletionPolicy: RemoveFromHA\n");
      stage.pass(Duration.ofMinutes(1));
      delete(stage, "HaResource/web");
      stage.until("its end", () -> stage.guest() == null, Duration.ofMinutes(1));
    }
  }

  private static VirtualStage furnished(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.apply(stage.manifests().guestYaml() + "  deletionPolicy: RemoveFromHA\n");
    stage.apply(stage.manifests().replicationYaml() + "  deletionPolicy: Delete\n");
    stage.awaitReference();
    delete(stage, "ZfsPool/tank");
    stage.until("the pool's object gone", () -> stage.pool() == null, LONG);
    return stage;
  }

  private static void assertCarriedOut(VirtualStage stage) {
    assertThat(new ByHand(stage).ha("node1").resources().get()).isEmpty();
    assertThat(new io.pveha.proxmox.ReplicationCalls(new ByHand(stage).on("node1")).jobs().get())
        .isEmpty();
    assertThat(reasons(stage)).doesNotContain("DeletionPolicySkipped");
  }

  private static void assertBlocked(VirtualStage stage, HasMetadata object, String why) {
    assertThat(reason(object)).isEqualTo(ConditionReason.DELETION_BLOCKED.text());
    assertThat(VirtualStage.is(object, ConditionType.RECONCILING, "True")).isTrue();
    assertThat(message(object))
        .contains(why)
        .contains("kubectl annotate " + object.getKind().toLowerCase())
        .contains("pveha.io/abandon=" + object.getMetadata().getUid());
    assertThat(stage.events())
        .anySatisfy(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getReason()).isEqualTo(ConditionReason.DELETION_BLOCKED.text());
              assertThat(event.getInvolvedObject().getUid())
                  .isEqualTo(object.getMetadata().getUid());
            });
  }

  private static List<HasMetadata> left(VirtualStage stage) {
    return Stream.<HasMetadata>of(stage.cluster(), stage.guest(), stage.replication())
        .filter(object -> object != null)
        .toList();
  }

  private static List<String> reasons(VirtualStage stage) {
    return stage.events().stream().map(Event::getReason).toList();
  }

  private static String reason(HasMetadata object) {
    return VirtualStage.condition(object, ConditionType.READY).orElseThrow().getReason();
  }

  private static String message(HasMetadata object) {
    return VirtualStage.condition(object, ConditionType.READY).orElseThrow().getMessage();
  }

  private static void delete(VirtualStage stage, String object) {
    String name = object.substring(object.indexOf('/') + 1);
    Class<? extends HasMetadata> kind =
        switch (object.substring(0, object.indexOf('/'))) {
          case "ProxmoxCluster" -> ProxmoxCluster.class;
          case "HaResource" -> HaResource.class;
          case "ReplicationJob" -> ReplicationJob.class;
          default -> ZfsPool.class;
        };
    stage.client.resources(kind).inNamespace(stage.namespace).withName(name).delete();
  }
}
