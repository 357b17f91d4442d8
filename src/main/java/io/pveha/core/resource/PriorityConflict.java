package io.pveha.core.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.resource.ResourceFacts.Affinity;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.WantedResource.Neighbour;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Proxmox takes no rule between resources of which one has nodes of different priorities, and no
 * such priorities for a resource that a rule binds to others: refused for good, whichever comes
 * first. So it is seen in the plan, and the owner is told which two objects contradict each other.
 * What an owner is about to mend is waited for.
 */
final class PriorityConflict {

  private final WantedResource wanted;
  private final ResourceFacts facts;
  private final Optional<Preferences> preferences;

  /**
   * A look for conflicts.
   *
   * @param preferences where the resource is to run
   */
  PriorityConflict(WantedResource wanted, ResourceFacts facts, Optional<Preferences> preferences) {
    this.wanted = wanted;
    this.facts = facts;
    this.preferences = preferences;
  }

  /** What speaks against a rule between these resources; empty when nothing does. */
  Optional<Finding> ofAffinity(Set<String> sids, boolean positive) {
    String field = positive ? "spec.placement.together" : "spec.placement.apart";
    if (hasSeveral(preferences)) {
      return Optional.of(blocks(field, sids, ownPriorities(), oneOfOurs(field)));
    }
    for (String sid : new TreeSet<>(sids)) {
      Optional<Neighbour> neighbour = wanted.neighbour(sid);
      boolean other = !sid.equals(wanted.sid());
      if (other && neighbour.filter(Neighbour::ranked).isPresent()) {
        return Optional.of(
            blocks(
                field,
                sids,
                "spec.placement.nodes of %s has different priorities".formatted(wanted.called(sid)),
                "Give those nodes one priority, or drop it from %s.".formatted(field)));
      }
      Optional<Entry> ranked = ranked(sid);
      if (ranked.isPresent() && isMended(other, neighbour)) {
        // Its own object says otherwise by now, and will write it.
        return Optional.of(
            Finding.delays(
                ConditionReason.WAITING_FOR_HA_RESOURCE,
                "%s: rule %s still has different priorities for %s."
                    .formatted(field, ranked.get().name(), wanted.called(sid))));
      }
      if (ranked.isPresent()) {
        return Optional.of(
            blocks(
                field,
                sids,
                "rule %s has different priorities for %s"
                    .formatted(ranked.get().name(), wanted.called(sid)),
                "Give its nodes one priority, or drop %s.".formatted(field)));
      }
    }
    return Optional.empty();
  }

  /** What speaks against placing the resource as it is to be; empty when nothing does. */
  Optional<Finding> ofPlacement() {
    if (!hasSeveral(preferences)) {
      return Optional.empty();
    }
    return facts.affinities().stream()
        .filter(rule -> !rule.disabled() && rule.sids().contains(wanted.sid()))
        .findFirst()
        .map(this::boundBy);
  }

  /** Nodes of other sites come last as long as there are any. */
  private boolean isMended(boolean other, Optional<Neighbour> neighbour) {
    return other ? neighbour.isPresent() && facts.remote().isEmpty() : preferences.isPresent();
  }

  /** Whether the object asks for both, which the rule between resources tells. */
  boolean isOwn() {
    return hasSeveral(preferences)
        && !(wanted.placement().together().isEmpty() && wanted.placement().apart().isEmpty());
  }

  private Finding boundBy(Affinity rule) {
    boolean goes =
        List.of(true, false).stream()
            .filter(
                positive ->
                    (positive ? wanted.placement().together() : wanted.placement().apart())
                        .isEmpty())
            .anyMatch(positive -> rule.name().equals(wanted.affinityName(positive)));
    Optional<Neighbour> maker =
        wanted.neighbours().stream()
            .filter(other -> !other.sid().equals(wanted.sid()))
            .filter(other -> rule.name().startsWith(other.ruleName() + "-"))
            .findFirst();
    boolean dropped = maker.filter(other -> !other.company().contains(wanted.sid())).isPresent();
    if (goes || dropped) {
      return Finding.delays(
          ConditionReason.WAITING_FOR_HA_RESOURCE,
          "spec.placement.nodes: rule %s still binds %s to others."
              .formatted(rule.name(), wanted.sid()));
    }
    String field = rule.positive() ? "together" : "apart";
    return blocks(
        "spec.placement.nodes",
        rule.sids(),
        "rule %s keeps them %s, and %s".formatted(rule.name(), field, ownPriorities()),
        maker
            .map(
                other ->
                    "Give the nodes one priority, or drop it from spec.placement.%s of HaResource %s."
                        .formatted(field, other.name()))
            .orElse("Give the nodes one priority, or delete that rule."));
  }

  private Finding blocks(String field, Set<String> sids, String why, String remedy) {
    return Finding.blocks(
        ConditionReason.PRIORITY_CONFLICT,
        "%s: Proxmox binds no guests to each other whose nodes have different priorities (%s): %s. %s"
            .formatted(
                field,
                new TreeSet<>(sids).stream().map(wanted::called).collect(Collectors.joining(", ")),
                why,
                remedy));
  }

  private String oneOfOurs(String field) {
    return isBySpec()
        ? "Give those nodes one priority, or drop %s.".formatted(field)
        : "List the nodes of one site with strict: true, or drop %s.".formatted(field);
  }

  private String ownPriorities() {
    return isBySpec()
        ? "spec.placement.nodes of %s has different priorities"
            .formatted(wanted.called(wanted.sid()))
        : "nodes of other sites come last for %s".formatted(wanted.called(wanted.sid()));
  }

  private boolean isBySpec() {
    return wanted.placement().nodes().stream()
            .map(WantedResource.Preference::priority)
            .distinct()
            .count()
        > 1;
  }

  private Optional<Entry> ranked(String sid) {
    return facts.entries().stream()
        .filter(entry -> !entry.disabled() && !entry.negative() && entry.sids().contains(sid))
        .filter(entry -> hasSeveral(entry.nodes()))
        .findFirst();
  }

  private static boolean hasSeveral(Optional<Preferences> preferences) {
    return preferences.filter(found -> hasSeveral(found.nodes())).isPresent();
  }

  private static boolean hasSeveral(Map<String, Integer> nodes) {
    return nodes.values().stream().distinct().count() > 1;
  }
}
