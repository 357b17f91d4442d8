package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A guest's way from one node to another: the memory of one under way, and the entry of one that
 * ended.
 *
 * @param to empty until its configuration is there
 * @param phases when each was reached; those whose time nobody knows are missing
 * @param cost empty until it ended
 */
public record FailoverRecord(
    FailoverCause cause,
    NodeName from,
    Optional<NodeName> to,
    SortedMap<FailoverPhase, Instant> phases,
    Optional<Instant> recoveryPoint,
    Optional<Long> predictedOutageSeconds,
    Cost cost) {

  public FailoverRecord {
    phases = Collections.unmodifiableSortedMap(new TreeMap<>(phases));
  }

  /**
   * What it cost; empty is what nobody knows.
   *
   * @param dataLossSeconds from the loss back to the recovery point
   */
  public record Cost(
      Optional<Long> outageSeconds,
      Optional<Long> dataLossSeconds,
      Optional<Boolean> rtoMet,
      Optional<Boolean> rpoMet) {

    /** Not known yet. */
    public static final Cost OPEN =
        new Cost(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  static FailoverRecord begun(FailoverCause cause, NodeName from) {
    return new FailoverRecord(
        cause,
        from,
        Optional.empty(),
        Collections.emptySortedMap(),
        Optional.empty(),
        Optional.empty(),
        Cost.OPEN);
  }

  /** When the phase was reached, if that is known. */
  public Optional<Instant> reached(FailoverPhase phase) {
    return Optional.ofNullable(phases.get(phase));
  }

  boolean isLoss() {
    return cause == FailoverCause.NODE_LOST;
  }

  /** The first time that a phase is reached counts. */
  FailoverRecord reaching(FailoverPhase phase, Instant at) {
    if (phases.containsKey(phase)) {
      return this;
    }
    return correcting(phase, at);
  }

  /** Proxmox knows it better. */
  FailoverRecord correcting(FailoverPhase phase, Instant at) {
    SortedMap<FailoverPhase, Instant> more = new TreeMap<>(phases);
    more.put(phase, at);
    return new FailoverRecord(cause, from, to, more, recoveryPoint, predictedOutageSeconds, cost);
  }

  FailoverRecord because(FailoverCause other) {
    return new FailoverRecord(other, from, to, phases, recoveryPoint, predictedOutageSeconds, cost);
  }

  FailoverRecord arrivedAt(NodeName node, Optional<Instant> replica) {
    return new FailoverRecord(
        cause, from, Optional.of(node), phases, replica, predictedOutageSeconds, cost);
  }

  FailoverRecord predicted(Optional<Long> seconds) {
    return new FailoverRecord(cause, from, to, phases, recoveryPoint, seconds, cost);
  }

  FailoverRecord charged(Cost what) {
    return new FailoverRecord(cause, from, to, phases, recoveryPoint, predictedOutageSeconds, what);
  }
}
