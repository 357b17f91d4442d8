package io.pveha.operator.ownermark;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.ClusterNotes;
import io.pveha.core.safety.OwnerMark;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.connection.NotPermitted;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.FastFacts;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the notes of a datacenter just before it writes them, of two members where there are two:
 * Proxmox can't be told to write only what has not changed meanwhile.
 */
final class DatacenterNotes {

  private final ClusterWatcher watcher;
  private final WriteGrant grant;

  DatacenterNotes(ClusterWatcher watcher, WriteGrant grant) {
    this.watcher = watcher;
    this.grant = grant;
  }

  /**
   * Writes a mark above the notes, in place of those that it replaces.
   *
   * @throws ProxmoxFailure.Refused when there is a mark now that it does not replace
   */
  void write(OwnerMark mark, Predicate<OwnerMark> replaced) {
    ClusterNotes notes = read();
    if (notes.damaged().isPresent() || !notes.marks().stream().allMatch(replaced)) {
      throw new ProxmoxFailure.Refused("the owner's mark in the datacenter notes has changed");
    }
    put(notes.with(mark, replaced));
  }

  /** Takes marks away, if there are such; all else stays. */
  void remove(Predicate<OwnerMark> removed) {
    ClusterNotes notes = read();
    ClusterNotes without = notes.without(removed);
    if (!without.equals(notes)) {
      put(without);
    }
  }

  private ClusterNotes read() {
    List<String> texts =
        members().stream()
            .map(
                member ->
                    new ClusterCalls(watcher.access().node(member))
                        .notes()
                        .get()
                        .orElseThrow(
                            () ->
                                new ProxmoxFailure.Forbidden(
                                    "the datacenter notes are not visible (/, Sys.Audit)")))
            .distinct()
            .toList();
    if (texts.isEmpty()) {
      throw new ProxmoxFailure.Unreachable("no quorate member showed the datacenter notes");
    }
    if (texts.size() > 1) {
      throw new ProxmoxFailure.Refused("members differ about the datacenter notes");
    }
    return new ClusterNotes(texts.get(0));
  }

  private void put(ClusterNotes notes) {
    try {
      new ClusterCalls(watcher.access().node(members().get(0), grant)).setNotes(notes.text());
    } catch (NotPermitted meanwhile) {
      throw new ProxmoxFailure.Refused(meanwhile.getMessage());
    }
  }

  /** Those that hold the quorum, and answered the same question in the last round. */
  private List<NodeName> members() {
    Observation seen = watcher.observation();
    Set<NodeName> answering = seen.slow().map(SlowFacts::notes).map(Map::keySet).orElse(Set.of());
    return seen.fast().map(FastFacts::quorateMembers).orElse(List.of()).stream()
        .filter(answering::contains)
        .toList();
  }
}
