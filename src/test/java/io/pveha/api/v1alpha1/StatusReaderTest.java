package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What the records can't hold is left out, and the rest is read. */
class StatusReaderTest {

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private static ProxmoxClusterStatus read(String status) {
    return JSON.unmarshal("{\"spec\":{},\"status\":" + status + "}", ProxmoxCluster.class)
        .reported();
  }

  @Test
  void conditionWithoutAStatusIsUnknown() {
    ProxmoxClusterStatus status =
        read(
            """
            {"nodes": [{"name": "node2", "conditions": [
               {"type": "example.com/Hot"},
               {"type": "example.com/Wet", "status": "Maybe", "reason": "Rain", "message": "wet"},
               {"type": "", "status": "True"},
               {"status": "True"}]}]}
            """);

    assertThat(status.node("node2").orElseThrow().conditions())
        .extracting("type", "status", "reason", "message")
        .containsExactly(
            Tuple.tuple("example.com/Hot", "Unknown", "Unspecified", ""),
            Tuple.tuple("example.com/Wet", "Unknown", "Rain", "wet"));
  }

  @Test
  void rowsThatLackWhatEveryRowHasAreLeftOut() {
    ProxmoxClusterStatus status =
        read(
            """
            {"nodes": [{"nodeId": 1}, {"name": " "}, {"name": "node1"}],
             "moves": [{"id": "1", "guest": "ct:100"}],
             "away": [{"guest": "ct:100", "home": "node1"}],
             "pendingTasks": [{"action": "CreatePool"}],
             "health": {"nodes": [{"node": "node1"}], "held": [{"node": "node1"}]}}
            """);

    assertThat(status.nodes()).extracting("name").containsExactly("node1");
    assertThat(status.moves()).isEmpty();
    assertThat(status.away()).isEmpty();
    assertThat(status.pendingTasks()).isEmpty();
    assertThat(status.health().nodes()).isEmpty();
    assertThat(status.health().held()).isEmpty();
  }

  @Test
  void whatNoFieldCanHoldIsCutOrLeftOut() {
    ProxmoxClusterStatus status =
        read(
            """
            {"observedGeneration": 99999999999999999999, "clusterName": {"a": 1}, "quorum": [1],
             "formation": {"startedAt": "2026-01-05T08:00:00+99:99", "phase": "Dancing"},
             "nodes": [{"name": "node1", "nodeId": 3000000000, "votes": "many",
                        "joinedAt": "2026-01-05T08:00:00Z", "online": "perhaps"}, 7, null]}
            """);

    ProxmoxClusterStatus.Node node = status.node("node1").orElseThrow();
    assertThat(status.observedGeneration()).isEqualTo(Long.MAX_VALUE);
    assertThat(status.clusterName()).isNull();
    assertThat(status.quorum()).isNull();
    assertThat(status.formation().startedAt()).isNull();
    assertThat(status.formation().phase()).isNull();
    assertThat(node.nodeId()).isEqualTo(Integer.MAX_VALUE);
    assertThat(node.votes()).isNull();
    assertThat(node.online()).isNull();
    assertThat(node.joinedAt()).isEqualTo(Instant.parse("2026-01-05T08:00:00Z"));
  }
}
