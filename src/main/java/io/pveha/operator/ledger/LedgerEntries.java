package io.pveha.operator.ledger;

import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.ledger.FailoverRecord;
import io.pveha.core.ledger.FailoverRecord.Cost;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Entries of the ledger as they are saved. The two vocabularies have the same words. */
final class LedgerEntries {

  private LedgerEntries() {}

  static Failover saved(FailoverRecord record) {
    return new Failover(
        record.cause(),
        record.from().value(),
        record.to().map(NodeName::value).orElse(null),
        record.phases().entrySet().stream()
            .map(
                phase ->
                    new io.pveha.api.v1alpha1.HaResourceStatus.Phase(
                        phase.getKey(), saved(phase.getValue())))
            .toList(),
        record.recoveryPoint().map(LedgerEntries::saved).orElse(null),
        record.cost().outageSeconds().orElse(null),
        record.predictedOutageSeconds().orElse(null),
        record.cost().dataLossSeconds().orElse(null),
        record.cost().rtoMet().orElse(null),
        record.cost().rpoMet().orElse(null));
  }

  static FailoverRecord read(Failover saved) {
    SortedMap<FailoverPhase, Instant> phases = new TreeMap<>();
    saved.phases().forEach(phase -> phases.put(phase.phase(), phase.at()));
    return new FailoverRecord(
        saved.cause(),
        new NodeName(saved.from()),
        Optional.ofNullable(saved.to()).map(NodeName::new),
        phases,
        Optional.ofNullable(saved.recoveryPoint()),
        Optional.ofNullable(saved.predictedOutageSeconds()),
        new Cost(
            Optional.ofNullable(saved.outageSeconds()),
            Optional.ofNullable(saved.dataLossSeconds()),
            Optional.ofNullable(saved.rtoMet()),
            Optional.ofNullable(saved.rpoMet())));
  }

  private static Instant saved(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }
}
