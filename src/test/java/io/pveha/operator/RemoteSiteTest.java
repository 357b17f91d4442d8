package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.NodeRole;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node at another site takes part, over two links, without a say in the quorum of the site. */
class RemoteSiteTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void takesPartWithoutAVoteAndIsTakenLast(PveVersion version) {
    try (Stage stage = stage(version)) {
      stage.apply(yaml(stage.info(), 0));
      stage.apply(stage.poolYaml());
      stage.apply(stage.guestYaml());
      stage.startOperator();
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");

      assertThat(Stage.condition(stage.cluster(), ConditionType.VOTES_SOUND).getStatus())
          .isEqualTo("True");
      assertThat(stage.cluster().reported().quorum().expectedVotes()).isEqualTo(3);
      assertThat(stage.cluster().reported().node("node4").orElseThrow().roles())
          .contains(NodeRole.REMOTE_SITE, NodeRole.VOTELESS);
      assertThat(stage.guest().reported().placement().nodes())
          .containsExactly("node1", "node2", "node3");
      assertThat(stage.guest().reported().placement().strict()).isFalse();

      stage.simulator.faults().power("node4", false);
      stage.awaitReason(
          ProxmoxCluster.class,
          "reference",
          ConditionType.READY,
          ConditionReason.NODE_OFFLINE.text());
      assertThat(Stage.condition(stage.cluster(), ConditionType.QUORATE).getStatus())
          .isEqualTo("True");
    }
  }

  @Test
  void callsOutAVoteThatTipsTheQuorumOfTheSite() {
    try (Stage stage = stage(PveVersion.V9_1)) {
      stage.apply(yaml(stage.info(), 1));
      stage.startOperator();
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.VOTES_SOUND, "False");

      assertThat(Stage.condition(stage.cluster(), ConditionType.VOTES_SOUND).getMessage())
          .contains("even number", "Cut off from node4");
    }
  }

  private static Stage stage(PveVersion version) {
    Stage stage =
        new Stage(SimulatorOptions.standard().withVersion(version).withNodes(4).withSpeed(20));
    stage.secrets();
    return stage;
  }

  private static String yaml(SimulatorInfo info, int remoteVotes) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ProxmoxCluster
    metadata:
      name: reference
    spec:
      formation: Create
      clusterName: reference
      homeSite: home
      credentialsSecretRef: {name: token}
      formationSecretRef: {name: root}
      nodes:
    %s\
    """
        .formatted(
            IntStream.range(0, info.nodes().size())
                .mapToObj(at -> node(info.nodes().get(at), at + 1, remoteVotes))
                .collect(Collectors.joining()));
  }

  private static String node(SimulatorInfo.Node node, int number, int remoteVotes) {
    boolean remote = number == 4;
    return """
        - name: %s
          address: '%s'
          tlsFingerprint: '%s'
          site: %s
          votes: %d
          links:
            - {address: 10.0.0.%d, priority: 20}
            - {address: 10.0.1.%d, priority: 10}
    """
        .formatted(
            node.name(),
            node.address(),
            node.fingerprint(),
            remote ? "away" : "home",
            remote ? remoteVotes : 1,
            10 + number,
            10 + number);
  }
}
