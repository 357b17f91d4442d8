package io.pveha.core.ledger;

import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What was saved of a guest before this look, and what its owner asks for.
 *
 * @param sid as in {@code ct:100}
 * @param container containers stop for every move
 * @param toRun whether it is wanted started
 * @param node where it was
 * @param recoveryPoints last sync of each node's replica
 * @param predictedOutageSeconds if its node were lost
 * @param lastLoss when it was lost the last time, if it has not run since
 * @param rto longest outage
 * @param rpo longest loss of data
 */
public record FailoverContext(
    String sid,
    boolean container,
    boolean toRun,
    Optional<NodeName> node,
    Map<NodeName, Instant> recoveryPoints,
    Optional<Long> predictedOutageSeconds,
    Optional<Instant> lastLoss,
    Optional<Duration> rto,
    Optional<Duration> rpo) {

  public FailoverContext {
    recoveryPoints = Map.copyOf(recoveryPoints);
  }
}
