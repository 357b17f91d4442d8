package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.WantedResource.Placement;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What placement is to come to.
 *
 * @param preferences nodes as Proxmox is to have them; empty when no rule is needed
 * @param followsReplicas whether it is ours to keep up: else an entry that somebody else made may
 *     say more than the spec
 * @param spared node that was left out, and is kept all the same since it is the only other one
 * @param leftOut nodes with a copy that may not be taken, and why
 */
public record PlacementChoice(
    Optional<Preferences> preferences,
    boolean followsReplicas,
    Optional<NodeName> spared,
    SortedMap<NodeName, String> leftOut) {

  public PlacementChoice {
    leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
  }

  /** Chooses by what is written already, so that it is not written again without need. */
  public static PlacementChoice of(WantedResource wanted, ResourceFacts facts, Instant now) {
    Placement placement = wanted.placement();
    if (facts.foreignPlacement(wanted).or(() -> facts.keptOff(wanted)).isPresent()) {
      // What is written is not understood, or left as it is, and so is nothing to go by.
      return new PlacementChoice(Optional.empty(), false, Optional.empty(), new TreeMap<>());
    }
    if (!placement.followReplicas() || !facts.copies().areKept()) {
      return new PlacementChoice(
          Preferences.of(placement, facts), false, Optional.empty(), new TreeMap<>());
    }
    if (facts.isPlacedByPartner(wanted)) {
      return new PlacementChoice(Optional.empty(), true, Optional.empty(), new TreeMap<>());
    }
    Optional<Entry> written = written(wanted, facts);
    if (FollowedPlacement.isTooEarly(facts, written)) {
      return new PlacementChoice(
          placement.nodes().isEmpty()
              ? written.map(entry -> new Preferences(entry.nodes(), entry.strict()))
              : Preferences.of(placement, facts),
          false,
          Optional.empty(),
          new TreeMap<>());
    }
    return new FollowedPlacement(wanted, facts, written, now).choose();
  }

  /** The rule or group that places the resource now. */
  static Optional<Entry> written(WantedResource wanted, ResourceFacts facts) {
    Optional<Entry> holding =
        facts.placedBy() == PlacedBy.GROUPS
            ? facts
                .resource()
                .flatMap(ResourceFacts.Resource::group)
                .flatMap(group -> named(facts, group))
            : facts.entries().stream().filter(e -> e.sids().contains(wanted.sid())).findFirst();
    return holding.or(() -> named(facts, wanted.placementName())).filter(e -> !e.disabled());
  }

  private static Optional<Entry> named(ResourceFacts facts, String name) {
    return facts.entries().stream().filter(entry -> entry.name().equals(name)).findFirst();
  }
}
