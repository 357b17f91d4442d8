package io.pveha.operator.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.options.MarkOwner;
import io.pveha.core.safety.WriteGrant;
import io.pveha.core.safety.WriteGrounds;
import io.pveha.core.safety.WritePermit;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of all connections only those with a grant send writes, and only while it holds. */
class ClusterAccessTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final NodeName NODE = new NodeName("node1");

  private final List<ApiRequest> sent = new ArrayList<>();
  private final AtomicBoolean leads = new AtomicBoolean(true);
  private final ClusterAccess access = access();

  @ParameterizedTest
  @EnumSource(value = ApiRequest.Method.class, names = "GET", mode = EnumSource.Mode.EXCLUDE)
  void noWriteIsSentWithoutAGrant(ApiRequest.Method method) {
    ApiRequest write = new ApiRequest(method, "/cluster/options", Map.of());

    for (ProxmoxApi api : List.of(access.node(NODE), access.root(NODE))) {
      assertThatThrownBy(() -> api.call(write)).isInstanceOf(NotPermitted.class);
    }
    assertThat(sent).isEmpty();
  }

  @Test
  void everybodyMayAsk() {
    access.node(NODE).call(ApiRequest.get("/version"));
    access.root(NODE).call(ApiRequest.get("/version"));

    assertThat(sent).hasSize(2);
  }

  @Test
  void aGrantSendsWritesWhileItHolds() {
    WriteGrant grant = grant();
    ProxmoxApi api = access.node(NODE, grant);
    api.call(ApiRequest.put("/cluster/options"));
    assertThat(sent).hasSize(1);

    leads.set(false);
    assertThatThrownBy(() -> api.call(ApiRequest.put("/cluster/options")))
        .isInstanceOf(NotPermitted.class)
        .hasMessageContaining("Lease");
    api.call(ApiRequest.get("/version"));
    assertThat(sent).hasSize(2);
  }

  private WriteGrant grant() {
    WriteGrounds grounds = WriteGrounds.forming(Optional.empty(), NOW);
    return new WritePermit(false, grounds, () -> Optional.of(grounds), () -> true, leads::get)
        .grant(new MarkOwner("ns/prod"), () -> NOW);
  }

  private ClusterAccess access() {
    ProxmoxCluster cluster =
        Serialization.unmarshal(
            """
            apiVersion: pveha.io/v1alpha1
            kind: ProxmoxCluster
            metadata: {name: prod}
            spec:
              formation: Adopt
              clusterName: prod
              credentialsSecretRef: {name: token}
              nodes: [{name: node1, address: 10.0.0.1}]
            """,
            ProxmoxCluster.class);
    return new ClusterAccess(
        cluster.getSpec(),
        new ClusterLogin(
            Optional.empty(),
            Optional.of(new Credentials.ApiToken("operator@pve!pveha", new Secret("secret"))),
            Optional.of(new Credentials.Login("root@pam", new Secret("secret"))),
            new Trust.SystemAuthorities()),
        Map.of(),
        (endpoint, credentials) ->
            request -> {
              sent.add(request);
              return CompletableFuture.completedStage(NullNode.getInstance());
            });
  }
}
