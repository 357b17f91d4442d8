package io.pveha.packaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** What the chart installs, without what would need a kubelet: rights, account and environment. */
final class ChartInstallation {

  /** Where the operator is installed. */
  static final String HOME = "proxmox-ha-system";

  private static final Set<String> NOT_WITHOUT_KUBELET =
      Set.of("Deployment", "CustomResourceDefinition", "ServiceMonitor", "PrometheusRule");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient admin;
  private final Map<String, String> environment = new HashMap<>();

  private ChartInstallation(KubernetesClient admin) {
    this.admin = admin;
  }

  /** Installs what is rendered with these values. */
  static ChartInstallation install(RealApiServer server, Helm helm, String... options)
      throws JsonProcessingException {
    ChartInstallation installation = new ChartInstallation(server.client());
    installation
        .admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(HOME).endMetadata().build())
        .serverSideApply();
    for (JsonNode object : Helm.objects(helm.render(options))) {
      String kind = object.path("kind").asText();
      if (kind.equals("Deployment")) {
        installation.readEnvironment(object);
      }
      if (!NOT_WITHOUT_KUBELET.contains(kind)) {
        installation
            .admin
            .resource(JSON.treeToValue(object, GenericKubernetesResource.class))
            .forceConflicts()
            .serverSideApply();
      }
    }
    return installation;
  }

  private void readEnvironment(JsonNode deployment) {
    JsonNode variables = deployment.at("/spec/template/spec/containers/0/env");
    StreamSupport.stream(variables.spliterator(), false)
        .filter(variable -> variable.has("value"))
        .forEach(
            variable ->
                environment.put(variable.path("name").asText(), variable.path("value").asText()));
    environment.put("KUBERNETES_NAMESPACE", HOME);
  }

  /** What the chart puts into the environment of the operator. */
  Map<String, String> environment() {
    return environment;
  }

  /** A kubeconfig with a token of the chart's own service account. */
  Path kubeconfig(Path folder) throws IOException {
    return kubeconfig(admin, HOME, folder);
  }

  /** The same for a release in another namespace. */
  static Path kubeconfig(KubernetesClient admin, String namespace, Path folder) throws IOException {
    String token =
        admin
            .serviceAccounts()
            .inNamespace(namespace)
            .withName("proxmox-ha-operator")
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    return Files.writeString(
        folder.resolve("operator.kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: "%s"}}]
        current-context: x
        """
            .formatted(admin.getMasterUrl(), token, namespace));
  }
}
