package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a deletion waits for, the object says so, and in time what lets it go without. */
class DeletionMessagesTest {

  private enum Case {
    GUEST_WITHOUT_PRIVILEGE(
        VirtualStage::guest, stage -> privileges(stage, "Sys.Audit,Sys.Modify"), "Sys.Console"),
    GUEST_WITHOUT_QUORUM(VirtualStage::guest, stage -> power(stage, "node2", "node3"), "quor"),
    REPLICATION_WITHOUT_TARGET(
        VirtualStage::replication, stage -> power(stage, "node3"), "node3 has to be online"),
    POOL_WITH_DISKS(VirtualStage::pool, stage -> {}, "holds disks of guests [100]"),
    POOL_WITHOUT_SIGHT(
        VirtualStage::pool,
        stage -> stage.cutOperatorOff(true),
        "deletionPolicy can't be carried out"),
    GUEST_OF_AN_UNSETTLED_CLUSTER(
        VirtualStage::guest,
        stage -> {
          stage.changeAnswers(
              (node, request, answer) ->
                  !node.equals("node1") && request.path().equals("/cluster/options")
                      ? ((ObjectNode) answer.deepCopy()).put("description", "lags behind")
                      : answer);
          stage.restartOperator();
        },
        "owner's mark");

    final Function<VirtualStage, HasMetadata> object;
    final Consumer<VirtualStage> obstacle;
    final String why;

    Case(Function<VirtualStage, HasMetadata> object, Consumer<VirtualStage> obstacle, String why) {
      this.object = object;
      this.obstacle = obstacle;
      this.why = why;
    }

    private static void privileges(VirtualStage stage, String privileges) {
      new ByHand(stage)
          .on("node1")
          .call(ApiRequest.put("/access/roles/HaOperatorCluster").with("privs", privileges));
    }

    private static void power(VirtualStage stage, String... off) {
      for (String node : off) {
        stage.faults().power(node, false);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void sayWhatIsWaitedForAndTheCommandThatLeadsOut(Case story) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + "  deletionPolicy: RemoveFromHA\n");
      stage.apply(stage.manifests().replicationYaml() + "  deletionPolicy: Delete\n");
      stage.apply(stage.manifests().poolYaml() + "  deletionPolicy: DetachStorage\n");
      stage.awaitReference();
      story.obstacle.accept(stage);
      stage.pass(Duration.ofSeconds(20));
      HasMetadata object = story.object.apply(stage);

      stage.client.resource(object).delete();
      stage.pass(Duration.ofMinutes(3));

      assertThat(story.object.apply(stage)).as(stage.table()).isNotNull();
      assertThat(VirtualStage.condition(story.object.apply(stage), ConditionType.READY))
          .hasValueSatisfying(
              ready ->
                  assertThat(ready.getMessage())
                      .contains(
                          story.why,
                          "kubectl annotate %s %s -n %s pveha.io/abandon=%s"
                              .formatted(
                                  object.getKind().toLowerCase(),
                                  object.getMetadata().getName(),
                                  stage.namespace,
                                  object.getMetadata().getUid())));
    }
  }

  /** Who reads it each time would leave things behind for nothing. */
  @Test
  void aDeletionThatGoesWellDoesNotOfferToLeaveThingsBehind() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + "  deletionPolicy: RemoveFromHA\n");
      stage.apply(stage.manifests().replicationYaml() + "  deletionPolicy: Delete\n");
      stage.awaitReference();
      Set<String> said = new TreeSet<>();

      for (HasMetadata object : List.of(stage.guest(), stage.replication())) {
        stage.client.resource(object).delete();
      }
      stage.until(
          "the end of both",
          () -> {
            Stream.<CustomResource<?, ?>>of(stage.guest(), stage.replication())
                .filter(Objects::nonNull)
                .flatMap(object -> VirtualStage.condition(object, ConditionType.READY).stream())
                .forEach(ready -> said.add(ready.getReason() + ": " + ready.getMessage()));
            return stage.guest() == null && stage.replication() == null;
          },
          Duration.ofMinutes(3));

      assertThat(said)
          .anyMatch(message -> message.startsWith("Deleting: "))
          .noneMatch(message -> message.contains("kubectl"));
    }
  }
}
