package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.ledger.GuestSighting.Gap;
import io.pveha.core.ledger.GuestSighting.Order;
import io.pveha.core.ledger.GuestSighting.Service;
import io.pveha.core.ledger.LedgerUpdate.News;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Follows a guest from node to node.
 *
 * <pre>
 * at rest --node lost, or given up with its node--> lost --configuration elsewhere--> arrived
 *    |                                               |                                  |
 *    |                                               +--node back, guest still there--> at rest, no entry
 *    +--HA moves it--> moving --configuration elsewhere--> arrived --runs, answers--> at rest, entry
 *    |                   +--HA has let it be--> at rest, no entry
 *    +--found elsewhere--> arrived
 * arrived --node lost, or found elsewhere again--> entry as far as it came, and the next one begins
 * </pre>
 *
 * Kept: every change of node that is seen ends as one entry; a time is written down only by one who
 * looked just before, too, and otherwise left out; what can't be known stays empty.
 */
public final class FailoverWatch {

  /** Then a guest that runs and does not answer has its entry without an outage. */
  private static final Duration LONGEST_WAIT_FOR_ANSWER = Duration.ofMinutes(10);

  /** A loss is seen later than it happens: by membership, a poll, and a slow node. */
  private static final Duration LATEST_SIGHT_OF_LOSS = Duration.ofSeconds(60);

  /** What ended longer ago does not explain a move that is seen now. */
  private static final Duration ORDER_COUNTS = Duration.ofMinutes(10);

  private final GuestSighting seen;
  private final FailoverContext terms;
  private final NodeName here;
  private final List<FailoverRecord> ended = new ArrayList<>();
  private final List<News> news = new ArrayList<>();
  private WatchMemory recollection;

  private FailoverWatch(
      GuestSighting seen, FailoverContext terms, NodeName here, WatchMemory recollection) {
    this.seen = seen;
    this.terms = terms;
    this.here = here;
    this.recollection = recollection;
  }

  /** One look. */
  public static LedgerUpdate observe(
      GuestSighting seen,
      FailoverContext terms,
      Optional<FailoverRecord> inProgress,
      WatchMemory recollection) {
    if (seen.node().isEmpty()) {
      return new LedgerUpdate(inProgress, List.of(), List.of(), WatchMemory.NONE);
    }
    FailoverWatch watch = new FailoverWatch(seen, terms, seen.node().get(), recollection);
    Optional<FailoverRecord> next = watch.next(inProgress);
    return new LedgerUpdate(
        next,
        watch.ended,
        watch.news,
        next.isEmpty()
            ? WatchMemory.quiet(terms.predictedOutageSeconds())
            : watch.recollection.looked());
  }

  private Optional<FailoverRecord> next(Optional<FailoverRecord> inProgress) {
    Optional<FailoverRecord> record = inProgress.or(this::begun);
    if (record.isPresent() && seen.running() == Belief.NO) {
      recollection = recollection.down(seen.at());
    }
    return record.flatMap(
        present -> present.to().isEmpty() ? notArrived(present) : arrived(present));
  }

  // Begin

  private Optional<FailoverRecord> begun() {
    Optional<NodeName> was = terms.node().filter(node -> !node.equals(here));
    if (was.isPresent()) {
      return Optional.of(begin(FailoverRecord.begun(causeOf(was.get()), was.get())));
    }
    if (isLostHere()) {
      return Optional.of(lost(begin(FailoverRecord.begun(FailoverCause.NODE_LOST, here))));
    }
    if (seen.service().filter(s -> s.isMoving() && s.node().equals(here)).isPresent()) {
      return Optional.of(begin(FailoverRecord.begun(causeOf(here), here)));
    }
    return Optional.empty();
  }

  private FailoverRecord begin(FailoverRecord record) {
    Optional<Long> predicted =
        recollection.predictedOutageSeconds().or(terms::predictedOutageSeconds);
    if (recollection.steady()) {
      recollection = recollection.begun(seen.silentSince());
    }
    return record.isLoss() ? record.withPredictedOutageSeconds(predicted) : record;
  }

