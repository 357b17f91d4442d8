package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pveha.testing.RealApiServer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several controllers report on one node by server-side apply. */
class StatusOwnersTest {

  private static RealApiServer server;

  @BeforeAll
  static void start() {
    server = RealApiServer.orSkip("that other controllers can add conditions to a node");
  }

  @Test
  void conditionOfAnotherControllerOutlivesTheOperatorsNextReport() {
    KubernetesClient client = server.client();
    String namespace = server.newNamespace("owners");
    client.resource(cluster(namespace, null)).create();
    apply(client, "operator", cluster(namespace, "Reachable"));
    apply(client, "rack-monitor", cluster(namespace, "RackCooled"));

    apply(client, "operator", cluster(namespace, "Member"));

    ProxmoxCluster found =
        client.resources(ProxmoxCluster.class).inNamespace(namespace).withName("shared").get();
    assertThat(found.reported().node("node1").orElseThrow().conditions())
        .extracting(Condition::getType)
        .containsExactlyInAnyOrder("Member", "RackCooled");
  }

  private static void apply(KubernetesClient client, String manager, ProxmoxCluster cluster) {
    PatchContext asManager =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(true)
            .build();
    client.resource(cluster).subresource("status").patch(asManager, cluster);
  }

  private static ProxmoxCluster cluster(String namespace, String nodeCondition) {
    ProxmoxCluster cluster = new ProxmoxCluster();
    cluster.setMetadata(
        new ObjectMetaBuilder().withName("shared").withNamespace(namespace).build());
    if (nodeCondition == null) {
      cluster.setSpec(
          new ProxmoxClusterSpec(
              null,
              null,
              "shared",
              List.of(
                  new ProxmoxClusterSpec.Node("node1", "192.0.2.11", null, null, null, null, null)),
              null,
              new SecretRef("shared-token"),
              null,
              null,
              null,
              null,
              null,
              null));
    } else {
      cluster.setStatus(
          ProxmoxClusterStatus.EMPTY.withNodes(
              List.of(
                  new ProxmoxClusterStatus.Node(
                      "node1",
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      List.of(condition(nodeCondition))))));
    }
    return cluster;
  }

  private static Condition condition(String type) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("Seen")
        .withMessage("")
        .withLastTransitionTime("2026-01-02T03:04:05Z")
        .build();
  }
}
