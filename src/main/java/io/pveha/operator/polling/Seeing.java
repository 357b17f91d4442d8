package io.pveha.operator.polling;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.safety.AbsenceLog;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.Sight;
import io.pveha.core.safety.Sight.Anchors;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.PlacementCalls.Group;
import io.pveha.proxmox.PlacementCalls.Rule;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.Rows;
import io.pveha.proxmox.Rows.Derivation;
import io.pveha.proxmox.StorageCalls.Storage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Proxmox lists and what it must list, as the question whether absence is proven needs it. */
final class Seeing {

  /** Every Proxmox VE has this one, whatever is written into its configuration. */
  private static final String ALWAYS_THERE = "local";

  private static final Map<Listing, SlowQuestion> ASKED_BY =
      Map.of(
          Listing.HA_RESOURCES, SlowQuestion.RESOURCES,
          Listing.HA_PLACEMENTS, SlowQuestion.PLACEMENT,
          Listing.REPLICATION_JOBS, SlowQuestion.JOBS,
          Listing.STORAGES, SlowQuestion.STORAGES);

  // The keys of each list, worked out once as long as the list does not change.
  private static final Derivation<Guest, Set<String>> GUESTS =
      keys(guest -> Stream.of(Integer.toString(guest.id().vmid())));
  private static final Derivation<Guest, Set<String>> POOL_MEMBERS =
      keys(guest -> guest.pool().map(pool -> pool + "/" + guest.id().vmid()).stream());
  private static final Derivation<Resource, Set<String>> RESOURCES =
      keys(resource -> Stream.of(resource.sid()));
  private static final Derivation<Rule, Set<String>> RULES = keys(rule -> Stream.of(rule.rule()));
  private static final Derivation<Group, Set<String>> GROUPS =
      keys(group -> Stream.of(group.group()));
  private static final Derivation<Job, Set<String>> JOBS =
      keys(job -> Stream.of(job.id(), job.guest() + ">" + job.target()));
  private static final Derivation<Storage, Set<String>> STORAGES =
      keys(storage -> Stream.of(storage.storage()));

  private Seeing() {}

  /** With what a fast round listed. */
  static AbsenceLog look(AbsenceLog log, FastFacts facts) {
    return facts.isQuorate()
        ? log.look(listed(facts), facts.isAgreed(facts.lists()), facts.at())
        : log;
  }

  /**
   * With what a slow round listed and told of privileges, which may have been back only then. A
   * list that was not told again proves nothing a second time.
   */
  static AbsenceLog look(
      AbsenceLog log, SlowFacts facts, FastFacts fast, Optional<SlowFacts> former) {
    AbsenceLog seen = log;
    for (Map.Entry<Listing, SlowQuestion> listing : ASKED_BY.entrySet()) {
      Told told = facts.told(listing.getValue());
      boolean anew =
          former
              .filter(known -> !known.told(listing.getValue()).at().isBefore(told.at()))
              .isEmpty();
      if (anew) {
        seen =
            seen.look(
                Map.of(listing.getKey(), listed(facts).get(listing.getKey())),
                fast.isAgreed(told.members()),
                told.at());
      }
    }
    return seen.shortened(facts.privileges(), facts.at())
        .shortened(former.orElse(facts).privileges(), facts.at());
  }

  static Sight of(FastFacts fast, SlowFacts slow, AbsenceLog log) {
    Map<Listing, Set<String>> listed = new EnumMap<>(Listing.class);
    listed.putAll(listed(fast));
    listed.putAll(listed(slow));
    Map<Listing, Anchors> anchors = new EnumMap<>(Listing.class);
    anchors.put(Listing.GUESTS, guests(fast, slow));
    anchors.put(Listing.HA_RESOURCES, resources(fast, slow));
    anchors.put(Listing.REPLICATION_JOBS, jobs(slow));
    anchors.put(
        Listing.STORAGES,
        new Anchors(
            Map.of(ALWAYS_THERE, "Every Proxmox VE has storage local"),
            false,
            "Check the API of the members."));
    return Sight.of(
            slow.privileges(), slow.told(SlowQuestion.PRIVILEGES).at(), listed, anchors, log)
        .withBlind(UnreadRows.of(fast, slow))
        .withWitnesses(Listing.STORAGES, storages(slow));
  }

