package io.pveha.operator.readiness;

import io.pveha.core.placement.ServiceId;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.Configured;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.proxmox.PlacementCalls.Rule;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Guests for which it is unknown where Proxmox HA would take them, since a rule, a group or their
 * HA resource has properties that this version does not know; and those that a rule binds to one of
 * them.
 */
final class PlacementDoubts {

  private final SlowFacts facts;
  private final SortedMap<ServiceId, String> doubts = new TreeMap<>();

  private PlacementDoubts(SlowFacts facts) {
    this.facts = facts;
  }

  /** Why, by guest. */
  static SortedMap<ServiceId, String> of(SlowFacts facts) {
    PlacementDoubts doubts = new PlacementDoubts(facts);
    facts.resources().forEach(doubts::add);
    if (facts.means() == Means.GROUPS) {
      doubts.addGroups();
    } else {
      facts.rules().stream().filter(rule -> !rule.disable()).forEach(doubts::add);
      doubts.spread();
    }
    return doubts.doubts;
  }

  private void add(Resource resource) {
    add(List.of(resource.sid()), "HA resource " + resource.sid(), resource);
  }

  private void add(Rule rule) {
    add(rule.sids(), "rule " + rule.rule(), rule);
  }

  private void addGroups() {
    facts
        .groups()
        .forEach(
            group ->
                add(
                    facts.inGroup(group.group()).stream().map(Resource::sid).toList(),
                    "group " + group.group(),
                    group));
  }

  private void add(List<String> sids, String what, Configured object) {
    if (!object.unknownProperties().isEmpty()) {
      String why =
          "%s has %s, which this version does not know."
              .formatted(what, String.join(", ", object.unknownProperties()));
      sids.forEach(sid -> doubts.putIfAbsent(ServiceId.of(sid), why));
    }
  }

  /** Where one goes decides where those go that stay with it, or away from it. */
  private void spread() {
    boolean spreads = true;
    while (spreads) {
      int before = doubts.size();
      facts.rules().stream()
          .filter(rule -> rule.isResourceAffinity() && !rule.disable())
          .forEach(this::spread);
      spreads = doubts.size() > before;
    }
  }

  private void spread(Rule rule) {
    rule.sids().stream()
        .map(ServiceId::of)
        .filter(doubts::containsKey)
        .findFirst()
        .ifPresent(
            doubtful ->
                rule.sids().stream()
                    .map(ServiceId::of)
                    .forEach(
                        sid ->
                            doubts.putIfAbsent(
                                sid,
                                "rule %s binds it to %s, and %s"
                                    .formatted(rule.rule(), doubtful, doubts.get(doubtful)))));
  }
}
