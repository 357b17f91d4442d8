package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A replica writes only while it is sure that no other one leads. */
class LeaderLeaseTest {

  private static final Instant RENEWED = Instant.parse("2026-01-05T08:00:00Z");
  private static final LeaderLease LEASE = new LeaderLease("pod-1", RENEWED);

  @Test
  void allowsItsHolderUntilTheRenewDeadline() {
    assertThat(LEASE.allows("pod-1", RENEWED, Duration.ZERO)).isTrue();
    assertThat(LEASE.allows("pod-1", RENEWED.plusMillis(9_999), Duration.ZERO)).isTrue();
    assertThat(LEASE.allows("pod-1", RENEWED.plusSeconds(10), Duration.ZERO)).isFalse();
  }

  @Test
  void allowsNobodyElse() {
    assertThat(LEASE.allows("pod-2", RENEWED, Duration.ZERO)).isFalse();
    assertThat(new LeaderLease("", RENEWED).allows("pod-1", RENEWED, Duration.ZERO)).isFalse();
  }

  @Test
  void trustsNoTimeFarAheadOfItsClock() {
    assertThat(LEASE.allows("pod-1", RENEWED.minusSeconds(1), Duration.ZERO)).isTrue();
    assertThat(LEASE.allows("pod-1", RENEWED.minusSeconds(10), Duration.ZERO)).isFalse();
  }

  /** Its clock was set back while the Lease was not renewed. */
  @Test
  void allowsNobodyWhoHasKnownTheRenewalForTooLong() {
    assertThat(LEASE.allows("pod-1", RENEWED, Duration.ofMillis(9_999))).isTrue();
    assertThat(LEASE.allows("pod-1", RENEWED, Duration.ofSeconds(10))).isFalse();
  }

  @Test
  void endsBeforeAnotherReplicaMayTakeItOver() {
    assertThat(LeaderLease.RENEW_DEADLINE.plus(LeaderLease.RETRY_PERIOD))
        .isLessThan(LeaderLease.DURATION);
    assertThat(LeaderLease.DURATION).isEqualTo(Duration.ofSeconds(15));
  }
}
