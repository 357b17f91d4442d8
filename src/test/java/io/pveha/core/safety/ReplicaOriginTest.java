package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaOriginTest {

  private static final Instant SYNC = Instant.parse("2026-01-05T08:00:00Z");
  private static final Map<String, Long> ONE = Map.of("tank:vm-100-disk-0", 4L);
  private static final Map<String, Long> TWO = Map.of("tank:vm-100-disk-0", 8L, "tank:b", 1L);

  @Test
  void isProvenByARunFromHereAndByDisksThatMatch() {
    assertThat(doubt(SYNC, null, ONE, ONE)).isEmpty();
    assertThat(doubt(SYNC, null, TWO, ONE)).as("grown, and one more").isEmpty();
    assertThat(doubt(SYNC, SYNC.minusSeconds(1), ONE, ONE)).as("missing before").isEmpty();
  }

  @Test
  void isNotProvenByAnythingLess() {
    assertThat(doubt(null, null, ONE, ONE)).get().asString().contains("no run has succeeded");
    assertThat(doubt(SYNC, SYNC, ONE, ONE)).get().asString().contains("was not listed at");
    assertThat(doubt(SYNC, SYNC.plusSeconds(1), ONE, ONE)).isPresent();
    assertThat(
            ReplicaOrigin.doubt(
                Optional.of(SYNC),
                Optional.of(new ListGap(SYNC.minusSeconds(999), Optional.empty())),
                ONE,
                ONE))
        .get()
        .asString()
        .contains("the clock of its node is not known");
    assertThat(doubt(SYNC, null, Map.of(), ONE)).contains("the disks of the guest are not listed");
    assertThat(doubt(SYNC, null, ONE, Map.of()))
        .contains("the disks of the replica are not listed");
    assertThat(doubt(SYNC, null, ONE, TWO)).get().asString().contains("has no disk tank:b");
    assertThat(doubt(SYNC, null, Map.of("tank:vm-100-disk-0", 3L), ONE))
        .contains("disk tank:vm-100-disk-0 of the guest has 3 bytes, the replica 4");
  }

  private static Optional<String> doubt(
      Instant sync, Instant gap, Map<String, Long> disks, Map<String, Long> copies) {
    return ReplicaOrigin.doubt(
        Optional.ofNullable(sync),
        Optional.ofNullable(gap).map(at -> new ListGap(at, Optional.of(at))),
        disks,
        copies);
  }
}
