package io.pveha.core.ledger;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.ledger.Look.News;
import io.pveha.core.ledger.Sighting.Gap;
import io.pveha.core.ledger.Sighting.Order;
import io.pveha.core.ledger.Sighting.Service;
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

  private final Sighting seen;
  private final Terms terms;
  private final NodeName here;
  private final List<Passage> ended = new ArrayList<>();
  private final List<News> news = new ArrayList<>();
  private Recollection recollection;

  private FailoverWatch(Sighting seen, Terms terms, NodeName here, Recollection recollection) {
    this.seen = seen;
    this.terms = terms;
    this.here = here;
    this.recollection = recollection;
  }

  /** One look. */
  public static Look observe(
      Sighting seen, Terms terms, Optional<Passage> inProgress, Recollection recollection) {
    if (seen.node().isEmpty()) {
      return new Look(inProgress, List.of(), List.of(), Recollection.NONE);
    }
    FailoverWatch watch = new FailoverWatch(seen, terms, seen.node().get(), recollection);
    Optional<Passage> next = watch.next(inProgress);
    return new Look(
        next,
        watch.ended,
        watch.news,
        next.isEmpty()
            ? Recollection.quiet(terms.predictedOutageSeconds())
            : watch.recollection.looked());
  }

  private Optional<Passage> next(Optional<Passage> inProgress) {
    Optional<Passage> passage = inProgress.or(this::begun);
    if (passage.isPresent() && seen.running() == Belief.NO) {
      recollection = recollection.down(seen.at());
    }
    return passage.flatMap(
        present -> present.to().isEmpty() ? notArrived(present) : arrived(present));
  }

  // Begin

  private Optional<Passage> begun() {
    Optional<NodeName> was = terms.node().filter(node -> !node.equals(here));
    if (was.isPresent()) {
      return Optional.of(begin(Passage.begun(causeOf(was.get()), was.get())));
    }
    if (isLostHere()) {
      return Optional.of(lost(begin(Passage.begun(Cause.NODE_LOST, here))));
    }
    if (seen.service().filter(s -> s.isMoving() && s.node().equals(here)).isPresent()) {
      return Optional.of(begin(Passage.begun(causeOf(here), here)));
    }
    return Optional.empty();
  }

  private Passage begin(Passage passage) {
    Optional<Long> predicted =
        recollection.predictedOutageSeconds().or(terms::predictedOutageSeconds);
    if (recollection.steady()) {
      recollection = recollection.begun(seen.silentSince());
    }
    return passage.isLoss() ? passage.predicted(predicted) : passage;
  }

  private boolean isLostHere() {
    return seen.lost().contains(here)
        || service().filter(Service::isGivenUpWithItsNode).isPresent();
  }

  private Passage lost(Passage passage) {
    return seen.lost().contains(here)
        ? stamped(
            passage,
            Phase.LOSS_SEEN,
            "%s is lost with %s, which left the cluster.".formatted(terms.sid(), here))
        : passage;
  }

  /** Of what HA has for the guest where it is; the two are asked for one after the other. */
  private Optional<Service> service() {
    return seen.service().filter(service -> service.node().equals(here));
  }

  private Cause causeOf(NodeName from) {
    Optional<Cause> ordered =
        seen.orders().stream()
            .filter(order -> order.from().equals(from) && explains(order, from))
            .map(Order::cause)
            .findFirst();
    if (ordered.isPresent()) {
      return ordered.get();
    }
    if (seen.service().filter(s -> s.failedNodes().contains(from)).isPresent()) {
      return Cause.SERVICE_FAILED;
    }
    if (recollection.steady() && seen.lost().contains(from)) {
      return Cause.NODE_LOST;
    }
    if (seen.inMaintenance().contains(from)) {
      return Cause.MAINTENANCE;
    }
    return recollection.steady() ? Cause.REQUESTED : Cause.UNKNOWN;
  }

  private boolean explains(Order order, NodeName from) {
    boolean there = here.equals(from) || order.to().isEmpty() || order.to().get().equals(here);
    return there && order.ended().map(at -> at.plus(ORDER_COUNTS).isAfter(seen.at())).orElse(true);
  }

  // Still where it was

  private Optional<Passage> notArrived(Passage passage) {
    if (!here.equals(passage.from())) {
      return arrived(arriving(passage));
    }
    if (isLostHere()) {
      Passage loss = passage.isLoss() ? passage : lost(passage.because(Cause.NODE_LOST));
      return Optional.of(declared(loss.isLoss() ? predicted(loss) : loss));
    }
    if (passage.isLoss()) {
      return seen.online().contains(here) ? returned() : Optional.of(passage);
    }
    boolean stillMoving =
        seen.service()
            .map(s -> s.isMoving() || !s.node().equals(here))
            .orElse(
                seen.orders().stream().anyMatch(o -> o.ended().isEmpty() && o.from().equals(here)));
    return stillMoving ? Optional.of(passage) : Optional.empty();
  }

  private Passage predicted(Passage loss) {
    return loss.predictedOutageSeconds().isPresent()
        ? loss
        : loss.predicted(recollection.predictedOutageSeconds().or(terms::predictedOutageSeconds));
  }

  private Passage declared(Passage passage) {
    String state = service().map(Service::state).orElse("");
    return switch (state) {
      case "fence" ->
          stamped(
              passage,
              Phase.DECLARED,
              "Proxmox HA declared %s lost; %s waits until that node is surely down."
                  .formatted(here, terms.sid()));
      case "recovery" ->
          stamped(
              passage,
              Phase.FENCED,
              "%s is surely down; a node is sought for %s.".formatted(here, terms.sid()));
      default -> passage;
    };
  }

  private Optional<Passage> returned() {
    news.add(
        new News(
            "LossPassed",
            true,
            "%s is back before %s was recovered elsewhere; it stays there."
                .formatted(here, terms.sid())));
    return Optional.empty();
  }

  // At its new node

  private Passage arriving(Passage passage) {
    Passage fenced =
        passage.isLoss() && passage.reached(Phase.DECLARED).isPresent()
            // Nothing is recovered before: it was so in this round of the manager.
            ? stamped(passage, Phase.FENCED, "%s is surely down.".formatted(passage.from()))
            : passage;
    return stamped(
        fenced.arrivedAt(
            here,
            passage.isLoss()
                ? Optional.ofNullable(terms.recoveryPoints().get(here))
                : Optional.empty()),
        Phase.RECOVERED,
        "%s belongs to %s now.".formatted(terms.sid(), here));
  }

  private Optional<Passage> arrived(Passage passage) {
    if (!here.equals(passage.to().orElseThrow())) {
      return notArrived(nextOf(passage, causeOf(passage.to().get())));
    }
    if (isLostHere()) {
      return Optional.of(declared(lost(nextOf(passage, Cause.NODE_LOST))));
    }
    Passage current = answering(running(passage));
    return isAtRest(current) ? finished(current) : Optional.of(current);
  }

  /** It goes on before it was there for good. */
  private Passage nextOf(Passage passage, Cause cause) {
    ended.add(passage.charged(Reckoning.unfinished(passage)));
    return begin(Passage.begun(cause, passage.to().orElseThrow()));
  }

  private Passage running(Passage passage) {
    Optional<Service> started = service().filter(service -> service.state().equals("started"));
    Passage issued =
        started.isPresent()
            ? stamped(
                passage,
                Phase.START_ISSUED,
                "%s was told to start %s.".formatted(here, terms.sid()))
            : passage;
    return runs()
        ? stamped(issued, Phase.RUNNING, "%s runs on %s.".formatted(terms.sid(), here))
        : issued;
  }

  private boolean runs() {
    return seen.service().isPresent()
        ? service().filter(s -> s.state().equals("started") && s.running()).isPresent()
        : seen.running() == Belief.YES;
  }

  private Passage answering(Passage passage) {
    return reckoning(passage)
        .gap()
        .filter(Gap::exact)
        .map(gap -> passage.reaching(Phase.ANSWERING, gap.to()))
        .orElse(passage);
  }

  private boolean isAtRest(Passage passage) {
    if (!runs()) {
      boolean keptDown =
          seen.service().isPresent()
              ? service().filter(service -> service.state().equals("stopped")).isPresent()
              : seen.running() == Belief.NO;
      return !terms.toRun() && keptDown;
    }
    return reckoning(passage).isDone() || waitedLongEnough(passage);
  }

  private boolean waitedLongEnough(Passage passage) {
    return passage
        .reached(Phase.RUNNING)
        .or(() -> passage.phases().values().stream().max(Comparator.naturalOrder()))
        .map(at -> at.plus(LONGEST_WAIT_FOR_ANSWER).isBefore(seen.at()))
        .orElse(true);
  }

  private Optional<Passage> finished(Passage passage) {
    Passage entry = passage.charged(reckoning(passage).bill());
    ended.add(entry);
    boolean good = entry.bill().rtoMet().orElse(true) && entry.bill().rpoMet().orElse(true);
    news.add(new News(word(entry), good, Receipt.of(terms, entry)));
    return Optional.empty();
  }

  private static String word(Passage entry) {
    if (entry.reached(Phase.ANSWERING).isPresent()) {
      return Phase.ANSWERING.word();
    }
    return entry.isLoss() ? "FailedOver" : "Relocated";
  }

  private Reckoning reckoning(Passage passage) {
    return new Reckoning(passage, seen, terms, recollection, LATEST_SIGHT_OF_LOSS);
  }

  /** Only who also looked just before knows that it happened now. */
  private Passage stamped(Passage passage, Phase phase, String sentence) {
    if (passage.reached(phase).isPresent() || recollection.missed().contains(phase)) {
      return passage;
    }
    if (!recollection.steady()) {
      recollection = recollection.missing(phase);
      return passage;
    }
    news.add(new News(phase.word(), phase.isGood(), sentence));
    return passage.reaching(phase, seen.at());
  }
}