  private boolean isLostHere() {
    return seen.lost().contains(here)
        || service().filter(Service::isGivenUpWithItsNode).isPresent();
  }

  private FailoverRecord lost(FailoverRecord record) {
    return seen.lost().contains(here)
        ? stamped(
            record,
            FailoverPhase.LOSS_SEEN,
            "%s is lost with %s, which left the cluster.".formatted(terms.sid(), here))
        : record;
  }

  /** Of what HA has for the guest where it is; the two are asked for one after the other. */
  private Optional<Service> service() {
    return seen.service().filter(service -> service.node().equals(here));
  }

  private FailoverCause causeOf(NodeName from) {
    Optional<FailoverCause> ordered =
        seen.orders().stream()
            .filter(order -> order.from().equals(from) && explains(order, from))
            .map(Order::cause)
            .findFirst();
    if (ordered.isPresent()) {
      return ordered.get();
    }
    if (seen.service().filter(s -> s.failedNodes().contains(from)).isPresent()) {
      return FailoverCause.SERVICE_FAILED;
    }
    if (recollection.steady() && seen.lost().contains(from)) {
      return FailoverCause.NODE_LOST;
    }
    if (seen.inMaintenance().contains(from)) {
      return FailoverCause.MAINTENANCE;
    }
    return recollection.steady() ? FailoverCause.REQUESTED : FailoverCause.UNKNOWN;
  }

  private boolean explains(Order order, NodeName from) {
    boolean there = here.equals(from) || order.to().isEmpty() || order.to().get().equals(here);
    return there && order.ended().map(at -> at.plus(ORDER_COUNTS).isAfter(seen.at())).orElse(true);
  }

  // Still where it was

  private Optional<FailoverRecord> notArrived(FailoverRecord record) {
    if (!here.equals(record.from())) {
      return arrived(arriving(record));
    }
    if (isLostHere()) {
      FailoverRecord loss =
          record.isLoss() ? record : lost(record.withCause(FailoverCause.NODE_LOST));
      return Optional.of(declared(loss.isLoss() ? predicted(loss) : loss));
    }
    if (record.isLoss()) {
      return seen.online().contains(here) ? returned() : Optional.of(record);
    }
    boolean stillMoving =
        seen.service()
            .map(s -> s.isMoving() || !s.node().equals(here))
            .orElse(
                seen.orders().stream().anyMatch(o -> o.ended().isEmpty() && o.from().equals(here)));
    return stillMoving ? Optional.of(record) : Optional.empty();
  }

  private FailoverRecord predicted(FailoverRecord loss) {
    return loss.predictedOutageSeconds().isPresent()
        ? loss
        : loss.withPredictedOutageSeconds(
            recollection.predictedOutageSeconds().or(terms::predictedOutageSeconds));
  }

  private FailoverRecord declared(FailoverRecord record) {
    String state = service().map(Service::state).orElse("");
    return switch (state) {
      case "fence" ->
          stamped(
              record,
              FailoverPhase.DECLARED,
              "Proxmox HA declared %s lost; %s waits until that node is confirmed down."
                  .formatted(here, terms.sid()));
      case "recovery" ->
          stamped(
              record,
              FailoverPhase.FENCED,
              "%s is confirmed down; Proxmox HA is choosing a node for %s."
                  .formatted(here, terms.sid()));
      default -> record;
    };
  }

  private Optional<FailoverRecord> returned() {
    news.add(
        new News(
            "LossPassed",
            true,
            "%s came back before %s was recovered elsewhere; the guest stays there."
                .formatted(here, terms.sid())));
    return Optional.empty();
  }

  // At its new node

  private FailoverRecord arriving(FailoverRecord record) {
    FailoverRecord fenced =
        record.isLoss() && record.reached(FailoverPhase.DECLARED).isPresent()
            // Nothing is recovered before: it was so in this round of the manager.
            ? stamped(
                record, FailoverPhase.FENCED, "%s is confirmed down.".formatted(record.from()))
            : record;
    return stamped(
        fenced.arrivedAt(
            here,
            record.isLoss()
                ? Optional.ofNullable(terms.recoveryPoints().get(here))
                : Optional.empty()),
        FailoverPhase.RECOVERED,
        "%s is assigned to %s now.".formatted(terms.sid(), here));
  }

