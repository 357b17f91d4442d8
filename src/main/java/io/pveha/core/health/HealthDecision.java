package io.pveha.core.health;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.HealthGuard;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.health.HealthMemory.Held;
import io.pveha.core.health.HealthMemory.Treatment;
import io.pveha.core.health.HealthView.Condition;
import io.pveha.core.health.HealthView.Node;
import io.pveha.core.plan.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is done about nodes in bad health. Steps: what rules ask for; whether it is a storm; what
 * becomes of treatments that were begun; which new one is begun, if no guard holds it. Properties
 * kept:
 *
 * <ol>
 *   <li>at most one node is treated at a time, and never one while another is in maintenance;
 *   <li>nothing is begun while paused, unsure, without quorum or in a storm;
 *   <li>where a treatment begins, {@code minHealthy} other nodes are in good health, and quorate;
 *   <li>a treatment once begun ends only when its node was confirmed healthy for the healthy delay;
 *   <li>a node that was treated within the last hour is treated again only for trouble that lasts.
 * </ol>
 *
 * @param memory to be kept
 * @param complaints what rules say of nodes, whatever is done about it
 * @param lookAgain when to decide again even if nothing changes
 */
public record HealthDecision(
    HealthMemory memory, List<Complaint> complaints, Optional<Instant> lookAgain) {

  /** Failures within this time of each other are failures at once. */
  static final Duration AT_ONCE = Duration.ofMinutes(1);

  /** How long a node that is used again is remembered to have been treated. */
  static final Duration RELAPSE = Duration.ofHours(1);

  public HealthDecision {
    complaints = List.copyOf(complaints);
  }

  /** A rule that applies to a node. */
  public record Complaint(NodeName node, String condition, HealthAction action, String message) {}

  /** Decides. */
  public static HealthDecision decide(
      HealthView view, HealthSettings settings, HealthMemory memory, Instant now) {
    return new Round(view, settings, memory, now).decide();
  }

  /**
   * What a rule asks for.
   *
   * @param due when it applies, if the condition stays
   */
  private record Demand(Node node, HealthRule rule, Condition condition, Instant due) {

    boolean isDue(Instant now) {
      return !due.isAfter(now);
    }
  }

  private static final class Round {

    private static final Comparator<Demand> WORST_FIRST =
        Comparator.comparing((Demand demand) -> demand.rule().action())
            .reversed()
            .thenComparing(demand -> demand.condition().since())
            .thenComparing(demand -> demand.node().name())
            .thenComparing(demand -> demand.condition().type());

    private final HealthView view;
    private final HealthSettings settings;
    private final HealthMemory former;
    private final Instant now;
    private final Map<NodeName, List<Demand>> demands;
    private final SortedMap<NodeName, Treatment> treatments = new TreeMap<>();
    private final List<Held> held = new ArrayList<>();
    private Optional<Instant> quietUntil = Optional.empty();
    private Optional<Instant> lookAgain = Optional.empty();

    Round(HealthView view, HealthSettings settings, HealthMemory former, Instant now) {
      this.view = view;
      this.settings = settings;
      this.former = former;
      this.now = now;
      this.demands = view.nodes().stream().collect(Collectors.toMap(Node::name, this::demands));
    }

    HealthDecision decide() {
      weatherStorm();
      view.nodes().forEach(this::carryOn);
      begin();
      List<Complaint> complaints =
          view.nodes().stream()
              .flatMap(node -> demands.get(node.name()).stream())
              .filter(this::waitUntilDue)
              .map(
                  demand ->
                      new Complaint(
                          demand.node().name(),
                          demand.condition().type(),
                          demand.rule().action(),
                          demand.condition().message()))
              .distinct()
              .toList();
      return new HealthDecision(
          new HealthMemory(quietUntil, List.copyOf(treatments.values()), held),
          complaints,
          lookAgain);
    }

    private List<Demand> demands(Node node) {
      return settings.rules().stream()
          .flatMap(
              rule ->
                  node
                      .condition(rule.condition())
                      .filter(condition -> condition.status() == rule.status())
                      .filter(condition -> !node.isOwnTrouble(condition))
                      .map(
                          condition ->
                              new Demand(
                                  node, rule, condition, condition.since().plus(rule.lasting())))
                      .stream())
          .toList();
    }

    private boolean waitUntilDue(Demand demand) {
      if (!demand.isDue(now)) {
        lookAgainAt(demand.due());
        return false;
      }
      return true;
    }

    /**
     * Quiet lasts from the latest failure of those that came together; or, when it may be our own
     * sight that failed, from when that came back.
     */
    private void weatherStorm() {
      int many = Math.max(2, (view.nodes().size() + 2) / 3);
      List<Instant> begins =
          view.nodes().stream().flatMap(node -> troubleSince(node).stream()).sorted().toList();
      Optional<Instant> quiet = former.quietUntil();
      for (int first = 0; first + many <= begins.size(); first++) {
        Instant last = begins.get(first + many - 1);
        Instant until = last.plus(settings.stormCooldown());
        if (!last.isAfter(begins.get(first).plus(AT_ONCE))
            && quiet.filter(former -> !former.isBefore(until)).isEmpty()) {
          quiet = Optional.of(until);
        }
      }
      if (view.unsure().isPresent() && begins.size() >= many) {
        // Not again each time, since each change is a write of status.
        Instant longEnough = now.plus(settings.stormCooldown().dividedBy(2));
        quiet =
            quiet
                .filter(until -> !until.isBefore(longEnough))
                .or(() -> Optional.of(now.plus(settings.stormCooldown())));
      }
      quietUntil = quiet.filter(until -> until.isAfter(now));
      quietUntil.ifPresent(this::lookAgainAt);
    }

    /** What could be the work of one failure that is ours, too: a lost node, or a lost view. */
    private Optional<Instant> troubleSince(Node node) {
      List<Instant> begins = new ArrayList<>();
      demands.get(node.name()).stream()
          .filter(demand -> demand.rule().action().isGuarded())
          .forEach(demand -> begins.add(demand.condition().since()));
      for (NodeConditionType type :
          List.of(NodeConditionType.REACHABLE, NodeConditionType.MEMBER)) {
        node.condition(type.text())
            .filter(condition -> condition.status() == Belief.NO)
            .ifPresent(condition -> begins.add(condition.since()));
      }
      return begins.stream().min(Comparator.naturalOrder());
    }

    private void carryOn(Node node) {
      former
          .treatment(node.name())
          .flatMap(
              treatment -> treatment.isActive() ? treated(node, treatment) : remembered(treatment))
          .ifPresent(treatment -> treatments.put(node.name(), treatment));
    }

    private Optional<Treatment> remembered(Treatment treatment) {
      Instant forgotten = treatment.since().plus(RELAPSE);
      if (!forgotten.isAfter(now)) {
        return Optional.empty();
      }
      lookAgainAt(forgotten);
      return Optional.of(treatment);
    }

    private Optional<Treatment> treated(Node node, Treatment treatment) {
      Optional<Instant> well = wellSince(node, treatment);
      if (well.isEmpty()) {
        return Optional.of(with(treatment, Optional.empty()));
      }
      Instant over = well.get().plus(settings.healthyDelay());
      if (over.isAfter(now)) {
        lookAgainAt(over);
        return Optional.of(with(treatment, well));
      }
      if (isStill()) {
        return Optional.of(with(treatment, well));
      }
      return remembered(
          new Treatment(
              node.name(),
              HealthAction.REPORT,
              treatment.cause(),
              now,
              well,
              "%s has been healthy for %d s and is used again."
                  .formatted(node.name(), settings.healthyDelay().toSeconds())));
    }

    /** Empty when a rule asks for something, or nobody can be sure that none would. */
    private Optional<Instant> wellSince(Node node, Treatment treatment) {
      boolean asked =
          demands.get(node.name()).stream().anyMatch(demand -> demand.rule().action().isGuarded());
      boolean known =
          node.condition(treatment.cause())
              .map(condition -> condition.status() != Belief.UNKNOWN)
              .orElse(true);
      if (asked || !known || view.unsure().isPresent() || node.online() != Belief.YES) {
        return Optional.empty();
      }
      // A relapse between two looks starts the count again.
      return Optional.of(
          settings.rules().stream()
              .filter(rule -> rule.action().isGuarded())
              .flatMap(rule -> node.condition(rule.condition()).stream())
              .map(Condition::since)
              .filter(since -> since.isAfter(treatment.healthySince().orElse(now)))
              .filter(since -> !since.isAfter(now))
              .max(Comparator.naturalOrder())
              .orElse(treatment.healthySince().orElse(now)));
    }

    private static Treatment with(Treatment treatment, Optional<Instant> healthySince) {
      return new Treatment(
          treatment.node(),
          treatment.action(),
          treatment.cause(),
          treatment.since(),
          healthySince,
          treatment.message());
    }

    /** Whether nothing is done by itself now, in either direction. */
    private boolean isStill() {
      return !settings.paused().isEmpty() || quietUntil.isPresent();
    }

    private void begin() {
      demands.values().stream()
          .flatMap(List::stream)
          .filter(demand -> demand.rule().action().isGuarded())
          .filter(this::waitUntilDue)
          .sorted(WORST_FIRST)
          .forEach(this::begin);
    }

    private void begin(Demand demand) {
      NodeName node = demand.node().name();
      HealthAction action = demand.rule().action();
      boolean done =
          Optional.ofNullable(treatments.get(node))
              .filter(treatment -> treatment.action().compareTo(action) >= 0)
              .isPresent();
      boolean heldAlready =
          held.stream().anyMatch(h -> h.node().equals(node) && h.action() == action);
      if (done || heldAlready) {
        return;
      }
      Optional<Held> guard = guard(demand);
      if (guard.isPresent()) {
        held.add(guard.get());
      } else {
        treatments.put(
            node,
            new Treatment(
                node,
                action,
                demand.condition().type(),
                now,
                Optional.empty(),
                demand.condition().message()));
      }
    }

    private Optional<Held> guard(Demand demand) {
      for (HealthGuard guard : HealthGuard.values()) {
        Optional<String> why = objection(guard, demand);
        if (why.isPresent()) {
          return Optional.of(
              new Held(
                  demand.node().name(),
                  demand.rule().action(),
                  demand.condition().type(),
                  guard,
                  why.get()));
        }
      }
      return Optional.empty();
    }

    private Optional<String> objection(HealthGuard guard, Demand demand) {
      Node node = demand.node();
      return switch (guard) {
        case NOT_SUPPORTED ->
            when(
                demand.rule().action() == HealthAction.FENCE,
                "Fencing needs failover mode Operator, which this version does not support.");
        case PAUSED ->
            when(!settings.paused().isEmpty(), "Paused: " + String.join("; ", settings.paused()));
        case UNSURE ->
            view.unsure()
                .or(
                    () ->
                        when(
                            node.online() != Belief.YES
                                && demand.rule().action() == HealthAction.EVACUATE,
                            "%s is not confirmed online, so Proxmox HA recovers its guests."
                                .formatted(node.name())));
        case STORM ->
            quietUntil.map(
                until ->
                    "Several nodes failed at once; no automatic action before %s."
                        .formatted(until));
        case QUORUM -> quorum(node);
        case ONE_AT_A_TIME ->
            view.nodes().stream()
                .filter(other -> !other.name().equals(node.name()))
                .filter(other -> other.maintenance() || isTreatedFurther(other))
                .findFirst()
                .map(
                    other ->
                        "%s is %s; one node at a time."
                            .formatted(
                                other.name(),
                                other.maintenance() ? "in maintenance" : "being treated"));
        case MIN_HEALTHY -> minHealthy(node);
        case FLAPPING -> flapping(demand);
      };
    }

    private Optional<String> quorum(Node node) {
      int left =
          view.deviceVotes()
              + view.nodes().stream()
                  .filter(other -> !other.name().equals(node.name()))
                  .filter(other -> other.online() == Belief.YES)
                  .mapToInt(Node::votes)
                  .sum();
      if (!view.quorate()) {
        return Optional.of("The cluster is not quorate.");
      }
      return when(
          left < view.votesNeeded(),
          "Without %s, %s left, of %d needed."
              .formatted(node.name(), Count.are(left, "vote"), view.votesNeeded()));
    }

    private Optional<String> minHealthy(Node node) {
      long left =
          view.nodes().stream()
              .filter(other -> !other.name().equals(node.name()))
              .filter(this::isHealthy)
              .count();
      int wanted = settings.minHealthy(view.nodes().size());
      return when(
          left < wanted,
          "Without %s, %s left, and minHealthy is %d."
              .formatted(node.name(), Count.are(left, "healthy node"), wanted));
    }

    /** The next turn for the worse comes before this one has lasted. */
    private Optional<String> flapping(Demand demand) {
      boolean lately = treatments.containsKey(demand.node().name()) && !isTreated(demand.node());
      Instant lasted = demand.condition().since().plus(settings.healthyDelay());
      if (!lately || !lasted.isAfter(now)) {
        return Optional.empty();
      }
      lookAgainAt(lasted);
      return Optional.of(
          "%s was treated within the last hour; this time the condition must last for %d s."
              .formatted(demand.node().name(), settings.healthyDelay().toSeconds()));
    }

    /** Beyond a cordon, which takes no guest away and may last until a disk is replaced. */
    private boolean isTreatedFurther(Node node) {
      return Optional.ofNullable(treatments.get(node.name()))
          .filter(Treatment::isActive)
          .filter(treatment -> treatment.action() != HealthAction.CORDON)
          .isPresent();
    }

    private boolean isTreated(Node node) {
      return Optional.ofNullable(treatments.get(node.name()))
          .filter(Treatment::isActive)
          .isPresent();
    }

    private boolean isHealthy(Node node) {
      return node.online() == Belief.YES
          && !node.maintenance()
          && !isTreated(node)
          && demands.get(node.name()).stream()
              .noneMatch(demand -> demand.rule().action().isGuarded());
    }

    private static Optional<String> when(boolean objects, String why) {
      return objects ? Optional.of(why) : Optional.empty();
    }

    private void lookAgainAt(Instant at) {
      lookAgain = Optional.of(lookAgain.filter(earlier -> earlier.isBefore(at)).orElse(at));
    }
  }
}
