package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.NodeView;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.AbsenceLog;
import io.pveha.core.safety.AgeLimit;
import io.pveha.operator.connection.AccessProblem;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * All that is known of a cluster now.
 *
 * @param fastTrouble why it could not be asked in the last round of the fast lane; older facts stay
 * @param slowTrouble the same of the slow lane; also when what it told is older than trouble that
 *     lasted, and has to be told again
 * @param backAt when it could be asked again after it last could not
 * @param views what each node said while the cluster is being formed; empty once it is formed
 * @param viewsAt when the views were asked for
 * @param fast empty until the first round after forming
 * @param slow empty until the first round after forming
 * @param health of the nodes, as far as told
 * @param absences since when what is not listed has not been
 * @param together what follows from all of it
 */
@RecordBuilder
public record Observation(
    Optional<Trouble> fastTrouble,
    Optional<Trouble> slowTrouble,
    Optional<Instant> backAt,
    Map<NodeName, NodeView> views,
    Optional<Instant> viewsAt,
    Optional<FastFacts> fast,
    Optional<SlowFacts> slow,
    HealthFacts health,
    AbsenceLog absences,
    FactsTogether together) {

  public static final Observation NONE =
      new Observation(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          HealthFacts.NONE,
          AbsenceLog.EMPTY,
          new FactsTogether());

  public Observation {
    views = Map.copyOf(views);
  }

  /** When anything of the cluster was last told. */
  public Optional<Instant> at() {
    return viewsAt.or(() -> fast.map(FastFacts::oldest));
  }

  /** Why nothing may rest on this any more; empty while it may, or nothing was told yet. */
  public Optional<Finding> age(Instant now) {
    return viewsAt.isPresent()
        ? AgeLimit.doubt(viewsAt.get(), now)
        : fast.flatMap(
            told ->
                // Without the quorum the rest is not asked for, and nothing is written.
                slow.filter(unused -> told.isQuorate())
                    .map(SlowFacts::at)
                    .map(slowAt -> AgeLimit.doubt(told.oldest(), slowAt, now))
                    .orElseGet(() -> AgeLimit.doubt(told.oldest(), now)));
  }

  /** Why it can't be asked, for a moment or for longer; nothing is written to it meanwhile. */
  public Optional<Trouble> trouble() {
    // Without the quorum the rest is not asked for.
    return fastTrouble.or(
        () -> slowTrouble.filter(unused -> fast.filter(f -> !f.isQuorate()).isEmpty()));
  }

  /** Why what was last told of it no longer stands; empty while it does. */
  public Optional<AccessProblem> outOfSight() {
    return trouble().filter(Trouble::lasting).map(Trouble::problem);
  }

  /** Whether it can't be asked, and what was last told of it stands all the same. */
  public boolean isTroublePassing() {
    return trouble().filter(why -> !why.lasting()).isPresent();
  }

  /** The same now: what is too old is out of sight, also if nothing is known to have failed. */
  Observation asOf(Instant now) {
    return withSlowAsOf(now).withTroublesAsOf(now);
  }

  private Observation withTroublesAsOf(Instant now) {
    Optional<Finding> tooOld = age(now);
    return tooOld.isEmpty()
        ? withTroubles(fastTrouble.map(why -> why.asOf(now)), slowTrouble.map(why -> why.asOf(now)))
        : withTroubles(
            Optional.of(
                trouble()
                    .map(Trouble::asLasting)
                    .orElseGet(() -> new Trouble(tooOld(tooOld.get()), now, true))),
            slowTrouble);
  }

  private static AccessProblem tooOld(Finding why) {
    return new AccessProblem(why.reason(), why.message());
  }

  /** All kinds of facts, once those of both lanes are there. */
  public Optional<ClusterFacts> facts() {
    return fast.flatMap(f -> slow.map(s -> together.of(f, s, health, absences)));
  }

  Observation withViews(Map<NodeName, NodeView> seen, Instant at) {
    return ObservationBuilder.builder(this)
        .fastTrouble(Optional.empty())
        .views(seen)
        .viewsAt(Optional.of(at))
        .build();
  }

  Observation withFast(FastFacts told) {
    FastFacts facts = fast.map(told::keeping).orElse(told);
    boolean anew = isNewer(facts);
    return ObservationBuilder.builder(this)
        .fastTrouble(Optional.empty())
        .slowTrouble(fastTrouble.filter(Trouble::lasting).or(() -> slowTrouble))
        .backAt(fastTrouble.map(unused -> facts.at()).or(() -> backAt))
        .views(Map.of())
        .viewsAt(Optional.empty())
        .fast(Optional.of(facts))
        .health(health.read(facts, anew))
        .absences(anew ? Seeing.look(absences, facts) : absences)
        .build();
  }

  /** Whether guests and HA were told again: the same list proves nothing a second time. */
  private boolean isNewer(FastFacts facts) {
    return fast.filter(
            known -> known.at().equals(facts.at()) && known.guests().equals(facts.guests()))
        .isEmpty();
  }

  /** The same when members answer for the membership, and for no list of the whole cluster. */
  Observation withMembership(FastFacts told, AccessProblem problem, Instant now) {
    FastFacts facts = fast.map(told::keeping).orElse(told);
    return ObservationBuilder.builder(this)
        .fastTrouble(Optional.of(Trouble.at(problem, now, fastTrouble)))
        .views(Map.of())
        .viewsAt(Optional.empty())
        .fast(Optional.of(facts))
        .health(health.read(facts, false))
        .build();
  }

  /**
   * A round of which a part fell into trouble tells of nodes as if each of them had a fault of its
   * own: what was known before stands, and the next round tells.
   */
  Observation withSlow(SlowFacts told) {
    SlowFacts facts = slow.map(told::keeping).orElse(told);
    boolean missed =
        fastTrouble.isPresent() || backAt.filter(back -> back.isAfter(facts.at())).isPresent();
    if (missed && slow.isPresent()) {
      return this;
    }
    return ObservationBuilder.builder(this)
        .slowTrouble(Optional.empty())
        .slow(Optional.of(facts.after(slow)))
        .absences(fast.map(known -> Seeing.look(absences, facts, known, slow)).orElse(absences))
        .build();
  }

  Observation withFastTrouble(AccessProblem problem, Instant now) {
    return withTroubles(Optional.of(Trouble.at(problem, now, fastTrouble)), slowTrouble);
  }

  Observation withSlowTrouble(AccessProblem problem, Instant now) {
    return withTroubles(fastTrouble, Optional.of(Trouble.at(problem, now, slowTrouble)));
  }

  /** Without what was told too long ago. */
  Observation withSlowAsOf(Instant now) {
    Optional<SlowFacts> known = slow.map(facts -> facts.asOf(now));
    return known.isEmpty() || known.get() == slow.get()
        ? this
        : ObservationBuilder.builder(this).slow(known).build();
  }

  private Observation withTroubles(Optional<Trouble> ofFast, Optional<Trouble> ofSlow) {
    return ObservationBuilder.builder(this).fastTrouble(ofFast).slowTrouble(ofSlow).build();
  }

  Observation withHealth(UnaryOperator<HealthFacts> change) {
    return ObservationBuilder.builder(this).health(change.apply(health)).build();
  }

  /** The same to begin with, for another watcher. */
  Observation ofAnotherWatcher() {
    return ObservationBuilder.builder(this).together(new FactsTogether()).build();
  }

  /** With what follows for the health of nodes: facts age, so this may differ without news. */
  Observation judged(Instant now) {
    return fast.map(facts -> withHealth(known -> known.judged(facts, slow, now))).orElse(this);
  }

  /** What is worth waking for: the same without the times of asking. */
  boolean saysTheSameAs(Observation other) {
    return trouble().map(Trouble::problem).equals(other.trouble().map(Trouble::problem))
        && isTroublePassing() == other.isTroublePassing()
        && views.equals(other.views)
        && same(fast, other.fast, FastFacts::saysTheSameAs)
        && same(slow, other.slow, SlowFacts::saysTheSameAs)
        && absences.unsettled().equals(other.absences.unsettled())
        && health.conditions().equals(other.health.conditions());
  }

  private static <T> boolean same(Optional<T> one, Optional<T> other, BiPredicate<T, T> isSame) {
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || one.get() == other.get() || isSame.test(one.get(), other.get()));
  }
}
