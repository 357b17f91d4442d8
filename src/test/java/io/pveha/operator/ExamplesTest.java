package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Each folder of examples, applied with the addresses and secrets of a simulated cluster in place
 * of its own, ends Ready.
 */
class ExamplesTest {

  /** A placement that follows replicas is written twice, two minutes apart. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Stream.of(ProxmoxCluster.class, ZfsPool.class, ReplicationJob.class, HaResource.class)
          .collect(Collectors.toMap(Class::getSimpleName, kind -> kind));

  private static final Pattern NODE =
      Pattern.compile("- name: (\\w+)\\n +address: \\S+\\n(?: +tlsFingerprint: \\S+\\n)?");

  @Test
  void threeBareNodes() throws IOException {
    try (Stage stage = new Stage(SimulatorOptions.standard().withSpeed(20))) {
      endsReady(stage, Map.of(), "three-nodes");
    }
  }

  @Test
  void nodesAtTwoSites() throws IOException {
    try (Stage stage = new Stage(SimulatorOptions.standard().withNodes(4).withSpeed(20))) {
      endsReady(stage, Map.of(), "stretched-site");
    }
  }

  @Test
  void clusterOfProxmox8() throws IOException {
    try (Stage stage = formed(PveVersion.V8_3)) {
      machine(stage, 9000);
      endsReady(stage, Map.of("clusterName: older", "clusterName: simulated"), "pve8");
    }
  }

  @Test
  void clusterThatIsOnlyObserved() throws IOException {
    try (Stage stage = formed(PveVersion.V9_1)) {
      machine(stage, 200);
      endsReady(
          stage,
          Map.of(
              "clusterName: prod", "clusterName: simulated",
              "poolName: guests", "poolName: tank",
              "raidLevel: mirror", "raidLevel: single",
              "count: 2", "count: 1",
              "name: pve", "name: node"),
          "adopt");
    }
  }

  @Test
  void clusterOfAGitRepository() throws IOException {
    try (Stage stage = formed(PveVersion.V9_1)) {
      stage.secret(
          "prod-token",
          Map.of("tokenId", stage.info().tokenId(), "tokenSecret", stage.info().tokenSecret()));
      stage.secret("prod-ca", Map.of("ca.crt", "not needed beside fingerprints"));
      endsReady(
          stage,
          Map.of(
              "clusterName: prod", "clusterName: simulated",
              "raidLevel: mirror", "raidLevel: single",
              "count: 2", "count: 1",
              "name: pve", "name: node",
              "http://192.0.2.100/", "http://127.0.0.1:" + stage.simulator.guestPort(100)),
          "gitops/cluster");
    }
  }

  private static Stage formed(PveVersion version) {
    return new Stage(
        SimulatorOptions.standard().withBare(false).withVersion(version).withSpeed(20));
  }

  private static void machine(Stage stage, int vmid) {
    stage.proxmox(ApiRequest.post("/nodes/node1/qemu").with("vmid", vmid).with("scsi0", "tank:8"));
  }

  private static void endsReady(Stage stage, Map<String, String> values, String folder)
      throws IOException {
    List<HasMetadata> applied = new ArrayList<>();
    for (Path file : files(Path.of("examples").resolve(folder))) {
      String text = Files.readString(file);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace(value.getKey(), value.getValue());
      }
      byte[] yaml = withNodesOf(stage.info(), text).getBytes(StandardCharsets.UTF_8);
      stage.client.load(new ByteArrayInputStream(yaml)).items().stream()
          .filter(object -> !object.getKind().equals("Kustomization"))
          .forEach(
              object ->
                  applied.add(stage.client.resource(object).inNamespace(stage.namespace).create()));
    }

    stage.startOperator();

    assertThat(applied).isNotEmpty();
    for (HasMetadata object : applied) {
      if (KINDS.containsKey(object.getKind())) {
        awaitReady(stage, KINDS.get(object.getKind()), object.getMetadata().getName());
      }
    }
  }

  private static void awaitReady(Stage stage, Class<? extends HasMetadata> kind, String name) {
    Awaitility.await(kind.getSimpleName() + " " + name + " Ready")
        .atMost(LIMIT)
        .until(
            () -> Stage.conditions(stage.get(kind, name)),
            conditions ->
                conditions.stream()
                    .anyMatch(
                        c ->
                            c.getType().equals(ConditionType.READY.text())
                                && c.getStatus().equals("True")));
  }

  /** Addresses and certificates are those of the simulator, whatever the example trusts. */
  private static String withNodesOf(SimulatorInfo info, String text) {
    Matcher node = NODE.matcher(text);
    int[] at = {0};
    String placed =
        node.replaceAll(
            match -> {
              SimulatorInfo.Node real = info.nodes().get(at[0]++);
              return "- name: %s\n      address: '%s'\n      tlsFingerprint: %s\n"
                  .formatted(real.name(), real.address(), real.fingerprint());
            });
    return placed
        .replace("change-me", info.rootPassword())
        .replace("operator@pve!pveha", info.tokenId())
        .replace("00000000-0000-0000-0000-000000000000", info.tokenSecret());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
