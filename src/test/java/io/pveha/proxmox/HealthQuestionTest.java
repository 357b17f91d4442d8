package io.pveha.proxmox;

import static io.pveha.proxmox.SimulatedNodes.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.contract.ApiSchema;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.StorageId;
import io.pveha.simulator.faults.Faults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What simulated nodes tell of their health, and what becomes of it when they fall silent. */
class HealthQuestionTest {

  private static final NodeName NODE = name(2);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void readsAllFactsByValidCalls(String release) {
    Path record = folder.resolve("traffic.jsonl");
    try (SimulatedNodes nodes = SimulatedNodes.start(release, false, Optional.of(record))) {
      nodes.pass(Duration.ofSeconds(30));

      NodeFacts facts = everything(nodes, nodes.operator("node2"), NODE, NodeFacts.UNKNOWN);

      assertThat(facts.pools().value().orElseThrow()).anyMatch(NodeFacts.Pool::isOnline);
      assertThat(facts.disks().value().orElseThrow()).anyMatch(NodeFacts.Disk::inUse);
      assertThat(facts.clock().value().orElseThrow().aheadMillis()).isLessThan(1000);
      assertThat(facts.load().value().orElseThrow().memoryBytes()).isPositive();
      assertThat(facts.certificates().value().orElseThrow()).isNotEmpty();
      assertThat(facts.services().value().orElseThrow())
          .anyMatch(service -> service.name().equals("corosync") && service.running());
      assertThat(facts.links().value().orElseThrow()).anyMatch(NodeFacts.Link::active);
      assertThat(facts.storages().value().orElseThrow())
          .contains(new NodeFacts.Storage(new StorageId("tank"), true, true, Belief.YES, true));
    }
    assertThat(ApiSchema.of(release).errorsIn(record)).isEmpty();
  }

  @Test
  void remembersThatAStorageWasActive() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      NodeFacts before = everything(nodes, nodes.operator("node2"), NODE, NodeFacts.UNKNOWN);

      nodes.simulated().faults().storage("node2", "tank", false);
      NodeFacts after = everything(nodes, nodes.operator("node2"), NODE, before);

      assertThat(after.storages().value().orElseThrow())
          .contains(new NodeFacts.Storage(new StorageId("tank"), true, true, Belief.NO, true));
    }
  }

  @Test
  void keepsWhatItKnewOfANodeThatFallsSilent() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      NodeFacts before = everything(nodes, nodes.operator("node2"), NODE, NodeFacts.UNKNOWN);

      nodes.simulated().faults().network("node2", Faults.Direction.BOTH, false);
      nodes.simulated().adapt();
      NodeFacts after =
          HealthQuestion.POOLS
              .query(NODE, NODE, nodes.operator("node2"), nodes.clock())
              .get()
              .apply(before);

      assertThat(after.pools().value()).isEqualTo(before.pools().value());
      assertThat(after.pools().at()).isEqualTo(before.pools().at());
      assertThat(after.pools().problem()).isPresent();
      assertThat(after.services()).isEqualTo(before.services());
    }
  }

  @Test
  void losesOneFactOnlyWhenOnePrivilegeIsMissing() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      ProxmoxApi withoutServices =
          request ->
              request.path().endsWith("/services")
                  ? CompletableFuture.failedStage(
                      new ProxmoxFailure.Forbidden("Permission check failed (/nodes, Sys.Audit)"))
                  : nodes.operator("node2").ask(request);

      NodeFacts facts = everything(nodes, withoutServices, NODE, NodeFacts.UNKNOWN);

      assertThat(facts.services().value()).isEmpty();
      assertThat(facts.services().problem().orElseThrow().text()).contains("Sys.Audit");
      assertThat(facts.links().value()).isPresent();
    }
  }

  @Test
  void aMemberTellsOfANodeThatOnlyWeCannotReach() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      NodeFacts facts = everything(nodes, nodes.operator("node1"), name(1), NodeFacts.UNKNOWN);

      assertThat(facts.load().by()).hasValue(name(1));
      assertThat(facts.load().problem()).isEmpty();
    }
  }

  private static NodeFacts everything(
      SimulatedNodes nodes, ProxmoxApi api, NodeName speaker, NodeFacts known) {
    NodeFacts facts = known;
    for (HealthQuestion question : HealthQuestion.values()) {
      facts = question.query(NODE, speaker, api, nodes.clock()).get().apply(facts);
    }
    return facts;
  }
}
