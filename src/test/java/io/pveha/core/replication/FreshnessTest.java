package io.pveha.core.replication;

import static io.pveha.core.replication.Jobs.NODE1;
import static io.pveha.core.replication.Jobs.NODE2;
import static io.pveha.core.replication.Jobs.NODE3;
import static io.pveha.core.replication.Jobs.NOW;
import static io.pveha.core.replication.Jobs.at;
import static io.pveha.core.replication.Jobs.synced;
import static io.pveha.core.replication.Jobs.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreshnessTest {

  private static final Optional<Duration> RPO = Optional.of(Duration.ofMinutes(2));

  @Test
  void judgesTheFreshestReplica() {
    Jobs both =
        at(
            NODE1,
            synced("100-0", NODE1, NODE2, NOW.minusSeconds(300)),
            synced("100-1", NODE1, NODE3, NOW.minusSeconds(120)));
    Jobs old = at(NODE1, synced("100-0", NODE1, NODE2, NOW.minusSeconds(121)));

    assertThat(of(both).met()).contains(true);
    assertThat(of(old).met()).contains(false);
    assertThat(of(old).finding().reason()).isEqualTo(ConditionReason.RPO_MISSED);
  }

  @Test
  void aJobThatPointsToWhereTheGuestIsHasNoReplica() {
    Jobs moved = at(NODE2, synced("100-0", NODE1, NODE2, NOW));

    assertThat(of(moved).finding().reason()).isEqualTo(ConditionReason.NEVER_SYNCED);
    assertThat(of(moved).finding().message()).contains("from node2, where it is");
  }

  @Test
  void nobodyKnowsWhenTheNodeIsGoneAndNothingWasSaved() {
    Jobs lost = at(NODE1, unknown(synced("100-0", NODE1, NODE2, NOW)));
    lost.members.put(NODE1, false);

    assertThat(of(lost).finding().reason()).isEqualTo(ConditionReason.SYNC_UNKNOWN);
  }

  @Test
  void tellsWhenTheNextReplicaWillBeTooOld() {
    Jobs facts =
        at(
            NODE1,
            synced("100-0", NODE1, NODE2, NOW.minusSeconds(300)),
            synced("100-1", NODE1, NODE3, NOW.minusSeconds(20)));

    Instant miss = Freshness.nextMiss(facts.facts(), RPO, NOW).orElseThrow();

    assertThat(Freshness.of(facts.facts().guests().get(0), facts.facts(), RPO, miss).met())
        .contains(false);
    assertThat(
            Freshness.of(facts.facts().guests().get(0), facts.facts(), RPO, miss.minusMillis(1))
                .met())
        .contains(true);
  }

  @Test
  void whatWasSavedCountsWhileTheJobLeadsToTheSameReplica() {
    RecoveryPoints saved =
        new RecoveryPoints(Map.of("100-0", new RecoveryPoints.Saved(NODE2, NOW, false)));
    RecoveryPoints wentAway =
        new RecoveryPoints(Map.of("100-0", new RecoveryPoints.Saved(NODE2, NOW, true)));

    assertThat(saved.of("100-0", NODE2, false, Optional.empty())).contains(NOW);
    assertThat(saved.of("100-0", NODE2, false, Optional.of(NOW.plusSeconds(5))))
        .contains(NOW.plusSeconds(5));
    assertThat(saved.of("100-0", NODE1, false, Optional.empty())).isEmpty();
    assertThat(saved.of("100-1", NODE2, false, Optional.empty())).isEmpty();
    assertThat(wentAway.of("100-0", NODE2, true, Optional.empty())).contains(NOW);
    assertThat(wentAway.of("100-0", NODE2, false, Optional.empty())).isEmpty();
  }

  @Test
  void aScheduleIsJudgedByItsLongestPause() {
    List<Instant> minutes =
        java.util.stream.IntStream.range(0, 100).mapToObj(m -> NOW.plusSeconds(60L * m)).toList();

    assertThat(ScheduleRuns.longestGap(minutes, List.of())).contains(Duration.ofMinutes(1));
    assertThat(ScheduleRuns.longestGap(minutes, List.of(Duration.ofHours(9))))
        .contains(Duration.ofHours(9));
    assertThat(ScheduleRuns.longestGap(List.of(NOW), List.of())).isEmpty();
    assertThat(ScheduleRuns.momentsToAsk(minutes, NOW)).hasSize(14);
    assertThat(ScheduleRuns.momentsToAsk(List.of(NOW.plus(Duration.ofDays(30))), NOW)).isEmpty();
  }

  private static Freshness of(Jobs facts) {
    return Freshness.worst(facts.facts(), RPO, NOW).orElseThrow();
  }
}