  /** Storages as nodes list them for themselves: whatever the list of all lacks may be one. */
  private static Anchors storages(SlowFacts slow) {
    Map<String, String> witness = new HashMap<>();
    slow.nodes()
        .forEach(
            (node, told) ->
                told.storages()
                    .forEach(
                        storage ->
                            witness.putIfAbsent(
                                storage.storage(),
                                "%s lists storage %s for itself"
                                    .formatted(node, storage.storage()))));
    slow.storages().forEach(storage -> witness.remove(storage.storage()));
    return new Anchors(witness, true, "It is checked again.");
  }

  private static Map<Listing, Set<String>> listed(FastFacts facts) {
    return Map.of(
        Listing.GUESTS,
        Rows.derived(facts.guests(), GUESTS),
        Listing.POOL_MEMBERS,
        Rows.derived(facts.guests(), POOL_MEMBERS));
  }

  private static Map<Listing, Set<String>> listed(SlowFacts facts) {
    return Map.of(
        Listing.HA_RESOURCES,
        Rows.derived(facts.resources(), RESOURCES),
        Listing.HA_PLACEMENTS,
        facts.groups().isEmpty()
            ? Rows.derived(facts.rules(), RULES)
            : Stream.of(Rows.derived(facts.rules(), RULES), Rows.derived(facts.groups(), GROUPS))
                .flatMap(Set::stream)
                .collect(Collectors.toSet()),
        Listing.REPLICATION_JOBS,
        Rows.derived(facts.jobs(), JOBS),
        Listing.STORAGES,
        Rows.derived(facts.storages(), STORAGES));
  }

  private static <T> Derivation<T, Set<String>> keys(Function<T, Stream<String>> keys) {
    return Derivation.of(rows -> Set.copyOf(rows.stream().flatMap(keys).toList()));
  }

  /** Guests that Proxmox HA or a job has; the list is in doubt if it shows none of them. */
  private static Anchors guests(FastFacts fast, SlowFacts slow) {
    Map<String, String> witness = new HashMap<>();
    if (showsAny(fast, slow)) {
      return new Anchors(witness, false, "");
    }
    slow.jobs().stream()
        .map(Job::guest)
        .forEach(
            vmid ->
                witness.put(
                    vmid.toString(), "Replication jobs of guest %d are listed".formatted(vmid)));
    sids(fast, slow)
        .forEach(
            sid -> witness.put(sid.replaceFirst(".*:", ""), "Proxmox HA lists %s".formatted(sid)));
    return new Anchors(
        witness,
        false,
        "Restore it, or take what is left of it out of Proxmox: ha-manager remove, pvesr delete.");
  }

  /** Whether it shows any of them. */
  private static boolean showsAny(FastFacts fast, SlowFacts slow) {
    return slow.jobs().stream().anyMatch(job -> fast.guest(job.guest()).isPresent())
        || sids(fast, slow).stream()
            .flatMap(sid -> GuestId.ofSid(sid).stream())
            .anyMatch(id -> fast.guest(id.vmid()).isPresent());
  }

  private static Set<String> sids(FastFacts fast, SlowFacts slow) {
    Set<String> sids = new TreeSet<>(fast.ha().manager().serviceStatus().keySet());
    slow.resources().forEach(resource -> sids.add(resource.sid()));
    return sids;
  }

  /** Only those that are not listed: of the others nobody asks. */
  private static Anchors resources(FastFacts fast, SlowFacts slow) {
    return new Anchors(
        fast.ha().manager().serviceStatus().keySet().stream()
            .filter(sid -> slow.resource(sid).isEmpty())
            .collect(
                Collectors.toMap(
                    Function.identity(), sid -> "The HA manager still works on %s".formatted(sid))),
        true,
        "It drops what is not under HA in its next round.");
  }

  /** Only those that are not listed: of the others nobody asks. */
  private static Anchors jobs(SlowFacts slow) {
    Set<String> listed = Rows.derived(slow.jobs(), JOBS);
    return new Anchors(
        slow.nodes().entrySet().stream()
            .flatMap(
                node ->
                    node.getValue().jobs().stream()
                        .map(JobStatus::id)
                        .filter(id -> !listed.contains(id))
                        .map(
                            id ->
                                Map.entry(
                                    id,
                                    "%s lists replication job %s".formatted(node.getKey(), id))))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one)),
        true,
        "It is checked again.");
  }
}
