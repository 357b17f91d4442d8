package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.core.cluster.NodeName;
import io.soabase.recordbuilder.core.RecordBuilder;
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
 * @param phases when each was reached; those whose time is unknown are missing
 * @param cost empty until it ended
 */
@RecordBuilder
public record FailoverRecord(
    FailoverCause cause,
    NodeName from,
    Optional<NodeName> to,
    SortedMap<FailoverPhase, Instant> phases,
    Optional<Instant> recoveryPoint,
    Optional<Long> predictedOutageSeconds,
    Cost cost)
    implements FailoverRecordBuilder.With {

  public FailoverRecord {
    phases = Collections.unmodifiableSortedMap(new TreeMap<>(phases));
  }

  /**
   * What it cost; empty is what is unknown.
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
    return withPhases(more);
  }

  FailoverRecord arrivedAt(NodeName node, Optional<Instant> replica) {
    return withTo(Optional.of(node)).withRecoveryPoint(replica);
  }
}
