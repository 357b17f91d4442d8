package io.pveha.operator.polling;

import io.pveha.core.safety.AbsenceLog;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.Sight;
import io.pveha.core.safety.Sight.Anchors;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
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

  private Seeing() {}

  /** With what a fast round listed. */
  static AbsenceLog look(AbsenceLog log, FastFacts facts) {
    return facts.isQuorate()
        ? log.look(listed(facts), facts.isAgreed(facts.lists()), facts.at())
        : log;
  }

  /**
   * With what a slow round listed and told of privileges, which may have been back only then. A
   * list that was not told anew proves nothing a second time.
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
    anchors.put(Listing.HA_RESOURCES, resources(fast));
    anchors.put(Listing.REPLICATION_JOBS, jobs(slow));
    anchors.put(
        Listing.STORAGES,
        new Anchors(
            Map.of(ALWAYS_THERE, "Every Proxmox VE has storage local"),
            false,
            "Look at the API of the members."));
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
    return new Anchors(witness, true, "It is looked at again.");
  }

  private static Map<Listing, Set<String>> listed(FastFacts facts) {
    return Map.of(
        Listing.GUESTS,
        facts.guests().stream()
            .map(guest -> Integer.toString(guest.id().vmid()))
            .collect(Collectors.toSet()),
        Listing.POOL_MEMBERS,
        facts.guests().stream()
            .flatMap(guest -> guest.pool().map(pool -> pool + "/" + guest.id().vmid()).stream())
            .collect(Collectors.toSet()));
  }

  private static Map<Listing, Set<String>> listed(SlowFacts facts) {
    return Map.of(
        Listing.HA_RESOURCES,
        keys(facts.resources().stream(), Resource::sid),
        Listing.HA_PLACEMENTS,
        Stream.concat(
                facts.rules().stream().map(rule -> rule.rule()),
                facts.groups().stream().map(group -> group.group()))
            .collect(Collectors.toSet()),
        Listing.REPLICATION_JOBS,
        facts.jobs().stream()
            .flatMap(job -> Stream.of(job.id(), job.guest() + ">" + job.target()))
            .collect(Collectors.toSet()),
        Listing.STORAGES,
        keys(facts.storages().stream(), Storage::storage));
  }

  private static <T> Set<String> keys(Stream<T> rows, Function<T, String> key) {
    return rows.map(key).collect(Collectors.toSet());
  }

  /** Guests that Proxmox HA or a job has; the list is in doubt if it shows none of them. */
  private static Anchors guests(FastFacts fast, SlowFacts slow) {
    Map<String, String> witness = new HashMap<>();
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

  private static Set<String> sids(FastFacts fast, SlowFacts slow) {
    Set<String> sids = new TreeSet<>(fast.ha().manager().serviceStatus().keySet());
    slow.resources().forEach(resource -> sids.add(resource.sid()));
    return sids;
  }

  private static Anchors resources(FastFacts fast) {
    return new Anchors(
        fast.ha().manager().serviceStatus().keySet().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), sid -> "The HA manager still works on %s".formatted(sid))),
        true,
        "It drops what is not under HA in its next round.");
  }

  private static Anchors jobs(SlowFacts slow) {
    return new Anchors(
        slow.nodes().entrySet().stream()
            .flatMap(
                node ->
                    node.getValue().jobs().stream()
                        .map(JobStatus::id)
                        .map(
                            id ->
                                Map.entry(
                                    id,
                                    "%s lists replication job %s".formatted(node.getKey(), id))))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one)),
        true,
        "It is looked at again.");
  }
}
