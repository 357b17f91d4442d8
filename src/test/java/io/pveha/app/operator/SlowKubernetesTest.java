package io.pveha.app.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.app.kube.InProcessApi;
import io.pveha.app.kube.TryOutApi;
import io.pveha.operator.polling.Pace;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Kubernetes API that is slow, or refuses a list, keeps the operator waiting and does not end it.
 */
class SlowKubernetesTest {

  private static final String NAMESPACE = "slow";

  /** More than the 10 s that the client waits for any other request. */
  private static final int SECONDS = 13;

  @TempDir Path folder;

  private volatile boolean refused = true;

  @Test
  void listThatTakesLongIsWaitedFor() {
    UnaryOperator<MockResponse> slow = answer -> answer.setBodyDelay(SECONDS, TimeUnit.SECONDS);
    try (TryOutApi api = api("haresources", slow);
        KubernetesClient client = client(api);
        OperatorWiring operator = start(client)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> operator.lists().areComplete() && isReconciled(client));

      assertThat(client.getConfiguration().getRequestTimeout()).isEqualTo(10_000);
    }
  }

  @Test
  void listThatIsRefusedKeepsAllWaitingUntilItIsGranted() {
    UnaryOperator<MockResponse> forbidden =
        answer ->
            refused
                ? new MockResponse()
                    .setResponseCode(403)
                    .setBody("{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":403}")
                : answer;
    try (TryOutApi api = api("zfspools", forbidden);
        KubernetesClient client = client(api);
        OperatorWiring operator = start(client)) {
      assertThat(operator.lists().areComplete()).isFalse();
      assertThat(operator.lists().missing()).containsExactly("zfspools.pveha.io");
      assertThat(isReconciled(client)).isFalse();

      refused = false;
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> operator.lists().areComplete() && isReconciled(client));
      assertThat(operator.lists().interrupted()).isEmpty();
    }
  }

  @Test
  void watchThatEndsAndCannotBeMadeAnewIsNoticed() {
    TryOutApi api = api("zfspools", answer -> answer);
    try (KubernetesClient client = client(api);
        OperatorWiring operator = start(client)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> operator.lists().areComplete() && isReconciled(client));
      assertThat(operator.lists().interrupted()).isEmpty();

      api.close();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> operator.lists().interrupted().contains("haresources.pveha.io"));
    }
  }

  private TryOutApi api(String kind, UnaryOperator<MockResponse> change) {
    return InProcessApi.start(
        folder,
        store ->
            new Dispatcher() {
              @Override
              public MockResponse dispatch(RecordedRequest request) {
                boolean list =
                    "GET".equals(request.getMethod())
                        && request.getPath().replaceFirst("\\?.*", "").endsWith("/" + kind)
                        && !request.getPath().contains("watch=true");
                MockResponse answer = store.dispatch(request);
                return list ? change.apply(answer) : answer;
              }
            });
  }

  private static KubernetesClient client(TryOutApi api) {
    KubernetesClient client = api.client();
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    String guest =
        """
        apiVersion: pveha.io/v1alpha1
        kind: HaResource
        metadata: {name: web, namespace: slow}
        spec:
          clusterRef: {name: none}
          guest: {kind: CT, vmid: 100}
        """;
    client
        .load(new ByteArrayInputStream(guest.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(item -> client.resource(item).create());
    return client;
  }

  private static OperatorWiring start(KubernetesClient client) {
    return OperatorWiring.start(client, Pace.DEFAULT, Clock.systemUTC(), Set.of(NAMESPACE));
  }

  private static boolean isReconciled(KubernetesClient client) {
    return client
        .resources(HaResource.class)
        .inNamespace(NAMESPACE)
        .withName("web")
        .get()
        .reported()
        .conditions()
        .stream()
        .anyMatch(condition -> "ClusterNotFound".equals(condition.getReason()));
  }
}
