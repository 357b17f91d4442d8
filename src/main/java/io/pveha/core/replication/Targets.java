package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where replicas of one guest go, seen from where it is.
 *
 * @param jobs of the guest, without those that are being removed
 */
record Targets(
    WantedReplication.Targets wanted, ReplicationFacts facts, Guest guest, List<Job> jobs) {

  List<NodeName> nodes() {
    if (wanted.allOthers()) {
      return others();
    }
    return wanted.count().isPresent() ? counted(wanted.count().getAsInt()) : listed();
  }

  private List<NodeName> others() {
    return facts.members().keySet().stream().filter(node -> !node.equals(guest.home())).toList();
  }

  private List<NodeName> listed() {
    List<NodeName> listed =
        new ArrayList<>(
            wanted.nodes().stream().filter(node -> !node.equals(guest.home())).toList());
    if (wanted.nodes().contains(guest.home())) {
      // The guest took a target's place, so its former home keeps the replica that it has.
      jobs.stream()
          .flatMap(job -> job.leadsTo(guest).stream())
          .filter(node -> !listed.contains(node) && facts.members().containsKey(node))
          .findFirst()
          .ifPresent(listed::add);
    }
    return listed;
  }

  /** Nodes with a replica stay; others are taken only if they can begin one now. */
  private List<NodeName> counted(int count) {
    return others().stream()
        .filter(node -> job(node).isPresent() || canBegin(node))
        .sorted(
            Comparator.comparing((NodeName node) -> job(node).isEmpty())
                // Another's stays in any case, ours would go.
                .thenComparing(node -> !job(node).map(Job::isOurs).orElse(false))
                .thenComparing(node -> !facts.isOnline(node))
                .thenComparing(node -> job(node).flatMap(Job::recoveryPoint).isEmpty())
                .thenComparing(node -> job(node).map(Job::isBroken).orElse(false)))
        .limit(count)
        .toList();
  }

  private boolean canBegin(NodeName node) {
    return facts.isOnline(node)
        && !facts.avoided().containsKey(node)
        && facts.hasStorageOf(guest, node);
  }

  private Optional<Job> job(NodeName node) {
    return jobs.stream()
        .filter(job -> job.leadsTo(guest).filter(node::equals).isPresent())
        .findFirst();
  }
}
