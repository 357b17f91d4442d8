package io.pveha.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.app.operator.OperatorWiring;
import io.pveha.core.cluster.Upid;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.polling.Pace;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.TaskCalls;
import io.pveha.proxmox.Trust;
import io.pveha.proxmox.rest.NodeConnection;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A simulated Proxmox, a namespace in a real Kubernetes API, and the operator between them. */
final class Stage implements AutoCloseable {

  private static final int MOST_ATTEMPTS = 20;

  static final Pace PACE =
      new Pace(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofSeconds(5));
  static final Duration LIMIT = Duration.ofSeconds(90);

  final SimulatedCluster simulator;
  final KubernetesClient client;
  private final StageApi api;
  final String namespace;
  private final Clock clock = Clock.systemUTC();
  private final List<String> others = new ArrayList<>();
  private OperatorWiring operator;

  Stage(SimulatorOptions options) {
    this(StageApi.get(), options, Instant.now());
  }

  Stage(StageApi api, SimulatorOptions options, Instant start) {
    this.api = api;
    this.client = api.client();
    this.namespace = api.newNamespace();
    this.simulator = SimulatedCluster.start(options, start);
  }

  void startOperator() {
    operator = OperatorWiring.start(client, PACE, clock, Set.of(namespace));
  }

  /** With connections that a test put itself between. */
  void startOperator(UnaryOperator<Connector> between) {
    operator =
        OperatorWiring.start(
            client, PACE, clock, Set.of(namespace), between.apply(OperatorWiring.connector(clock)));
  }

  /** Lets real time pass. */
  void pass(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
  }

  void stopOperator() {
    if (operator != null) {
      operator.close();
      operator = null;
    }
  }

  SimulatorInfo info() {
    return simulator.info();
  }

  void secrets() {
    secret("token", Map.of("tokenId", info().tokenId(), "tokenSecret", info().tokenSecret()));
    secret("root", Map.of("username", "root@pam", "password", info().rootPassword()));
  }

  /** A Secret that the clusters of the stories may use. */
  void secret(String name, Map<String, String> data) {
    secret(name, data, Map.of(ApiNames.SHARED_WITH, "prod,reference,second,z-rival"));
  }

  void secret(String name, Map<String, String> data, Map<String, String> annotations) {
    client
        .resource(
            new SecretBuilder()
                .withMetadata(
                    new ObjectMetaBuilder()
                        .withName(name)
                        .withNamespace(namespace)
                        .withAnnotations(annotations)
                        .build())
                .withStringData(data)
                .build())
        .createOr(existing -> existing.update());
  }

  /** One more namespace with the same Secrets. */
  String otherNamespace() {
    String other = api.newNamespace();
    others.add(other);
    for (String name : List.of("token", "root")) {
      io.fabric8.kubernetes.api.model.Secret secret =
          get(io.fabric8.kubernetes.api.model.Secret.class, name);
      client
          .resource(
              new SecretBuilder()
                  .withMetadata(
                      new ObjectMetaBuilder()
                          .withName(name)
                          .withNamespace(other)
                          .withAnnotations(secret.getMetadata().getAnnotations())
                          .build())
                  .withStringData(secret.getStringData())
                  .withData(secret.getData())
                  .build())
          .create();
    }
    return other;
  }

  /** Asks the first node as its owner would, and waits for the task if it is one. */
  void proxmox(ApiRequest request) {
    SimulatorInfo.Node first = info().nodes().get(0);
    int colon = first.address().lastIndexOf(':');
    ProxmoxApi api =
        new NodeConnection(
            new Endpoint(
                first.address().substring(0, colon),
                Integer.parseInt(first.address().substring(colon + 1)),
                new Trust.Fingerprint(first.fingerprint())),
            new Credentials.ApiToken(info().tokenId(), new Secret(info().tokenSecret())),
            Patience.DEFAULT,
            clock);
    String answer = api.call(request).asText();
    if (Upid.isUpid(answer)) {
      Upid task = new Upid(answer);
      await(answer, () -> new TaskCalls(api).status(task).get(), TaskCalls.TaskStatus::isDone);
    }
  }

