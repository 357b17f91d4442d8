package io.pveha.core.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceFacts.Resource;
import io.pveha.core.resource.ResourceStep.AddResource;
import io.pveha.core.resource.ResourceStep.PutPlacement;
import io.pveha.core.resource.ResourceStep.RemovePlacement;
import io.pveha.core.resource.ResourceStep.RemoveResource;
import io.pveha.core.resource.ResourceStep.UpdateResource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans an HA resource and its placement. Groups come before the resource, rules after it. An
 * existing rule or group of this resource alone is taken over; one that it shares with others is
 * left to them.
 */
public final class ResourcePlanner {

  private final WantedResource wanted;
  private final ResourceFacts facts;
  private final Gate<ResourceStep> gate;
  private final PlacementChoice choice;
  private final PriorityConflict conflict;

  private ResourcePlanner(
      WantedResource wanted, ResourceFacts facts, Gate<ResourceStep> gate, Instant factsAt) {
    this.wanted = wanted;
    this.facts = facts;
    this.gate = gate;
    this.choice = PlacementChoice.of(wanted, facts, factsAt);
    this.conflict = new PriorityConflict(wanted, facts, choice.preferences());
  }

  /** Plans from facts asked for at {@code factsAt}; the guest must exist. */
  public static Plan<ResourceStep> plan(
      WantedResource wanted, ResourceFacts facts, Memory memory, Instant factsAt, Instant now) {
    return new ResourcePlanner(wanted, facts, new Gate<>(memory, factsAt, now), factsAt).plan();
  }

  /** Plans to take it out of HA, with the rule or group that is only ours. */
  public static Plan<ResourceStep> removal(
      WantedResource wanted, ResourceFacts facts, Memory memory, Instant factsAt, Instant now) {
    Gate<ResourceStep> gate = new Gate<>(memory, factsAt, now);
    boolean rules = facts.placedBy() == ResourceFacts.PlacedBy.RULES;
    Optional<Resource> foreign = facts.resource().filter(found -> !found.unknown().isEmpty());
    if (foreign.isPresent()) {
      gate.find(Foreign.removal(wanted.sid(), foreign.get().unknown()));
      return gate.blocked();
    }
    Optional<Entry> ours =
        facts.entries().stream()
            .filter(entry -> entry.name().equals(wanted.placementName()))
            .filter(entry -> entry.unknown().isEmpty())
            .findFirst();
    boolean present = facts.resource().isPresent();
    List<String> affinities =
        facts.affinities().stream()
            .filter(rule -> rule.unknown().isEmpty())
            .map(ResourceFacts.Affinity::name)
            .filter(
                name ->
                    name.equals(wanted.affinityName(true))
                        || name.equals(wanted.affinityName(false)))
            .toList();
    affinities.forEach(name -> gate.want(new RemovePlacement(name)));
    if (rules) {
      ours.ifPresent(entry -> gate.want(new RemovePlacement(entry.name())));
    }
    if (present) {
      RemoveResource step = new RemoveResource(wanted.sid());
      if (rules && (!affinities.isEmpty() || ours.isPresent())) {
        gate.wantLater(step);
      } else {
        gate.want(step);
      }
    }
    if (!rules && ours.isPresent()) {
      RemovePlacement step = new RemovePlacement(ours.get().name());
      if (present) {
        gate.wantLater(step);
      } else {
        gate.want(step);
      }
    }
    return gate.plan();
  }

