package io.pveha.proxmox;

import static io.pveha.proxmox.SimulatedNodes.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.contract.ApiSchema;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.ClusterSnapshot;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolName;
import io.pveha.core.cluster.StorageId;
import io.pveha.simulator.faults.Faults;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot of a simulated cluster, and how it ages when nodes fall silent. */
class SnapshotReaderTest {

  private static final Executor ONE_BY_ONE = Runnable::run;
  private static final Duration OLDEST = Duration.ofSeconds(10);
  private static final NodeName LOST = name(3);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void readsAllFactsByValidCalls(String release) {
    Path record = folder.resolve("traffic.jsonl");
    try (SimulatedNodes nodes = SimulatedNodes.start(release, false, Optional.of(record))) {
      nodes.pass(Duration.ofSeconds(30));
      ClusterSnapshot seen = everything(nodes, ClusterSnapshot.EMPTY);
      Instant now = nodes.clock().instant();
      assertThat(seen.isQuorate(OLDEST, now)).isEqualTo(Belief.YES);
      assertThat(seen.online(OLDEST, now)).containsExactly(name(1), name(2), name(3));
      assertThat(seen.storage(new StorageId("tank")).orElseThrow().isFor(name(2))).isTrue();
      assertThat(seen.poolOn(name(2), new PoolName("tank")).orElseThrow().isOnline()).isTrue();
      assertThat(seen.ha().value()).isPresent();
      assertThat(seen.quorumDevice().value()).hasValue(Optional.empty());
      for (int number = 1; number <= 3; number++) {
        NodeFacts facts = seen.node(name(number));
        assertThat(facts.version().value().orElseThrow()).startsWith(release.substring(0, 1));
        assertThat(facts.disks().value().orElseThrow()).isNotEmpty();
        assertThat(facts.clock().value().orElseThrow().aheadSeconds()).isZero();
        assertThat(facts.load().value().orElseThrow().memoryBytes()).isPositive();
        assertThat(facts.certificates().value().orElseThrow()).isNotEmpty();
        assertThat(facts.services().value().orElseThrow())
            .anyMatch(service -> service.name().equals("corosync") && service.running());
        assertThat(facts.links().value().orElseThrow()).isNotEmpty();
        assertThat(facts.runs().value()).isPresent();
        assertThat(facts.storages().value().orElseThrow())
            .anyMatch(storage -> storage.id().equals(new StorageId("tank")) && storage.active());
      }
    }
    assertThat(ApiSchema.of(release).errorsIn(record)).isEmpty();
  }

