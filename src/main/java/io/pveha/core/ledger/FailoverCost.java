package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.core.cluster.Belief;
import io.pveha.core.ledger.FailoverRecord.Cost;
import io.pveha.core.ledger.GuestSighting.Gap;
import io.pveha.core.ledger.GuestSighting.ProbeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a record has cost.
 *
 * @param lateness how much later than it happens a loss may be seen
 */
record FailoverCost(
    FailoverRecord record,
    GuestSighting seen,
    FailoverContext terms,
    WatchMemory recollection,
    Duration lateness) {

  /** An entry of one that went on before it ended: its outage goes on in the next. */
  static Cost unfinished(FailoverRecord record) {
    return record.isLoss() || record.cause() == FailoverCause.UNKNOWN
        ? Cost.OPEN
        : new Cost(Optional.empty(), Optional.of(0L), Optional.empty(), Optional.empty());
  }

  /** The silence of the probe that belongs to this record, once it ended. */
  Optional<Gap> gap() {
    return seen.probe()
        .flatMap(ProbeView::lastGap)
        .filter(gap -> begin().map(begin -> gap.to().isAfter(begin)).orElse(true));
  }

  private Optional<Instant> begin() {
    return record
        .reached(FailoverPhase.LOSS_SEEN)
        .or(() -> record.reached(FailoverPhase.DECLARED))
        .or(() -> record.reached(FailoverPhase.RECOVERED).map(at -> at.minus(lateness)));
  }

  /** Whether all is known that will be known, now that the guest runs. */
  boolean isDone() {
    Optional<ProbeView> probe = seen.probe().filter(view -> view.lastAnswer().isPresent());
    if (probe.isEmpty()) {
      return true;
    }
    Optional<Instant> runs =
        record.reached(FailoverPhase.RUNNING).or(() -> record.reached(FailoverPhase.RECOVERED));
    return probe.get().answering()
        && (gap().isPresent()
            || runs.map(at -> probe.get().lastAnswer().get().isAfter(at)).orElse(true));
  }

  Cost cost() {
    Optional<Long> outage = terms.toRun() ? outage() : Optional.empty();
    Optional<Long> loss = dataLoss();
    return new Cost(
        outage,
        loss,
        terms.rto().flatMap(rto -> rtoMet(outage, rto)),
        terms.rpo().flatMap(rpo -> loss.map(seconds -> seconds <= rpo.toSeconds())));
  }

  /** One that still does not answer has missed its time, however long it will take. */
  private Optional<Boolean> rtoMet(Optional<Long> outage, Duration rto) {
    if (outage.isPresent()) {
      return outage.map(seconds -> seconds <= rto.toSeconds());
    }
    boolean silent = seen.probe().filter(view -> !view.answering()).isPresent();
    return silent
        ? lossAt().filter(at -> at.plus(rto).isBefore(seen.at())).map(at -> false)
        : Optional.empty();
  }

  private Optional<Long> outage() {
    Optional<Gap> gap = gap();
    if (gap.isPresent()) {
      Optional<Instant> end =
          gap.get().exact() ? Optional.of(gap.get().to()) : record.reached(FailoverPhase.RUNNING);
      return end.map(at -> seconds(gap.get().from(), at));
    }
    Optional<ProbeView> probe = seen.probe().filter(view -> view.lastAnswer().isPresent());
    if (probe.isPresent()) {
      return probe.get().answering() && recollection.fromItsBegin()
          ? Optional.of(0L)
          : Optional.empty();
    }
    Optional<Instant> end = record.reached(FailoverPhase.RUNNING);
    if (record.isLoss()) {
      return end.flatMap(at -> lossAt().map(loss -> seconds(loss, at)));
    }
    if (recollection.downSince().isPresent()) {
      return end.map(at -> seconds(recollection.downSince().get(), at));
    }
    boolean neverDown =
        recollection.fromItsBegin() && !terms.container() && seen.running() == Belief.YES;
    return neverDown ? Optional.of(0L) : Optional.empty();
  }

  /** A move syncs when the guest has stopped; only a lost node takes writes with it. */
  private Optional<Long> dataLoss() {
    return switch (record.cause()) {
      case NODE_LOST ->
          record.recoveryPoint().flatMap(point -> lossAt().map(loss -> seconds(point, loss)));
      case UNKNOWN -> Optional.empty();
      case NODE_UNHEALTHY, MAINTENANCE, SERVICE_FAILED, FAILBACK, REQUESTED -> Optional.of(0L);
    };
  }

  /** When clients had the guest for the last time, as well as anybody knows. */
  private Optional<Instant> lossAt() {
    Optional<Instant> seenAt = terms.lastLoss().or(() -> record.reached(FailoverPhase.LOSS_SEEN));
    Optional<Instant> lastAnswer =
        gap()
            .map(Gap::from)
            .or(() -> seen.probe().filter(p -> !p.answering()).flatMap(ProbeView::lastAnswer))
            // Silence from long before has another cause.
            .filter(at -> seenAt.map(loss -> at.plus(lateness).isAfter(loss)).orElse(true));
    Optional<Instant> silent =
        Stream.concat(recollection.lossAt().or(seen::silentSince).stream(), seenAt.stream())
            .min(Instant::compareTo)
            .filter(at -> seenAt.map(loss -> at.plus(lateness).isAfter(loss)).orElse(true))
            .or(() -> seenAt);
    return lastAnswer.or(() -> silent);
  }

  private static long seconds(Instant from, Instant to) {
    return Math.max(0, Math.round(Duration.between(from, to).toMillis() / 1000.0));
  }
}
