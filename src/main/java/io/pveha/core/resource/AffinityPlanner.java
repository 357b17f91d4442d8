package io.pveha.core.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Severity;
import io.pveha.core.resource.ResourceFacts.Affinity;
import io.pveha.core.resource.ResourceStep.PutAffinity;
import io.pveha.core.resource.ResourceStep.RemovePlacement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plans rules between resources. A rule of the same resources, whoever made it, is enough: so two
 * objects that name each other make one rule.
 */
final class AffinityPlanner {

  private final WantedResource wanted;
  private final ResourceFacts facts;
  private final Gate<ResourceStep> gate;
  private final PriorityConflict conflict;

  AffinityPlanner(
      WantedResource wanted,
      ResourceFacts facts,
      Gate<ResourceStep> gate,
      PriorityConflict conflict) {
    this.wanted = wanted;
    this.facts = facts;
    this.gate = gate;
    this.conflict = conflict;
  }

  void plan() {
    Optional<Affinity> foreign = facts.foreignAffinity(wanted);
    if (foreign.isEmpty()) {
      plan(wanted.placement().together(), true);
      plan(wanted.placement().apart(), false);
    } else if (isConcerned(foreign.get())) {
      gate.find(Foreign.affinity(wanted.sid(), foreign.get()));
    }
  }

  /** Whether a rule would be written, changed or removed but for one that is not understood. */
  private boolean isConcerned(Affinity foreign) {
    return !wanted.placement().together().isEmpty()
        || !wanted.placement().apart().isEmpty()
        || foreign.name().equals(wanted.affinityName(true))
        || foreign.name().equals(wanted.affinityName(false));
  }

  private void plan(List<String> others, boolean positive) {
    String name = wanted.affinityName(positive);
    Optional<Affinity> own =
        facts.affinities().stream().filter(rule -> rule.name().equals(name)).findFirst();
    if (others.isEmpty()) {
      own.ifPresent(rule -> gate.want(new RemovePlacement(name)));
      return;
    }
    Set<String> sids = new TreeSet<>(others);
    sids.add(wanted.sid());
    boolean right =
        facts.affinities().stream()
            .anyMatch(
                rule ->
                    rule.positive() == positive && !rule.disabled() && rule.sids().equals(sids));
    if (right) {
      return;
    }
    PutAffinity step = new PutAffinity(name, sids, positive, own.isPresent());
    Optional<Finding> against = conflict.ofAffinity(sids, positive);
    if (against.isPresent()) {
      gate.find(against.get());
      if (against.get().severity() == Severity.DELAYS) {
        gate.wantLater(step);
      }
      return;
    }
    if (facts.managed().containsAll(sids)) {
      gate.want(step);
    } else {
      Set<String> missing = new TreeSet<>(sids);
      missing.removeAll(facts.managed());
      missing.remove(wanted.sid());
      gate.wantLater(step);
      if (!missing.isEmpty()) {
        gate.find(
            Finding.delays(
                ConditionReason.WAITING_FOR_HA_RESOURCE,
                "spec.placement: %s is not under HA yet.".formatted(String.join(", ", missing))));
      }
    }
  }
}