  private Plan<ResourceStep> plan() {
    Set<String> unknown =
        wanted.placement().nodes().stream()
            .map(WantedResource.Preference::node)
            .filter(node -> !facts.members().contains(node))
            .map(NodeName::value)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!unknown.isEmpty()) {
      gate.find(
          Finding.blocks(
              ConditionReason.NODE_UNKNOWN,
              "spec.placement.nodes: %s is not a member of the cluster; the members are %s."
                  .formatted(
                      String.join(", ", unknown),
                      facts.members().stream()
                          .map(NodeName::value)
                          .sorted()
                          .collect(Collectors.joining(", ")))));
      return gate.blocked();
    }
    Optional<Resource> foreign = facts.resource().filter(found -> !found.unknown().isEmpty());
    if (foreign.isPresent()) {
      gate.find(Foreign.resource(wanted.sid(), foreign.get().unknown()));
      return gate.blocked();
    }
    return switch (facts.placedBy()) {
      case GROUPS ->
          facts.foreignPlacement(wanted).map(e -> leftTo("group", e)).orElseGet(this::withGroups);
      case RULES -> {
        new AffinityPlanner(wanted, facts, gate, conflict).plan();
        yield facts
            .foreignPlacement(wanted)
            .map(e -> leftTo("rule", e))
            .or(() -> facts.keptOff(wanted).map(this::beside))
            .orElseGet(this::withRules);
      }
      case MIGRATING -> migrating();
      case UNKNOWN -> waiting();
    };
  }

  /** Where it runs is said by what we don't understand: nothing is written beside that. */
  private Plan<ResourceStep> leftTo(String what, Entry foreign) {
    resource(facts.resource().flatMap(Resource::group), false);
    boolean follows = wanted.placement().followReplicas() && facts.copies().areKept();
    boolean ours = foreign.name().equals(wanted.placementName());
    if (!wanted.placement().nodes().isEmpty() || follows || ours) {
      gate.find(Foreign.placement(wanted.sid(), what, foreign));
    }
    return gate.plan();
  }

  /** A rule keeps it off nodes: that is enough, and no other is written. */
  private Plan<ResourceStep> beside(Entry negative) {
    resource(Optional.empty(), false);
    if (!wanted.placement().nodes().isEmpty()) {
      gate.find(Foreign.negative(wanted.sid(), negative));
    }
    return gate.plan();
  }

  private Plan<ResourceStep> waiting() {
    gate.find(
        Finding.delays(
            ConditionReason.WAITING_FOR_CLUSTER,
            "It is not known yet whether this cluster places guests by groups or by rules."));
    return gate.blocked();
  }

  private Plan<ResourceStep> migrating() {
    gate.find(
        Finding.delays(
            ConditionReason.MIGRATION_PENDING,
            ("Proxmox is migrating HA groups to rules; the placement of %s stays unchanged "
                    + "until that is done.")
                .formatted(wanted.sid())));
    resource(facts.resource().flatMap(Resource::group), false);
    return gate.plan();
  }

  private Plan<ResourceStep> withGroups() {
    if (!wanted.placement().together().isEmpty() || !wanted.placement().apart().isEmpty()) {
      gate.find(
          Finding.blocks(
              ConditionReason.UNSUPPORTED_VERSION,
              "spec.placement: together and apart need Proxmox VE 9; drop them, or upgrade."));
    }
    Optional<Preferences> preferences = choice.preferences();
    Optional<String> used = facts.resource().flatMap(Resource::group);
    if (preferences.isEmpty()) {
      boolean drop = used.filter(wanted.placementName()::equals).isPresent();
      resource(drop ? Optional.empty() : used, drop);
      own().filter(entry -> !drop).ifPresent(e -> gate.want(new RemovePlacement(e.name())));
      used.flatMap(this::entry).ifPresent(this::widen);
      return gate.plan();
    }
    Optional<Entry> usable =
        used.flatMap(this::entry)
            .filter(e -> e.sids().equals(Set.of(wanted.sid())) || isRight(e, preferences.get()))
            .or(this::own);
    String name = usable.map(Entry::name).orElse(wanted.placementName());
    if (usable.filter(entry -> isRight(entry, preferences.get())).isPresent()) {
      resource(Optional.of(name), false);
    } else {
      gate.want(put(name, preferences.get(), Set.of(wanted.sid()), usable.isPresent()));
      if (facts.resource().filter(found -> isRight(found, Optional.of(name))).isEmpty()) {
        resourceLater(Optional.of(name));
      }
    }
    // Ours, left over from before it was put into another group.
    own()
        .filter(entry -> !entry.name().equals(name) && entry.sids().isEmpty())
        .ifPresent(entry -> gate.want(new RemovePlacement(entry.name())));
    return gate.plan();
  }

  private Plan<ResourceStep> withRules() {
    boolean ready = resource(Optional.empty(), false) && !isMovedByProxmox();
    Optional<Entry> holding =
        facts.entries().stream()
            .filter(e -> e.sids().contains(wanted.sid()) && !e.disabled())
            .findFirst();
    if (choice.preferences().isEmpty()) {
      own().ifPresent(entry -> gate.want(new RemovePlacement(entry.name())));
      holding.ifPresent(this::widen);
      return gate.plan();
    }
    Preferences preferences = choice.preferences().get();
    boolean right = holding.filter(entry -> isRight(entry, preferences)).isPresent();
    if (right || own().filter(Entry::disabled).isPresent()) {
      return gate.plan();
    }
    Optional<Finding> against = conflict.ofPlacement();
    against.ifPresent(gate::find);
    if (against.isPresent() || conflict.isOwn()) {
      return gate.plan();
    }
    boolean shared = holding.filter(entry -> entry.sids().size() > 1).isPresent();
    if (shared && !choice.followsReplicas()) {
      gate.find(
          Finding.blocks(
              ConditionReason.FOREIGN_RULE,
              "spec.placement: rule %s places %s together with others and differs, and Proxmox takes"
                      .formatted(holding.get().name(), wanted.sid())
                  + " one rule per guest; take %s out of that rule, or drop spec.placement.nodes."
                      .formatted(wanted.sid())));
      return gate.plan();
    }
    Optional<Entry> existing = shared ? own() : holding.or(this::own);
    PutPlacement step =
        put(
            existing.map(Entry::name).orElse(wanted.placementName()),
            preferences,
            Set.of(wanted.sid()),
            existing.isPresent());
    if (shared) {
      gate.want(without(holding.get()));
    }
    if (ready && !shared) {
      gate.want(step);
    } else {
      gate.wantLater(step);
    }
    return gate.plan();
  }

  /** What somebody else made and following replicas took over says no less than needed again. */
  private void widen(Entry entry) {
    boolean takenOver =
        choice.followsReplicas()
            && entry.strict()
            && entry.sids().equals(Set.of(wanted.sid()))
            && !entry.name().equals(wanted.placementName());
    if (takenOver) {
      SortedMap<String, Integer> all = new TreeMap<>();
      facts.members().forEach(member -> all.put(member.value(), 0));
      gate.want(put(entry.name(), new Preferences(all, false), entry.sids(), true));
    }
  }

  /** While failback is on, Proxmox moves the guest as soon as a rule prefers another node. */
  private boolean isMovedByProxmox() {
    return facts.resource().flatMap(Resource::failback).orElse(false);
  }

  /** The same rule for the others that it places. */
  private PutPlacement without(Entry shared) {
    Set<String> others = new TreeSet<>(shared.sids());
    others.remove(wanted.sid());
    return new PutPlacement(
        shared.name(),
        others,
        shared.nodes(),
        shared.strict(),
        shared.failback(),
        true,
        Differences.of(shared, others, shared.nodes(), shared.strict(), shared.failback()));
  }

  /** Plans the resource itself, and tells whether it is there. */
  private boolean resource(Optional<String> group, boolean dropGroup) {
    if (facts.resource().isEmpty()) {
      gate.want(new AddResource(wanted, group));
      return false;
    }
    Resource found = facts.resource().get();
    if (!isRight(found, group)) {
      gate.want(update(found, group, dropGroup));
    }
    return true;
  }

  private boolean isRight(Resource found, Optional<String> group) {
    return Differences.of(found, wanted, group).isEmpty();
  }

  private void resourceLater(Optional<String> group) {
    gate.wantLater(
        facts.resource().isEmpty()
            ? new AddResource(wanted, group)
            : update(facts.resource().get(), group, false));
  }

  private UpdateResource update(Resource found, Optional<String> group, boolean dropGroup) {
    return new UpdateResource(wanted, group, dropGroup, Differences.of(found, wanted, group));
  }

  private Optional<Entry> own() {
    return entry(wanted.placementName());
  }

  private Optional<Entry> entry(String name) {
    return facts.entries().stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  private boolean isRight(Entry entry, Preferences preferences) {
    return !entry.disabled() && differences(entry, entry.sids(), preferences).isEmpty();
  }

  private PutPlacement put(String name, Preferences preferences, Set<String> sids, boolean exists) {
    return new PutPlacement(
        name,
        sids,
        preferences.nodes(),
        preferences.strict(),
        wanted.failback(),
        exists,
        entry(name).map(was -> differences(was, sids, preferences)).orElse(List.of()));
  }

  /** Rules say nothing of failback; the resource does. */
  private List<String> differences(Entry was, Set<String> sids, Preferences preferences) {
    boolean groups = facts.placedBy() == ResourceFacts.PlacedBy.GROUPS;
    return Differences.of(
        was,
        sids,
        preferences.nodes(),
        preferences.strict(),
        groups ? wanted.failback() : was.failback());
  }
}
