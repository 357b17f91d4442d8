package io.pveha.operator.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Readiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.StrandedCount;
import io.pveha.core.failover.LiveCluster;
import io.pveha.core.failover.LiveGuest;
import io.pveha.core.failover.LiveNode;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadinessReportTest {

  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final TreeSet<String> TANK = new TreeSet<>(List.of("tank"));
  private static final Instant SYNCED = Instant.parse("2026-01-05T08:00:00Z");

  @Test
  void listsEachGuestOfSmallCluster() {
    List<Readiness> rows = rows(30, 0, SYNCED);

    assertThat(listed(rows)).hasSize(30);
    assertThat(rows).allMatch(row -> row.guestsNotListed() == null);
  }

  @Test
  void listsStrandedFirstAndCountsAll() {
    List<Readiness> rows = rows(300, 12, SYNCED);

    assertThat(listed(rows)).hasSize(ReadinessReport.MOST_LISTED);
    assertThat(listed(rows))
        .filteredOn(guest -> guest.outcome() == GuestOutcome.STRANDED)
        .hasSize(12)
        .allMatch(guest -> guest.message().contains("Replicate"));
    assertThat(rows)
        .extracting(row -> row.recovered() + row.stranded() + row.unknown())
        .containsExactly(100, 100, 100);
    assertThat(rows.get(0).strandedBecause()).containsExactly(new StrandedCount("NoReplica", 4));
    assertThat(rows)
        .allMatch(
            row -> row.guests().size() + row.guestsNotListed() == row.recovered() + row.stranded());
  }

  @Test
  void listsSomeOfManyStrandedOfEachNode() {
    List<Readiness> rows = rows(300, 300, SYNCED);

    assertThat(listed(rows)).hasSize(ReadinessReport.MOST_LISTED);
    assertThat(rows).allMatch(row -> row.guests().size() >= 10 && row.stranded() == 100);
  }

  @Test
  void saysTheSameAfterSync() {
    assertThat(rows(300, 12, SYNCED)).isEqualTo(rows(300, 12, SYNCED.plusSeconds(900)));
  }

  private static Stream<GuestReadiness> listedOf(List<Readiness> rows) {
    return rows.stream().flatMap(row -> row.guests().stream());
  }

  private static List<GuestReadiness> listed(List<Readiness> rows) {
    return listedOf(rows).toList();
  }

  private static List<Readiness> rows(int guests, int withoutReplica, Instant synced) {
    SortedMap<String, LiveNode> nodes = new TreeMap<>();
    NODES.forEach(
        node ->
            nodes.put(
                node, new LiveNode(true, true, 1, 8, 0, OptionalLong.empty(), Optional.of(TANK))));
    SortedMap<ServiceId, LiveGuest> all = new TreeMap<>();
    for (int i = 0; i < guests; i++) {
      String node = NODES.get(i % NODES.size());
      Map<String, Optional<Instant>> replicas = new TreeMap<>();
      if (i >= withoutReplica) {
        NODES.stream()
            .filter(other -> !other.equals(node))
            .forEach(other -> replicas.put(other, Optional.of(synced)));
      }
      all.put(ServiceId.of("ct:" + (100 + i)), LiveGuest.startedOn(node).withDisks(TANK, replicas));
    }
    LiveCluster cluster =
        new LiveCluster(
            nodes,
            all,
            List.of(),
            SchedulerMode.BASIC,
            0,
            Optional.of("node2"),
            true,
            new TreeSet<>());
    return ReadinessReport.rows(io.pveha.core.failover.Readiness.of(cluster, Optional.empty()));
  }
}
