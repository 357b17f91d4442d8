package io.pveha.core.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import io.pveha.core.replication.WantedReplication.Leftover;
import io.pveha.core.safety.JobMark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plans the jobs of guests. Properties kept:
 *
 * <ol>
 *   <li>a job whose target is wanted is kept, whoever made it; one that does not have our mark is
 *       never changed or removed;
 *   <li>a job that points to where its guest now is counts as one to the node that the guest left:
 *       Proxmox turns it round itself within a minute, and removing it would cost a full copy;
 *   <li>so a guest that moved to one of its targets causes no step at all;
 *   <li>a job that is not wanted goes only when the node of its guest is online, and not before the
 *       guest has a replica where one is wanted;
 *   <li>and never while its owner has not said that it may go: {@link Leftover#RETAIN} leaves it.
 * </ol>
 */
public final class ReplicationPlanner {

  private final WantedReplication wanted;
  private final ReplicationFacts facts;
  private final Gate<ReplicationStep> gate;
  private final BrokenChains chains;
  private final JobRemovals removals;

  /** Numbers that a step of this plan takes, by guest. */
  private final Map<Integer, Set<Integer>> taken = new HashMap<>();

  private ReplicationPlanner(
      WantedReplication wanted,
      ReplicationFacts facts,
      Gate<ReplicationStep> gate,
      BrokenChains chains) {
    this.wanted = wanted;
    this.facts = facts;
    this.gate = gate;
    this.chains = chains;
    this.removals = new JobRemovals(facts, gate);
  }

  /**
   * Plans from facts asked for at {@code factsAt}.
   *
   * @param repaired what was remembered of replicas recreated
   */
  public static ReplicationPlan plan(
      WantedReplication wanted,
      ReplicationFacts facts,
      List<Repaired> repaired,
      Memory memory,
      Instant factsAt,
      Instant now) {
    Gate<ReplicationStep> gate = new Gate<>(memory, factsAt, now);
    BrokenChains chains = new BrokenChains(wanted, facts, gate, memory, repaired);
    Plan<ReplicationStep> plan = new ReplicationPlanner(wanted, facts, gate, chains).plan();
    return new ReplicationPlan(plan, chains.repaired());
  }

  /** Guests that lack a job, of whose disks more must be known than that there is one. */
  public static Set<Integer> lackingJobs(WantedReplication wanted, ReplicationFacts facts) {
    return facts.guests().stream()
        .filter(guest -> !guest.template() && facts.isOnline(guest.home()))
        .filter(guest -> !GuestJobs.of(wanted, facts, guest).missing().isEmpty())
        .map(Guest::vmid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Plans to remove all jobs of these guests that have our mark. */
  public static Plan<ReplicationStep> removal(
      ReplicationFacts facts, boolean keepReplicas, Memory memory, Instant factsAt, Instant now) {
    Gate<ReplicationStep> gate = new Gate<>(memory, factsAt, now);
    JobRemovals removals = new JobRemovals(facts, gate);
    facts.jobs().forEach(job -> removals.remove(job, keepReplicas));
    return gate.plan();
  }

  /**
   * What is said of the jobs of these guests that {@link #removal} leaves, since they are not ours.
   */
  public static List<Finding> leftBehind(ReplicationFacts facts) {
    return facts.jobs().stream()
        .filter(job -> !job.isOurs())
        .map(job -> ForeignJobs.stays(job, facts))
        .toList();
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
              ConditionReason.TARGET_UNKNOWN,
              "spec.targets.nodes: %s is not a member of the cluster; the members are %s."
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
    GuestJobs jobs = GuestJobs.of(wanted, facts, guest);
    jobs.removing().forEach(removals::keepRemoving);
    jobs.unwanted().stream()
        .filter(job -> !facts.isMember(job.target()))
        .forEach(job -> removals.drop(guest, job, jobs, wanted));
    if (isFit(guest)) {
      if (jobs.targets().isEmpty()) {
        gate.find(
            Finding.blocks(
                ConditionReason.NO_TARGET,
                "spec.targets: no other node can take a replica of guest %d, which is on %s."
                    .formatted(guest.vmid(), guest.home())));
        return;
      }
      wanted.targets().count().ifPresent(count -> tooFew(guest, count, jobs.targets().size()));
      boolean creates = jobs.missing().stream().filter(target -> create(guest, target)).count() > 0;
      boolean isTurning =
          Stream.concat(jobs.kept().stream(), jobs.turning().stream())
              .anyMatch(job -> job.pointsHome(guest));
      if (isTurning) {
        gate.lookAgainAt(gate.now().plusSeconds(20));
      }
      jobs.kept().stream().filter(job -> !job.pointsHome(guest)).forEach(this::settings);
      boolean isSettled =
          !creates
              && !isTurning
              && jobs.removing().isEmpty()
              && (wanted.leftover() == Leftover.RETAIN
                  || jobs.unwanted().stream().noneMatch(Job::isOurs));
      chains.look(guest, jobs.kept(), jobs.targets().size(), isSettled);
      jobs.unwanted().stream()
          .filter(job -> facts.isMember(job.target()))
          .forEach(job -> removals.drop(guest, job, jobs, wanted));
    }
  }

  /** A guest without a disk to replicate gets no jobs, and keeps those that it has. */
  private boolean isFit(Guest guest) {
    Optional<String> obstacle =
        guest.template()
            ? Optional.of("Guest %d is a template".formatted(guest.vmid()))
            : guest.disks().flatMap(disks -> obstacle(guest, disks));
    obstacle.ifPresent(
        words -> gate.find(Finding.blocks(ConditionReason.NOTHING_TO_REPLICATE, words + ".")));
    return obstacle.isEmpty();
  }

  private static Optional<String> obstacle(Guest guest, Disks disks) {
    if (!disks.others().isEmpty()) {
      return Optional.of(
          "Guest %d has disks that can't be replicated: %s; move them to a ZFS storage or to one that"
                  .formatted(guest.vmid(), String.join(", ", disks.others()))
              + " all nodes share. With replicate=0 on them the others are replicated, but the"
              + " guest can't start on another node, where these are missing");
    }
    if (!disks.paths().isEmpty()) {
      return Optional.of(
          "Guest %d has %s of its node, for which Proxmox refuses replication; set replicate=0 on it,"
                  .formatted(guest.vmid(), String.join(", ", disks.paths()))
              + " and provide the same on every node where the guest is to start");
    }
    return disks.replicable().isEmpty()
        ? Optional.of(
            "Guest %d has no disk on a ZFS storage; move one to the storage of a ZfsPool"
                .formatted(guest.vmid()))
        : Optional.empty();
  }

  private void tooFew(Guest guest, int count, int found) {
    if (found < count) {
      gate.find(
          Finding.delays(
              ConditionReason.NO_TARGET,
              "spec.targets.count: only %d of %d nodes can take a replica of guest %d now%s."
                  .formatted(found, count, guest.vmid(), why(guest))));
    }
  }

  private String why(Guest guest) {
    List<String> causes = new ArrayList<>();
    for (NodeName node : facts.members().keySet()) {
      if (!node.equals(guest.home())) {
        if (facts.avoided().containsKey(node)) {
          causes.add(node + " " + facts.avoided().get(node));
        } else if (!facts.isOnline(node)) {
          causes.add(node + " is offline");
        } else if (!facts.hasStorageOf(guest, node)) {
          causes.add(node + " lacks the storage");
        }
      }
    }
    return causes.isEmpty() ? "" : ": " + String.join(", ", causes);
  }

  private void settings(Job job) {
    boolean right =
        job.schedule().equals(wanted.schedule())
            && job.rateMBps().equals(wanted.rateMBps())
            && job.disabled() == wanted.suspended();
    switch (job.owner()) {
      case OURS -> {
        if (!right) {
          gate.want(update(job, Optional.empty()));
        }
      }
      case CLAIMABLE -> gate.want(update(job, Optional.of(wanted.mark())));
      case FOREIGN ->
          gate.find(
              right ? ForeignJobs.left(job, wanted.mark()) : ForeignJobs.differs(job, wanted));
    }
  }

  private UpdateJob update(Job job, Optional<JobMark> mark) {
    return new UpdateJob(job.id(), wanted.schedule(), wanted.rateMBps(), wanted.suspended(), mark);
  }

  /** Whether a step does it now; else a finding says what it waits for. */
  private boolean create(Guest guest, NodeName target) {
    if (facts.avoided().containsKey(target)) {
      gate.find(
          Finding.delays(
              ConditionReason.WAITING_FOR_NODE,
              "%s %s and takes no new replica of guest %d until that is over."
                  .formatted(target, facts.avoided().get(target), guest.vmid())));
      return false;
    }
    if (!facts.hasStorageOf(guest, target)) {
      gate.find(
          Finding.delays(
              ConditionReason.TARGET_LACKS_STORAGE,
              "%s lacks the storage of the disks of guest %d; add it to the ZfsPool."
                  .formatted(target, guest.vmid())));
      return false;
    }
    CreateJob step =
        new CreateJob(
            guest.vmid() + "-" + freeNumber(guest.vmid()),
            guest.vmid(),
            target,
            wanted.schedule(),
            wanted.rateMBps(),
            wanted.suspended(),
            wanted.mark());
    if (!facts.isOnline(guest.home())) {
      gate.wantLater(step);
      gate.find(JobRemovals.waitsForHome(guest));
      return false;
    }
    gate.want(step);
    return true;
  }

  private int freeNumber(int vmid) {
    Set<Integer> used = taken.computeIfAbsent(vmid, id -> new TreeSet<>());
    facts.jobs().stream().filter(job -> job.vmid() == vmid).forEach(job -> used.add(job.number()));
    int number = 0;
    while (used.contains(number)) {
      number++;
    }
    used.add(number);
    return number;
  }
}