  @Test
  void believesALossOnlyWhenMembersTellAndKeepsWhatItKnew() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      nodes.pass(Duration.ofSeconds(30));
      ClusterSnapshot before = everything(nodes, ClusterSnapshot.EMPTY);
      nodes.simulated().faults().network("node3", Faults.Direction.BOTH, false);
      nodes.simulated().adapt();
      ClusterSnapshot atOnce = reader(nodes).fast(before);
      assertThat(atOnce.probes().get(LOST).isAnswering()).isFalse();
      assertThat(atOnce.isOnline(LOST, OLDEST, nodes.clock().instant())).isEqualTo(Belief.YES);
      nodes.pass(Duration.ofSeconds(12));
      ClusterSnapshot after = everything(nodes, atOnce);
      Instant now = nodes.clock().instant();
      assertThat(after.isOnline(LOST, OLDEST, now)).isEqualTo(Belief.NO);
      assertThat(after.isQuorate(OLDEST, now)).isEqualTo(Belief.YES);
      assertThat(after.node(LOST).pools().value()).isEqualTo(before.node(LOST).pools().value());
      assertThat(after.node(LOST).pools().isWithin(OLDEST, now)).isFalse();
      assertThat(after.node(name(1)).pools().isWithin(OLDEST, now)).isTrue();
    }
  }

  @Test
  void leavesASilentNodeAloneForLongerAndLonger() {
    List<ApiRequest> asked = new ArrayList<>();
    MovableClock clock = new MovableClock();
    ProxmoxApi silent =
        request -> {
          asked.add(request);
          throw new ProxmoxFailure.Unreachable("away");
        };
    SnapshotReader reader = new SnapshotReader(Map.of(LOST, silent), ONE_BY_ONE, clock);
    ClusterSnapshot seen = ClusterSnapshot.EMPTY;
    for (int second = 0; second < 120; second++) {
      seen = reader.slow(reader.fast(seen));
      clock.pass(Duration.ofSeconds(1));
    }
    // At 0, 2, 6, 14, 30, 60 and 90 s.
    assertThat(asked).hasSize(7).allMatch(request -> request.path().equals("/cluster/status"));
    assertThat(seen.probes().get(LOST).failures()).isEqualTo(7);
  }

  @Test
  void losesOneFactOnlyWhenOnePrivilegeIsMissing() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      UnaryOperator<ProxmoxApi> withoutServices =
          api ->
              request -> {
                if (request.path().endsWith("/services")) {
                  throw new ProxmoxFailure.Forbidden(
                      "Permission check failed (/nodes/node1, Sys.Audit)");
                }
                return api.call(request);
              };
      SnapshotReader reader = reader(nodes, withoutServices);
      NodeFacts facts = reader.slow(reader.fast(ClusterSnapshot.EMPTY)).node(name(1));
      assertThat(facts.services().value()).isEmpty();
      assertThat(facts.services().problem().orElseThrow().text()).contains("Sys.Audit");
      assertThat(facts.links().value()).isPresent();
    }
  }

  @Test
  void stopsAskingANodeThatFallsSilentInTheMiddle() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      List<String> silent = Collections.synchronizedList(new ArrayList<>());
      UnaryOperator<ProxmoxApi> dying =
          api ->
              request -> {
                if (request.path().startsWith("/nodes/node2/")) {
                  silent.add(request.path());
                  throw new ProxmoxFailure.Unreachable("away");
                }
                return api.call(request);
              };
      SnapshotReader reader = reader(nodes, dying);
      ClusterSnapshot seen = reader.slow(reader.fast(ClusterSnapshot.EMPTY));
      assertThat(silent).hasSize(1);
      assertThat(seen.node(name(2)).links().problem()).isPresent();
      assertThat(seen.node(name(1)).links().value()).isPresent();
    }
  }

  @Test
  void asksAMemberAboutANodeThatOnlyWeCannotReach() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      ClusterSnapshot first = everything(nodes, ClusterSnapshot.EMPTY);
      Map<NodeName, ProxmoxApi> apis = apis(nodes, api -> api);
      apis.put(
          LOST,
          request -> {
            throw new ProxmoxFailure.Unreachable("firewall");
          });
      SnapshotReader reader = new SnapshotReader(apis, ONE_BY_ONE, nodes.clock());
      ClusterSnapshot seen = reader.slow(reader.fast(first));
      assertThat(seen.probes().get(LOST).isAnswering()).isFalse();
      assertThat(seen.isOnline(LOST, OLDEST, nodes.clock().instant())).isEqualTo(Belief.YES);
      assertThat(seen.node(LOST).load().by()).hasValue(name(1));
      assertThat(seen.node(LOST).load().problem()).isEmpty();
    }
  }

  private static ClusterSnapshot everything(SimulatedNodes nodes, ClusterSnapshot old) {
    SnapshotReader reader = reader(nodes);
    return reader.disks(reader.slow(reader.fast(old)));
  }

  private static SnapshotReader reader(SimulatedNodes nodes) {
    return reader(nodes, api -> api);
  }

  private static SnapshotReader reader(SimulatedNodes nodes, UnaryOperator<ProxmoxApi> between) {
    return new SnapshotReader(apis(nodes, between), ONE_BY_ONE, nodes.clock());
  }

  private static Map<NodeName, ProxmoxApi> apis(
      SimulatedNodes nodes, UnaryOperator<ProxmoxApi> between) {
    Map<NodeName, ProxmoxApi> apis = new TreeMap<>();
    nodes
        .simulated()
        .info()
        .nodes()
        .forEach(
            node ->
                apis.put(new NodeName(node.name()), between.apply(nodes.operator(node.name()))));
    return apis;
  }
}