  private Optional<FailoverRecord> arrived(FailoverRecord record) {
    if (!here.equals(record.to().orElseThrow())) {
      return notArrived(nextOf(record, causeOf(record.to().get())));
    }
    if (isLostHere()) {
      return Optional.of(declared(lost(nextOf(record, FailoverCause.NODE_LOST))));
    }
    FailoverRecord current = answering(running(record));
    return isAtRest(current) ? finished(current) : Optional.of(current);
  }

  /** It goes on before it was there for good. */
  private FailoverRecord nextOf(FailoverRecord record, FailoverCause cause) {
    ended.add(record.withCost(FailoverCost.unfinished(record)));
    return begin(FailoverRecord.begun(cause, record.to().orElseThrow()));
  }

  private FailoverRecord running(FailoverRecord record) {
    Optional<Service> started = service().filter(service -> service.state().equals("started"));
    FailoverRecord issued =
        started.isPresent()
            ? stamped(
                record,
                FailoverPhase.START_ISSUED,
                "%s was told to start %s.".formatted(here, terms.sid()))
            : record;
    return runs()
        ? stamped(issued, FailoverPhase.RUNNING, "%s runs on %s.".formatted(terms.sid(), here))
        : issued;
  }

  private boolean runs() {
    return seen.service().isPresent()
        ? service().filter(s -> s.state().equals("started") && s.running()).isPresent()
        : seen.running() == Belief.YES;
  }

  private FailoverRecord answering(FailoverRecord record) {
    return reckoning(record)
        .gap()
        .filter(Gap::exact)
        .map(gap -> record.reaching(FailoverPhase.ANSWERING, gap.to()))
        .orElse(record);
  }

  private boolean isAtRest(FailoverRecord record) {
    if (!runs()) {
      boolean keptDown =
          seen.service().isPresent()
              ? service().filter(service -> service.state().equals("stopped")).isPresent()
              : seen.running() == Belief.NO;
      return !terms.toRun() && keptDown;
    }
    return reckoning(record).isDone() || waitedLongEnough(record);
  }

  private boolean waitedLongEnough(FailoverRecord record) {
    return record
        .reached(FailoverPhase.RUNNING)
        .or(() -> record.phases().values().stream().max(Comparator.naturalOrder()))
        .map(at -> at.plus(LONGEST_WAIT_FOR_ANSWER).isBefore(seen.at()))
        .orElse(true);
  }

  private Optional<FailoverRecord> finished(FailoverRecord record) {
    FailoverRecord entry = record.withCost(reckoning(record).cost());
    ended.add(entry);
    boolean good = entry.cost().rtoMet().orElse(true) && entry.cost().rpoMet().orElse(true);
    news.add(new News(word(entry), good, FailoverSummary.of(terms, entry)));
    return Optional.empty();
  }

  private static String word(FailoverRecord entry) {
    if (entry.reached(FailoverPhase.ANSWERING).isPresent()) {
      return FailoverPhase.ANSWERING.text();
    }
    return entry.isLoss() ? "FailedOver" : "Relocated";
  }

  private FailoverCost reckoning(FailoverRecord record) {
    return new FailoverCost(record, seen, terms, recollection, LATEST_SIGHT_OF_LOSS);
  }

  /** Only who also looked just before knows that it happened now. */
  private FailoverRecord stamped(FailoverRecord record, FailoverPhase phase, String sentence) {
    if (record.reached(phase).isPresent() || recollection.missed().contains(phase)) {
      return record;
    }
    if (!recollection.steady()) {
      recollection = recollection.missing(phase);
      return record;
    }
    news.add(new News(phase.text(), phase.isGood(), sentence));
    return record.reaching(phase, seen.at());
  }
}
