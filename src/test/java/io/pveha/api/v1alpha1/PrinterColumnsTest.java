package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.testing.RealApiServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code kubectl get} shows to someone who sees nothing else. */
class PrinterColumnsTest {

  private static RealApiServer server;
  private static Path kubectl;
  private static String namespace;

  @BeforeAll
  static void reportSomething() {
    server = RealApiServer.orSkip("what kubectl shows of the four kinds");
    kubectl = server.kubectlOrSkip("what kubectl shows of the four kinds");
    namespace = server.newNamespace("columns");
    report(cluster(), pool(), job(), resource());
  }

  @Test
  void clusterTellsItsQuorumAndMaster() throws Exception {
    assertThat(get("pxc"))
        .containsExactly(
            "NAME READY REASON NODES QUORATE MAY-FAIL HA-MASTER AGE",
            "reference True AsSpecified 3/3 true 1 node2 AGE");
  }

  @Test
  void poolTellsOnHowManyNodesItIsHealthy() throws Exception {
    assertThat(get("zpool"))
        .containsExactly(
            "NAME READY REASON POOL RAID HEALTHY STORAGE AGE",
            "tank True AsSpecified tank single 3/3 tank AGE");
  }

  @Test
  void replicationTellsWhetherTheRpoIsMet() throws Exception {
    assertThat(get("repl"))
        .containsExactly(
            "NAME READY REASON GUEST SCHEDULE HOME JOBS LAST-SYNC RPO-MET AGE",
            "web True AsSpecified 100 */1 node1 2/2 AGE True AGE");
  }

  @Test
  void haResourceTellsWhereTheGuestIs() throws Exception {
    assertThat(get("har"))
        .containsExactly(
            "NAME READY REASON GUEST WANTED STATE NODE FAILOVERS AGE",
            "web True AsSpecified ct:100 started started node2 1 AGE");
  }

  @Test
  void wideOutputAddsTheMessage() throws Exception {
    assertThat(get("har", "-o", "wide"))
        .containsExactly(
            "NAME READY REASON GUEST WANTED STATE NODE FAILOVERS LAST-OUTAGE MESSAGE AGE",
            "web True AsSpecified ct:100 started started node2 1 131 Nothing to do. AGE");
  }

  @Test
  void categoryListsAllFour() throws Exception {
    assertThat(kubectl("get", "pveha", "-o", "name"))
        .containsExactlyInAnyOrder(
            "proxmoxcluster.pveha.io/reference",
            "zfspool.pveha.io/tank",
            "replicationjob.pveha.io/web",
            "haresource.pveha.io/web");
  }

  private static List<String> get(String... what) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("get"));
    arguments.addAll(List.of(what));
    return kubectl(arguments.toArray(String[]::new)).stream()
        .map(line -> line.replaceAll(" +", " ").replaceAll("(?<= )\\d+[smhdy]\\S*", "AGE").strip())
        .toList();
  }

  private static List<String> kubectl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(kubectl.toString());
    command.add("--kubeconfig=" + server.kubeconfig());
    command.add("--namespace=" + namespace);
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static void report(CustomResource<?, ?>... resources) {
    KubernetesClient client = server.client();
    for (CustomResource<?, ?> resource : resources) {
      client.resource(resource).inNamespace(namespace).create();
      client.resource(resource).inNamespace(namespace).patchStatus();
    }
  }

  private static ProxmoxCluster cluster() {
    ProxmoxCluster cluster = new ProxmoxCluster();
    cluster.getMetadata().setName("reference");
    cluster.setSpec(
        new ProxmoxClusterSpec(
            null,
            null,
            "reference",
            List.of(
                new ProxmoxClusterSpec.Node("node1", "192.0.2.11", null, null, null, null, null)),
            null,
            new SecretRef("reference-token"),
            null,
            null,
            null,
            null,
            null,
            null));
    cluster.setStatus(
        new ProxmoxClusterStatus(
            1L,
            List.of(ready()),
            null,
            null,
            null,
            "reference",
            "9.1.1",
            "3/3",
            new ProxmoxClusterStatus.Quorum(true, 3, 3, 2, 1, null),
            "node2",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return cluster;
  }

  private static ZfsPool pool() {
    ZfsPool pool = new ZfsPool();
    pool.getMetadata().setName("tank");
    pool.setSpec(
        new ZfsPoolSpec(
            null,
            new ClusterRef("reference"),
            "tank",
            RaidLevel.SINGLE,
            List.of(new ZfsPoolSpec.Node("node1", List.of("/dev/sdb"), null)),
            null,
            null,
            null,
            null,
            null));
    pool.setStatus(
        new ZfsPoolStatus(
            1L,
            List.of(ready()),
            null,
            null,
            "3/3",
            new ZfsPoolStatus.Storage("tank", List.of("node1", "node2", "node3")),
            null,
            null));
    return pool;
  }

  private static ReplicationJob job() {
    ReplicationJob job = new ReplicationJob();
    job.getMetadata().setName("web");
    job.setSpec(
        new ReplicationJobSpec(
            null,
            new ClusterRef("reference"),
            new ReplicationJobSpec.Guest(100),
            null,
            new ReplicationJobSpec.Targets(true, null, null),
            "*/1",
            null,
            null,
            120L,
            null,
            null));
    job.setStatus(
        new ReplicationJobStatus(
            1L,
            List.of(ready(), condition(ConditionType.RPO_MET, ConditionReason.WITHIN_RPO)),
            null,
            null,
            "node1",
            "2/2",
            Instant.parse("2026-01-02T03:04:05Z"),
            60L,
            null,
            null,
            null,
            null,
            null));
    return job;
  }

  private static HaResource resource() {
    HaResource resource = new HaResource();
    resource.getMetadata().setName("web");
    resource.setSpec(
        new HaResourceSpec(
            null,
            new ClusterRef("reference"),
            new HaResourceSpec.Guest(GuestKind.CT, 100, null),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    HaResourceStatus.Failover failover =
        new HaResourceStatus.Failover(
            FailoverCause.NODE_LOST, "node1", "node2", null, null, 131L, null, 20L, null, null);
    resource.setStatus(
        new HaResourceStatus(
                1L,
                List.of(ready()),
                null,
                null,
                "ct:100",
                "started",
                "node2",
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
                null)
            .withFinished(failover));
    return resource;
  }

  private static Condition ready() {
    return condition(ConditionType.READY, ConditionReason.AS_SPECIFIED);
  }

  private static Condition condition(ConditionType type, ConditionReason reason) {
    return new ConditionBuilder()
        .withType(type.text())
        .withStatus(ConditionStatus.TRUE.text())
        .withReason(reason.text())
        .withMessage("Nothing to do.")
        .withLastTransitionTime("2026-01-02T03:04:05Z")
        .build();
  }
}