  /** Applies a manifest of any of the four kinds. */
  void apply(String yaml) {
    client
        .load(new java.io.ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(this::put);
  }

  /** The same into another namespace. */
  void apply(String yaml, String where) {
    client
        .load(new java.io.ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(item -> client.resource(item).inNamespace(where).create());
  }

  /** Writes over what is there; once more when the operator wrote in between. */
  private void put(HasMetadata item) {
    for (int attempt = 1; ; attempt++) {
      try {
        client.resource(item).inNamespace(namespace).createOr(old -> old.update());
        return;
      } catch (KubernetesClientException conflict) {
        if (conflict.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == MOST_ATTEMPTS) {
          throw conflict;
        }
      }
    }
  }

  String clusterYaml() {
    return clusterYaml("Create", "reference");
  }

  String clusterYaml(String formation, String clusterName) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ProxmoxCluster
    metadata:
      name: reference
    spec:
      formation: %s
      clusterName: %s
      credentialsSecretRef: {name: token}
      formationSecretRef: {name: root}
      nodes:
    %s\
    """
        .formatted(
            formation,
            clusterName,
            info().nodes().stream()
                .map(
                    node ->
                        "    - {name: %s, address: '%s', tlsFingerprint: '%s'}\n"
                            .formatted(node.name(), node.address(), node.fingerprint()))
                .collect(Collectors.joining()));
  }

  String poolYaml() {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ZfsPool
    metadata:
      name: tank
    spec:
      clusterRef: {name: reference}
      poolName: tank
      raidLevel: single
      nodes:
        - {name: node1, disks: [/dev/sdb]}
        - {name: node2, disks: [/dev/sdb]}
        - {name: node3, disks: [/dev/sdb]}
    """;
  }

  String guestYaml() {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: HaResource
    metadata:
      name: web
    spec:
      clusterRef: {name: reference}
      guest:
        kind: CT
        vmid: 100
        create:
          node: node1
          hostname: web
          template: local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst
          storage: tank
          diskGiB: 8
          network:
            - {bridge: vmbr0, ip: dhcp}
      state: started
    """;
  }

  String replicationYaml() {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ReplicationJob
    metadata:
      name: web
    spec:
      clusterRef: {name: reference}
      guest: {vmid: 100}
      targets: {allOthers: true}
      schedule: "*/1"
      rpoSeconds: 120
    """;
  }

  ProxmoxCluster cluster() {
    return get(ProxmoxCluster.class, "reference");
  }

  ZfsPool pool() {
    return get(ZfsPool.class, "tank");
  }

  HaResource guest() {
    return get(HaResource.class, "web");
  }

  ReplicationJob replication() {
    return get(ReplicationJob.class, "web");
  }

  <T extends HasMetadata> T get(Class<T> type, String name) {
    return client.resources(type).inNamespace(namespace).withName(name).get();
  }

  /** Deletes, and waits until the operator let go of it. */
  <T extends HasMetadata> void delete(Class<T> type, String name) {
    client.resources(type).inNamespace(namespace).withName(name).delete();
    await("the end of " + type.getSimpleName(), () -> get(type, name) == null, gone -> gone);
  }

  /** Waits until the condition of the object has this status. */
  void awaitCondition(
      Class<? extends HasMetadata> type, String name, ConditionType condition, String status) {
    await(
        "%s %s %s=%s".formatted(type.getSimpleName(), name, condition, status),
        () -> conditions(get(type, name)),
        all ->
            all.stream()
                .anyMatch(
                    c -> c.getType().equals(condition.text()) && c.getStatus().equals(status)));
  }

  void awaitReason(
      Class<? extends HasMetadata> type, String name, ConditionType condition, String reason) {
    await(
        "%s %s %s because %s".formatted(type.getSimpleName(), name, condition, reason),
        () -> conditions(get(type, name)),
        all ->
            all.stream()
                .anyMatch(
                    c -> c.getType().equals(condition.text()) && c.getReason().equals(reason)));
  }

  <T> void await(String what, java.util.concurrent.Callable<T> question, Predicate<T> answer) {
    Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .until(question, answer);
  }

  static List<Condition> conditions(HasMetadata object) {
    if (object instanceof io.fabric8.kubernetes.client.CustomResource<?, ?> resource
        && resource.getStatus() instanceof ReportedStatus<?> status) {
      return status.conditions();
    }
    return List.of();
  }

  static Condition condition(HasMetadata object, ConditionType type) {
    return conditions(object).stream()
        .filter(c -> c.getType().equals(type.text()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    stopOperator();
    simulator.close();
    others.forEach(api::clear);
    api.clear(namespace);
  }
}
