package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans the jobs of guests. Properties kept:
 *
 * <ol>
 *   <li>a job whose target is wanted is kept, whoever made it;
 *   <li>a job back to the node where its guest now is, is left alone: Proxmox turns it round itself
 *       within a minute, and removing it would cost a full copy;
 *   <li>so a guest that moved to one of its targets causes no step at all.
 * </ol>
 */
public final class ReplicationPlanner {

  private final WantedReplication wanted;
  private final ReplicationFacts facts;
  private final Gate<ReplicationStep> gate;

  /** Numbers that a step of this plan takes, by guest. */
  private final Map<Integer, Set<Integer>> taken = new HashMap<>();

  private ReplicationPlanner(
      WantedReplication wanted, ReplicationFacts facts, Gate<ReplicationStep> gate) {
    this.wanted = wanted;
    this.facts = facts;
    this.gate = gate;
  }

  /** Plans from facts asked for at {@code factsAt}. */
  public static Plan<ReplicationStep> plan(
      WantedReplication wanted,
      ReplicationFacts facts,
      Memory memory,
      Instant factsAt,
      Instant now) {
    return new ReplicationPlanner(wanted, facts, new Gate<>(memory, factsAt, now)).plan();
  }

  /** Plans to remove all jobs of these guests. */
  public static Plan<ReplicationStep> removal(
      ReplicationFacts facts, boolean keepReplicas, Memory memory, Instant factsAt, Instant now) {
    Gate<ReplicationStep> gate = new Gate<>(memory, factsAt, now);
    for (Job job : facts.jobs()) {
      RemoveJob step = new RemoveJob(job.id(), job.target(), keepReplicas);
      if (job.removing()) {
        gate.keep(
            step.key(),
            "Replication job %s is marked for removal; the node of guest %d does it."
                .formatted(job.id(), job.vmid()));
      } else {
        gate.want(step);
      }
    }
    return gate.plan();
  }

  private Plan<ReplicationStep> plan() {
    List<String> unknown =
        wanted.targets().nodes().stream()
            .filter(target -> !facts.members().containsKey(target))
            .map(NodeName::value)
            .toList();
    if (!unknown.isEmpty()) {
      gate.find(
          Finding.blocks(
              Reason.TARGET_UNKNOWN,
              "spec.targets.nodes: %s is no member of the cluster; the members are %s."
                  .formatted(
                      String.join(", ", unknown),
                      facts.members().keySet().stream()
                          .map(NodeName::value)
                          .sorted()
                          .collect(Collectors.joining(", ")))));
      return gate.blocked();
    }
    facts.guests().stream().sorted(Comparator.comparingInt(Guest::vmid)).forEach(this::planGuest);
    return gate.plan();
  }

  private void planGuest(Guest guest) {
    List<Job> jobs =
        facts.jobs().stream()
            .filter(job -> job.vmid() == guest.vmid())
            .sorted(Comparator.comparing(Job::id))
            .toList();
    Set<NodeName> targets = targets(guest, jobs);
    if (targets.isEmpty()) {
      gate.find(
          Finding.blocks(
              Reason.NO_TARGET,
              "spec.targets: no other node can take a replica of guest %d, which is on %s."
                  .formatted(guest.vmid(), guest.home().value())));
    }
    // Proxmox will turn a job that points home to the node that the guest left.
    long turning = jobs.stream().filter(job -> pointsHome(job, guest)).count();
    Set<NodeName> served = new HashSet<>();
    for (Job job : jobs) {
      if (job.removing()) {
        gate.keep(
            new RemoveJob(job.id(), job.target(), false).key(),
            "Replication job %s is marked for removal; the node of guest %d does it."
                .formatted(job.id(), guest.vmid()));
      } else if (pointsHome(job, guest)) {
        gate.lookAgainAt(gate.now().plusSeconds(20));
      } else if (targets.contains(job.target())) {
        served.add(job.target());
        settings(job);
      } else {
        gate.want(new RemoveJob(job.id(), job.target(), false));
      }
    }
    List<NodeName> missing =
        targets.stream()
            .filter(target -> !served.contains(target))
            .filter(
                target -> jobs.stream().noneMatch(j -> j.removing() && j.target().equals(target)))
            .toList();
    missing.stream()
        .limit(Math.max(0, missing.size() - turning))
        .forEach(t -> create(guest, t, jobs));
  }

  private static boolean pointsHome(Job job, Guest guest) {
    return job.target().equals(guest.home()) && !job.removing();
  }

  private void settings(Job job) {
    boolean right =
        job.schedule().equals(wanted.schedule())
            && job.rateMBps().equals(wanted.rateMBps())
            && job.disabled() == wanted.suspended();
    if (!right) {
      gate.want(new UpdateJob(job.id(), wanted.schedule(), wanted.rateMBps(), wanted.suspended()));
    }
    boolean broken =
        job.state()
            .flatMap(ReplicationFacts.JobState::error)
            .filter(error -> error.contains("No common base"))
            .isPresent();
    if (broken && wanted.recreate()) {
      gate.want(new RemoveJob(job.id(), job.target(), false));
    } else if (broken) {
      gate.find(
          Finding.blocks(
              Reason.CHAIN_BROKEN,
              "Job %s has no snapshot in common with its replica on %s; set repair: Recreate, or"
                      .formatted(job.id(), job.target().value())
                  + " remove the replica's volumes."));
    }
  }

  private void create(Guest guest, NodeName target, List<Job> jobs) {
    if (!facts.withStorage().isEmpty() && !facts.withStorage().contains(target)) {
      gate.find(
          Finding.delays(
              Reason.TARGET_LACKS_STORAGE,
              "%s lacks the storage of the disks of guest %d; add it to the ZfsPool."
                  .formatted(target.value(), guest.vmid())));
      return;
    }
    gate.want(
        new CreateJob(
            guest.vmid() + "-" + freeNumber(guest.vmid(), jobs),
            guest.vmid(),
            target,
            wanted.schedule(),
            wanted.rateMBps(),
            wanted.suspended()));
  }

  private int freeNumber(int vmid, List<Job> jobs) {
    Set<Integer> used = taken.computeIfAbsent(vmid, id -> new TreeSet<>());
    jobs.forEach(job -> used.add(job.number()));
    int number = 0;
    while (used.contains(number)) {
      number++;
    }
    used.add(number);
    return number;
  }

  private Set<NodeName> targets(Guest guest, List<Job> jobs) {
    List<NodeName> others =
        facts.members().keySet().stream().filter(node -> !node.equals(guest.home())).toList();
    WantedReplication.Targets targets = wanted.targets();
    if (targets.allOthers()) {
      return new LinkedHashSet<>(others);
    }
    if (targets.count().isEmpty()) {
      Set<NodeName> listed =
          targets.nodes().stream()
              .filter(node -> !node.equals(guest.home()))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      if (targets.nodes().contains(guest.home())) {
        // The guest took a target's place, so its former home keeps the replica that it has.
        jobs.stream()
            .filter(job -> !job.removing() && !targets.nodes().contains(job.target()))
            .findFirst()
            .ifPresent(job -> listed.add(job.target()));
      }
      return listed;
    }
    Comparator<NodeName> keepFirst =
        Comparator.comparing(
                (NodeName node) -> jobs.stream().noneMatch(job -> job.target().equals(node)))
            .thenComparing(
                node -> !facts.withStorage().isEmpty() && !facts.withStorage().contains(node));
    return others.stream()
        .sorted(keepFirst)
        .limit(targets.count().getAsInt())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
