package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real API server takes what the chart renders, with unknown fields refused. */
class ChartOnRealApiServerTest {

  /** Kinds that only the Prometheus operator brings. */
  private static final Set<String> FOREIGN = Set.of("ServiceMonitor", "PrometheusRule");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static RealApiServer server;
  private static Helm helm;

  @BeforeAll
  static void start() {
    helm = Helm.orSkip("whether an API server takes what the chart renders");
    server = RealApiServer.orSkip("whether it takes what the chart renders");
    for (String name : List.of("proxmox-ha-system", "proxmox-a")) {
      server
          .client()
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .serverSideApply();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicas=2",
        "watch.clusterWide=true",
        "watch.namespaces={proxmox-a}",
        "simulator.enabled=true",
        "antiAffinity=hard",
        "networkPolicy.fencingCidrs={10.0.0.0/8}",
        "metrics.serviceMonitor.enabled=true,networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.a=b,metrics.prometheusRule.enabled=true,metrics.dashboard.enabled=true"
      })
  void apiServerTakesWhatIsRendered(String values) throws IOException {
    takes(helm.render("--set", values));
  }

  @Test
  void apiServerTakesThePlainManifest() throws IOException {
    takes(Files.readString(Path.of("helm", "install.yaml")));
  }

  @Test
  void apiServerTakesTheManifestsForGitOps() throws IOException {
    for (String file : List.of("cluster", "pool", "guest", "replication")) {
      takes(Files.readString(Path.of("examples", "gitops", "cluster", file + ".yaml")));
    }
  }

  /** Applied really, since a dry run of a binding does not look whether its role exists. */
  private static void takes(String yaml) throws JsonProcessingException {
    KubernetesClient client = server.client();
    for (JsonNode object : Helm.objects(yaml)) {
      if (FOREIGN.contains(object.path("kind").asText())) {
        continue;
      }
      GenericKubernetesResource resource =
          JSON.treeToValue(object, GenericKubernetesResource.class);
      if (resource.getApiVersion().startsWith("pveha.io")) {
        resource.getMetadata().setNamespace("proxmox-a");
      }

      GenericKubernetesResource taken =
          ((Resource<GenericKubernetesResource>)
                  client.resource(resource).fieldValidation(FieldValidateable.Validation.STRICT))
              .forceConflicts()
              .serverSideApply();

      assertThat(taken.getMetadata().getUid()).isNotEmpty();
    }
  }
}
