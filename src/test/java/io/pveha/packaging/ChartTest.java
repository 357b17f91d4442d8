package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Helm chart renders. */
class ChartTest {

  private static Helm helm;

  @BeforeAll
  static void find() {
    helm = Helm.orSkip("what the chart renders");
  }

  @Test
  void definitionsAreThoseOfTheProject() throws IOException {
    for (Path file : crds()) {
      CommittedFile.isUpToDate(
          Helm.CHART.resolve("files/crds").resolve(file.getFileName()), Files.readString(file));
    }
    try (Stream<Path> copies = Files.list(Helm.CHART.resolve("files/crds"))) {
      assertThat(copies.map(Path::getFileName))
          .containsExactlyInAnyOrderElementsOf(crds().stream().map(Path::getFileName).toList());
    }
  }

  @Test
  void versionIsThatOfTheProject() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");

    JsonNode chart = Helm.objects(Files.readString(Helm.CHART.resolve("Chart.yaml"))).get(0);

    assertThat(chart.path("version").asText()).isEqualTo(version);
    assertThat(chart.path("appVersion").asText()).isEqualTo(version);
  }

  /** For {@code kubectl apply} without helm: all namespaces, since it can't know which. */
  @Test
  void plainManifestIsWhatTheChartRenders() throws IOException {
    String header =
        """
        # Everything for kubectl apply, rendered from helm/proxmox-ha-operator with
        # watch.clusterWide=true. The image is proxmox-ha-operator: put the name of yours in its place.
        apiVersion: v1
        kind: Namespace
        metadata:
          name: proxmox-ha-system
        """;

    String rendered = helm.render("--set", "watch.clusterWide=true");

    CommittedFile.isUpToDate(Path.of("helm", "install.yaml"), header + rendered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicas=2",
        "watch.clusterWide=true",
        "watch.namespaces={a,b}",
        "simulator.enabled=true",
        "antiAffinity=hard,replicas=3",
        "networkPolicy.fencingCidrs={10.0.0.0/8},networkPolicy.guestCidrs={10.1.0.0/16}",
        "metrics.serviceMonitor.enabled=true,networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.a=b,metrics.prometheusRule.enabled=true,metrics.dashboard.enabled=true"
      })
  void lintFindsNothing(String values) {
    Helm.Outcome outcome = helm.lint("--set", values);

    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicas=-1",
        "replica=3",
        "watch.clusterWide=true,watch.namespaces={a}",
        "watch.namespaces={Not_A_Name}",
        "image.repository=",
        "antiAffinity=maybe",
        "networkPolicy.proxmoxCidrs={everywhere}",
        "networkPolicy.apiServerPorts={0}",
        "networkPolicy.dnsPorts={}",
        "metrics.serviceMonitor.enabled=true",
        "simulator.pveVersion=7",
        "simulator.enabled=true,watch.namespaces={elsewhere}"
      })
  void wrongValuesAreRefused(String values) {
    assertThat(helm.tryToRender("--set", values).status()).isNotZero();
  }

  @Test
  void operatorRunsWithoutPrivileges() {
    JsonNode pod =
        one("Deployment", "proxmox-ha-operator", helm.render()).at("/spec/template/spec");

    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    for (JsonNode container : pod.path("containers")) {
      JsonNode security = container.path("securityContext");
      assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    }
  }

  @Test
  void networkPolicyLetsNobodyInAndNothingOutThatIsNotNeeded() {
    JsonNode policy = policy();

    assertThat(policy.path("policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
    assertThat(policy.path("ingress")).isEmpty();
    assertThat(rules(policy))
        .containsExactly(
            "53,53 -> k8s-app=kube-dns,169.254.20.10/32",
            "443,6443 -> 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7",
            "8006 -> anywhere");
    assertThat(policy.toString()).doesNotContain("0.0.0.0/0", "::/0");
  }

  @Test
  void networkPolicyOpensWhatValuesNameAndNothingElse() {
    JsonNode policy =
        policy(
            "--set",
            "networkPolicy.proxmoxCidrs={192.0.2.0/24},networkPolicy.proxmoxPorts={8006,8007}",
            "--set",
            "networkPolicy.apiServerCidrs={198.51.100.7/32},networkPolicy.apiServerPorts={16443}",
            "--set",
            "networkPolicy.guestCidrs={203.0.113.0/24},networkPolicy.fencingCidrs={10.9.0.0/16}",
            "--set",
            "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.team=monitoring");

    assertThat(rules(policy))
        .containsExactly(
            "53,53 -> k8s-app=kube-dns,169.254.20.10/32",
            "16443 -> 198.51.100.7/32",
            "8006,8007 -> 192.0.2.0/24",
            "1 -> 203.0.113.0/24",
            "22,23,80,161,443,623 -> 10.9.0.0/16");
    assertThat(policy.path("ingress")).hasSize(1);
    assertThat(policy.at("/ingress/0/ports").toString()).contains("http");
    assertThat(policy.at("/ingress/0/from/0/namespaceSelector/matchLabels/team").asText())
        .isEqualTo("monitoring");
  }

  @Test
  void aMonitorThatNobodyLetsInIsRefusedWithTheValueToWrite() {
    assertThat(helm.tryToRender("--set", "metrics.serviceMonitor.enabled=true").err())
        .contains("networkPolicy.metricsFrom");
  }

  private static JsonNode policy(String... options) {
    return one("NetworkPolicy", "proxmox-ha-operator", helm.render(options)).path("spec");
  }

  /** Each rule of egress: ports, and who may be spoken to. */
  private static List<String> rules(JsonNode policy) {
    return StreamSupport.stream(policy.path("egress").spliterator(), false)
        .map(
            rule ->
                "%s -> %s"
                    .formatted(
                        StreamSupport.stream(rule.path("ports").spliterator(), false)
                            .map(port -> port.path("port").asText())
                            .collect(Collectors.joining(",")),
                        rule.has("to")
                            ? StreamSupport.stream(rule.path("to").spliterator(), false)
                                .map(ChartTest::peer)
                                .collect(Collectors.joining(","))
                            : "anywhere"))
        .toList();
  }

  private static String peer(JsonNode peer) {
    return peer.has("ipBlock")
        ? peer.at("/ipBlock/cidr").asText()
        : "k8s-app=" + peer.at("/podSelector/matchLabels/k8s-app").asText();
  }

  @Test
  void twoReplicasKeepApartAndOneAlwaysStays() {
    List<JsonNode> objects = Helm.objects(helm.render());

    JsonNode spec = one("Deployment", "proxmox-ha-operator", objects).path("spec");
    assertThat(spec.path("replicas").asInt()).isEqualTo(2);
    assertThat(spec.at("/template/spec/affinity/podAntiAffinity").isObject()).isTrue();
    assertThat(
            one("PodDisruptionBudget", "proxmox-ha-operator", objects)
                .at("/spec/minAvailable")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void operatorMayDoInItsNamespacesOnlyWhatItNeeds() {
    List<JsonNode> objects = Helm.objects(helm.render("--set", "watch.namespaces={a,b}"));

    assertThat(namespacesOf("Role", "proxmox-ha-operator", objects)).containsExactly("a", "b");
    assertThat(objects)
        .filteredOn(object -> object.path("kind").asText().equals("ClusterRoleBinding"))
        .isEmpty();
    JsonNode role = one("Role", "proxmox-ha-operator", objects);
    assertThat(verbs(role, "secrets")).containsExactlyInAnyOrder("get", "list", "watch");
    assertThat(verbs(role, "configmaps")).containsExactlyInAnyOrder("get", "list", "watch");
    assertThat(verbs(role, "haresources")).doesNotContain("create", "delete", "*");
    assertThat(role.toString()).doesNotContain("\"*\"");
  }

  @Test
  void definitionsStayWhenTheChartIsUninstalled() {
    assertThat(Helm.objects(helm.render()))
        .filteredOn(object -> object.path("kind").asText().equals("CustomResourceDefinition"))
        .hasSize(4)
        .allSatisfy(
            object ->
                assertThat(object.at("/metadata/annotations/helm.sh~1resource-policy").asText())
                    .isEqualTo("keep"));
  }

  @Test
  void everyValueIsInTheSchema() throws IOException {
    JsonNode values = Helm.objects(Files.readString(Helm.CHART.resolve("values.yaml"))).get(0);
    JsonNode schema =
        Helm.objects(Files.readString(Helm.CHART.resolve("values.schema.json"))).get(0);

    Set<String> known = names(schema.path("properties"));

    assertThat(known).containsAll(names(values));
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<Path> crds() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("crds"))) {
      return files.sorted().toList();
    }
  }

  private static Set<String> namespacesOf(String kind, String name, List<JsonNode> objects) {
    return objects.stream()
        .filter(object -> is(object, kind, name))
        .map(object -> object.at("/metadata/namespace").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> verbs(JsonNode role, String resource) {
    return StreamSupport.stream(role.path("rules").spliterator(), false)
        .filter(rule -> rule.path("resources").toString().contains("\"" + resource + "\""))
        .flatMap(rule -> StreamSupport.stream(rule.path("verbs").spliterator(), false))
        .map(JsonNode::asText)
        .toList();
  }

  private static JsonNode one(String kind, String name, String rendered) {
    return one(kind, name, Helm.objects(rendered));
  }

  private static JsonNode one(String kind, String name, List<JsonNode> objects) {
    return objects.stream()
        .filter(object -> is(object, kind, name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private static boolean is(JsonNode object, String kind, String name) {
    return object.path("kind").asText().equals(kind)
        && object.at("/metadata/name").asText().equals(name);
  }
}
