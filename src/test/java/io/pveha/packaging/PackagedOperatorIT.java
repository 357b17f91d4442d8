package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.testing.RealApiServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged operator with the rights that the chart gives it, and nothing more. */
class PackagedOperatorIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static RealApiServer server;
  private static Helm helm;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    helm = Helm.orSkip("the packaged operator with the rights of the chart");
    server = RealApiServer.orSkip("the packaged operator with the rights of the chart");
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch.namespaces={%s}", "watch.clusterWide=true"})
  void rightsOfTheChartSufficeForTheStory(String values) throws IOException {
    String namespace = server.newNamespace("rights");
    ChartInstallation chart =
        ChartInstallation.install(server, helm, "--set", values.formatted(namespace));
    Map<String, Double> before = Forbidden.counted(server.client());
    try (SimulatedCluster simulator = simulator();
        PackagedOperator operator =
            PackagedOperator.start("a", chart.kubeconfig(folder), folder, chart.environment())) {
      List<HasMetadata> example = applyExample(simulator.info(), namespace);

      awaitReady(namespace, operator);
      operator
          .residentMemory()
          .ifPresent(
              bytes ->
                  System.out.printf(
                      "Operator with the reference cluster Ready: %d MB resident; %s%n",
                      bytes / 1_000_000, operator.startLine()));
      delete(example, namespace, operator);

      assertThat(Forbidden.counted(server.client()))
          .as(
              "requests that the chart's rights do not allow; the operator's log:%n%s",
              operator.log())
          .isEqualTo(before);
      assertThat(server.client().v1().events().inNamespace(namespace).list().getItems())
          .isNotEmpty();
    }
  }

  @Test
  void everyDocumentedMetricIsServedBeforeDuringOrAfterAFailover() throws IOException {
    String namespace = server.newNamespace("metrics");
    ChartInstallation chart =
        ChartInstallation.install(server, helm, "--set", "watch.namespaces={" + namespace + "}");
    try (SimulatedCluster simulator = simulator();
        PackagedOperator operator =
            PackagedOperator.start("a", chart.kubeconfig(folder), folder, chart.environment())) {
      applyExample(simulator.info(), namespace);
      awaitReady(namespace, operator);
      // With one of three nodes gone, the next loss is that of the quorum and nothing is recovered.
      Awaitility.await("what a loss would cost")
          .atMost(LIMIT)
          .until(() -> scrape(operator).contains("pveha_node_data_loss_seconds{"));
      StringBuilder served = new StringBuilder(scrape(operator));
      simulator.faults().replication("node1", "", true);
      Awaitility.await("failed runs")
          .atMost(LIMIT)
          .until(() -> scrape(operator).contains("pveha_replication_consecutive_failures{"));
      served.append(scrape(operator));
      simulator.faults().replication("node1", "", false);
      simulator.faults().power("node1", false);
      await(
          "the guest on another node",
          operator,
          () -> {
            served.append(scrape(operator));
            return isRecovered(namespace);
          });

      Awaitility.await("the metrics of docs/metrics.md")
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(missing(served + scrape(operator))).isEmpty());
      String scrape = scrape(operator);

      assertThat(scrape).contains("pveha_leader 1.0");
      ScriptsTest.promtoolTakesTheMetrics(scrape);
    }
  }

  /** From the start of its process; no node is needed to say that a Secret is missing. */
  @Test
  void firstReconciliationIsTimed() throws IOException {
    String namespace = server.newNamespace("start");
    ChartInstallation chart =
        ChartInstallation.install(server, helm, "--set", "watch.namespaces={" + namespace + "}");
    Path kubeconfig = chart.kubeconfig(folder);
    String example = Files.readString(Path.of("examples", "three-nodes", "1-cluster.yaml"));
    byte[] yaml = example.getBytes(StandardCharsets.UTF_8);
    server.client().load(new ByteArrayInputStream(yaml)).items().stream()
        .filter(object -> object.getKind().equals("ProxmoxCluster"))
        .forEach(object -> server.client().resource(object).inNamespace(namespace).create());

    Instant start = Instant.now();
    try (PackagedOperator operator =
        PackagedOperator.start("a", kubeconfig, folder, chart.environment())) {
      await(
          "the first status",
          operator,
          () ->
              server
                  .client()
                  .resources(ProxmoxCluster.class)
                  .inNamespace(namespace)
                  .list()
                  .getItems()
                  .stream()
                  .allMatch(cluster -> cluster.getStatus() != null));

      double seconds = seconds(start, Instant.now());
      double ofProcessor = operator.processorTime().toMillis() / 1000.0;
      await("Quarkus to tell of its start", operator, () -> !operator.startLine().isEmpty());
      System.out.printf(
          "Start to first reconciliation: %.1f s, in %.1f s of processor time; %s%n",
          seconds,
          ofProcessor,
          operator.startLine().replaceFirst(".*started in", "Quarkus itself"));
    }
  }

  private static boolean isRecovered(String namespace) {
    HaResource guest =
        server.client().resources(HaResource.class).inNamespace(namespace).withName("web").get();
    return !"node1".equals(guest.reported().node()) && isReady(guest);
  }

  private static String scrape(PackagedOperator operator) {
    return operator.get("/q/metrics").orElseThrow();
  }

  /** Documented metrics that are not in the scrape. */
  private static Set<String> missing(String scrape) throws IOException {
    Set<String> missing = new TreeSet<>(MetricNamesTest.series());
    scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> missing.remove(line.replaceFirst("[{ ].*", "")));
    missing.removeIf(name -> !scrape.isEmpty() && isFamilyItself(name, scrape));
    return missing;
  }

  /** Histograms and summaries have no series of their plain name. */
  private static boolean isFamilyItself(String name, String scrape) {
    return scrape.contains("# TYPE " + name + " histogram")
        || scrape.contains("# TYPE " + name + " summary");
  }

  @Test
  void standbyTakesOverWhenTheLeaderIsKilled() throws IOException {
    String namespace = server.newNamespace("leaders");
    ChartInstallation chart =
        ChartInstallation.install(server, helm, "--set", "watch.namespaces={" + namespace + "}");
    Path kubeconfig = chart.kubeconfig(folder);
    try (SimulatedCluster simulator = simulator();
        PackagedOperator first =
            PackagedOperator.start("first", kubeconfig, folder, chart.environment())) {
      awaitHolder("first", first);
      try (PackagedOperator second =
          PackagedOperator.start("second", kubeconfig, folder, chart.environment())) {
        applyExample(simulator.info(), namespace);
        awaitReady(namespace, first);
        assertThat(second.isAlive()).isTrue();

        Instant killed = Instant.now();
        first.kill();
        awaitHolder("second", second);
        Instant leading = Instant.now();
        // Seen by the second one only if it reconciles.
        suspendReplication(namespace);
        await(
            "the second replica to see a change",
            second,
            () ->
                server
                        .client()
                        .resources(ReplicationJob.class)
                        .inNamespace(namespace)
                        .withName("web")
                        .get()
                        .reported()
                        .observedGeneration()
                    >= 2);

        System.out.printf(
            "Leader killed with -9: the other replica led after %.1f s and had reconciled after"
                + " %.1f s.%n",
            seconds(killed, leading), seconds(killed, Instant.now()));
      }
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private static SimulatedCluster simulator() {
    return SimulatedCluster.start(SimulatorOptions.standard().withSpeed(20), Instant.now());
  }

  private static List<HasMetadata> applyExample(SimulatorInfo info, String namespace)
      throws IOException {
    KubernetesClient client = server.client();
    List<HasMetadata> applied = new ArrayList<>();
    for (Path file : files(Path.of("examples", "three-nodes"))) {
      String text = Files.readString(file);
      for (Map.Entry<String, String> value : values(info).entrySet()) {
        text = text.replace(value.getKey(), value.getValue());
      }
      for (HasMetadata object :
          client.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).items()) {
        applied.add(client.resource(object).inNamespace(namespace).create());
      }
    }
    return applied;
  }

  /** The example's placeholders and what this simulator has in their place. */
  private static Map<String, String> values(SimulatorInfo info) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int at = 0; at < info.nodes().size(); at++) {
      values.put(
          String.join(":", Collections.nCopies(32, "" + (at + 1) + (at + 1))),
          info.nodes().get(at).fingerprint());
      values.put("127.0.0.1:" + (8006 + at), info.nodes().get(at).address());
    }
    values.put("127.0.0.1:9106", "127.0.0.1:" + (info.guestPorts() + 100));
    values.put("change-me", info.rootPassword());
    values.put("operator@pve!pveha", info.tokenId());
    values.put("00000000-0000-0000-0000-000000000000", info.tokenSecret());
    return values;
  }

  private static void awaitReady(String namespace, PackagedOperator operator) {
    for (Class<? extends HasMetadata> kind :
        List.of(ProxmoxCluster.class, ZfsPool.class, HaResource.class, ReplicationJob.class)) {
      await(
          kind.getSimpleName() + " to be Ready",
          operator,
          () ->
              server.client().resources(kind).inNamespace(namespace).list().getItems().stream()
                  .allMatch(PackagedOperatorIT::isReady));
    }
  }

  private static boolean isReady(HasMetadata object) {
    return object instanceof CustomResource<?, ?> resource
        && resource.getStatus() instanceof ReportedStatus<?> status
        && status.conditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals(ConditionType.READY.text())
                        && condition.getStatus().equals("True"));
  }

  /** The other way round than they were made; each is gone only when its finalizer is off. */
  private static void delete(
      List<HasMetadata> objects, String namespace, PackagedOperator operator) {
    List<HasMetadata> reversed = new ArrayList<>(objects);
    Collections.reverse(reversed);
    for (HasMetadata object : reversed) {
      if (object instanceof Secret) {
        continue;
      }
      server.client().resource(object).inNamespace(namespace).delete();
      await(
          object.getKind() + " to be gone",
          operator,
          () -> server.client().resource(object).inNamespace(namespace).get() == null);
    }
  }

  private static void suspendReplication(String namespace) {
    server
        .client()
        .resources(ReplicationJob.class)
        .inNamespace(namespace)
        .withName("web")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": true}}");
  }

  private static void awaitHolder(String pod, PackagedOperator operator) {
    await(
        pod + " to lead",
        operator,
        () -> {
          Lease lease =
              server
                  .client()
                  .leases()
                  .inNamespace(ChartInstallation.HOME)
                  .withName("proxmox-ha-operator")
                  .get();
          return lease != null && pod.equals(lease.getSpec().getHolderIdentity());
        });
  }

  private static void await(String what, PackagedOperator operator, Callable<Boolean> until) {
    try {
      Awaitility.await(what)
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(100))
          .failFast("the operator ended", () -> !operator.isAlive())
          .until(until);
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new AssertionError(what + " did not come; the operator's log:\n" + operator.log(), e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(path -> path.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
