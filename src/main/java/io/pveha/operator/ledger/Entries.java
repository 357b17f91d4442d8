package io.pveha.operator.ledger;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.ledger.Cause;
import io.pveha.core.ledger.Passage;
import io.pveha.core.ledger.Passage.Bill;
import io.pveha.core.ledger.Phase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Entries of the ledger as they are saved. The two vocabularies have the same words. */
final class Entries {

  private Entries() {}

  static Failover saved(Passage passage) {
    return new Failover(
        FailoverCause.valueOf(passage.cause().name()),
        passage.from().value(),
        passage.to().map(NodeName::value).orElse(null),
        passage.phases().entrySet().stream()
            .map(
                phase ->
                    new io.pveha.api.v1alpha1.HaResourceStatus.Phase(
                        FailoverPhase.valueOf(phase.getKey().name()), saved(phase.getValue())))
            .toList(),
        passage.recoveryPoint().map(Entries::saved).orElse(null),
        passage.bill().outageSeconds().orElse(null),
        passage.predictedOutageSeconds().orElse(null),
        passage.bill().dataLossSeconds().orElse(null),
        passage.bill().rtoMet().orElse(null),
        passage.bill().rpoMet().orElse(null));
  }

  static Passage read(Failover saved) {
    SortedMap<Phase, Instant> phases = new TreeMap<>();
    saved.phases().forEach(phase -> phases.put(Phase.valueOf(phase.phase().name()), phase.at()));
    return new Passage(
        Cause.valueOf(saved.cause().name()),
        new NodeName(saved.from()),
        Optional.ofNullable(saved.to()).map(NodeName::new),
        phases,
        Optional.ofNullable(saved.recoveryPoint()),
        Optional.ofNullable(saved.predictedOutageSeconds()),
        new Bill(
            Optional.ofNullable(saved.outageSeconds()),
            Optional.ofNullable(saved.dataLossSeconds()),
            Optional.ofNullable(saved.rtoMet()),
            Optional.ofNullable(saved.rpoMet())));
  }

  private static Instant saved(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }
}
