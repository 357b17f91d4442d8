package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.NodeView;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.AbsenceLog;
import io.pveha.core.safety.AgeLimit;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.proxmox.HaCalls.Manager;
import io.pveha.proxmox.HaCalls.ManagerStatus;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * All that is known of a cluster now.
 *
 * @param problem why it could not be asked in the last round; older facts stay
 * @param views what each node said while the cluster is being formed; empty once it is formed
 * @param viewsAt when the views were asked for
 * @param fast empty until the first round after forming
 * @param slow empty until the first round after forming
 * @param health of the nodes, as far as told
 * @param absences since when what is not listed has not been
 */
public record Observation(
    Optional<AccessProblem> problem,
    Map<NodeName, NodeView> views,
    Optional<Instant> viewsAt,
    Optional<FastFacts> fast,
    Optional<SlowFacts> slow,
    HealthFacts health,
    AbsenceLog absences) {

  public static final Observation NONE =
      new Observation(
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          HealthFacts.NONE,
          AbsenceLog.EMPTY);

  public Observation {
    views = Map.copyOf(views);
  }

  /** When anything of the cluster was last told. */
  public Optional<Instant> at() {
    return viewsAt.or(() -> fast.map(FastFacts::at));
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
                    .map(slowAt -> AgeLimit.doubt(told.at(), slowAt, now))
                    .orElseGet(() -> AgeLimit.doubt(told.at(), now)));
  }

  /** The same now: what is too old is out of sight, also if nothing is known to have failed. */
  Observation asOf(Instant now) {
    return problem.isPresent()
        ? this
        : age(now)
            .map(
                why ->
                    withProblem(
                        new AccessProblem(
                            ConditionReason.valueOf(why.reason().name()), why.message())))
            .orElse(this);
  }

  /** All kinds of facts, once those of both lanes are there. */
  public Optional<ClusterFacts> facts() {
    return fast.flatMap(
        f -> slow.map(s -> new ClusterFacts(f, s, health, Seeing.of(f, s, absences))));
  }

  Observation withViews(Map<NodeName, NodeView> seen, Instant at) {
    return new Observation(Optional.empty(), seen, Optional.of(at), fast, slow, health, absences);
  }

  Observation withFast(FastFacts facts) {
    return new Observation(
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.of(facts),
        slow,
        health.read(facts),
        Seeing.look(absences, facts));
  }

  Observation withSlow(SlowFacts facts) {
    return new Observation(
        problem,
        views,
        viewsAt,
        fast,
        Optional.of(facts),
        health,
        fast.map(known -> Seeing.look(absences, facts, known)).orElse(absences));
  }

  Observation withProblem(AccessProblem trouble) {
    return new Observation(Optional.of(trouble), views, viewsAt, fast, slow, health, absences);
  }

  Observation withHealth(UnaryOperator<HealthFacts> change) {
    return new Observation(problem, views, viewsAt, fast, slow, change.apply(health), absences);
  }

  /** With what follows for the health of nodes: facts age, so this may differ without news. */
  Observation judged(Instant now) {
    return fast.map(facts -> withHealth(known -> known.judged(facts, slow, now))).orElse(this);
  }

  /** What is worth waking for: the same without the times of asking. */
  boolean saysTheSameAs(Observation other) {
    return problem.equals(other.problem)
        && views.equals(other.views)
        && fast.map(Observation::timeless).equals(other.fast.map(Observation::timeless))
        && slow.map(Observation::timeless).equals(other.slow.map(Observation::timeless))
        && absences.unsettled().equals(other.absences.unsettled())
        && health.conditions().equals(other.health.conditions());
  }

  private static FastFacts timeless(FastFacts facts) {
    return new FastFacts(
        Instant.EPOCH,
        facts.views(),
        facts.problems(),
        facts.guests(),
        facts.lists(),
        new ManagerStatus(
            new Manager(
                facts.ha().manager().masterNode(),
                0,
                facts.ha().manager().nodeStatus(),
                facts.ha().manager().serviceStatus()),
            Map.of(),
            facts.ha().quorum()));
  }

  private static SlowFacts timeless(SlowFacts facts) {
    return new SlowFacts(
        Instant.EPOCH,
        facts.member(),
        withoutFilling(facts.nodes()),
        facts.join(),
        facts.authority(),
        facts.device(),
        facts.means(),
        facts.groups(),
        facts.rules(),
        facts.resources(),
        List.of(),
        facts.jobs(),
        facts.storages(),
        facts.options(),
        facts.notes(),
        facts.disks(),
        facts.privileges(),
        facts.lists(),
        facts.starts());
  }

  private static Map<NodeName, SlowFacts.Node> withoutFilling(Map<NodeName, SlowFacts.Node> nodes) {
    Map<NodeName, SlowFacts.Node> same = new TreeMap<>();
    nodes.forEach(
        (name, node) ->
            same.put(
                name,
                new SlowFacts.Node(
                    node.version(),
                    node.disks(),
                    node.pools().stream().map(Pool::inSteps).toList(),
                    node.details(),
                    node.storages().stream().map(StorageStatus::withoutFilling).toList(),
                    node.jobs())));
    return same;
  }
}
