package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import io.pveha.core.replication.WantedReplication.Leftover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
 *   <li>a job whose target is wanted is kept, whoever made it;
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
  }

  /**
   * Plans from facts asked for at {@code factsAt}.
   *
   * @param repaired what was remembered of replicas made anew
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
    Gate<ReplicationStep> gate = new Gate<>(Memory.EMPTY, Instant.EPOCH, Instant.EPOCH);
    BrokenChains chains = new BrokenChains(wanted, facts, gate, Memory.EMPTY, List.of());
    ReplicationPlanner planner = new ReplicationPlanner(wanted, facts, gate, chains);
    return facts.guests().stream()
        .filter(guest -> !guest.template() && facts.isOnline(guest.home()))
        .filter(guest -> !planner.sorted(guest).missing().isEmpty())
        .map(Guest::vmid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Plans to remove all jobs of these guests. */
  public static Plan<ReplicationStep> removal(
      ReplicationFacts facts, boolean keepReplicas, Memory memory, Instant factsAt, Instant now) {
    Gate<ReplicationStep> gate = new Gate<>(memory, factsAt, now);
    ReplicationPlanner planner = new ReplicationPlanner(null, facts, gate, null);
    for (Job job : facts.jobs()) {
      RemoveJob step = new RemoveJob(job.id(), job.target(), keepReplicas);
      Optional<Guest> stranded =
          facts.guest(job.vmid()).filter(guest -> !facts.isOnline(guest.home()));
      if (job.removing()) {
        planner.keepRemoving(job);
      } else if (stranded.isPresent()) {
        // Until the guest is back, its replica is what it can come back from.
        gate.wantLater(step);
        gate.find(waitsForHome(stranded.get()));
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

  /**
   * Jobs of one guest against its targets.
   *
   * @param kept lead to a wanted target
   * @param turning point to where the guest is, and nobody knows where they will lead
   * @param missing wanted targets without a job, less those that a turning job may serve
   */
  private record Sorted(
      List<NodeName> targets,
      List<Job> kept,
      List<Job> unwanted,
      List<Job> removing,
      List<Job> turning,
      List<NodeName> missing) {}

  private Sorted sorted(Guest guest) {
    List<Job> jobs =
        facts.jobs().stream()
            .filter(job -> job.vmid() == guest.vmid())
            .sorted(Comparator.comparingInt(Job::number))
            .toList();
    List<NodeName> targets =
        new Targets(
                wanted.targets(), facts, guest, jobs.stream().filter(j -> !j.removing()).toList())
            .nodes();
    Sorted sorted =
        new Sorted(
            targets,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    Set<NodeName> served = new HashSet<>();
    for (Job job : jobs) {
      Optional<NodeName> leadsTo = job.leadsTo(guest);
      if (job.removing()) {
        sorted.removing().add(job);
      } else if (leadsTo.isEmpty()) {
        sorted.turning().add(job);
      } else if (targets.contains(leadsTo.get()) && served.add(leadsTo.get())) {
        sorted.kept().add(job);
      } else {
        sorted.unwanted().add(job);
      }
    }
    sorted.removing().forEach(job -> job.leadsTo(guest).ifPresent(served::add));
    List<NodeName> unserved = targets.stream().filter(node -> !served.contains(node)).toList();
    unserved.stream()
        .limit(Math.max(0, unserved.size() - sorted.turning().size()))
        .forEach(sorted.missing()::add);
    return sorted;
  }

  private void planGuest(Guest guest) {
    Sorted jobs = sorted(guest);
    jobs.removing().forEach(this::keepRemoving);
    if (isFit(guest)) {
      if (jobs.targets().isEmpty()) {
        gate.find(
            Finding.blocks(
                Reason.NO_TARGET,
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
              && (jobs.unwanted().isEmpty() || wanted.leftover() == Leftover.RETAIN);
      chains.look(guest, jobs.kept(), jobs.targets().size(), isSettled);
      jobs.unwanted().forEach(job -> remove(guest, job, jobs));
    }
  }

  /** A guest without a disk to replicate gets no jobs, and keeps those that it has. */
  private boolean isFit(Guest guest) {
    Optional<String> obstacle =
        guest.template()
            ? Optional.of("Guest %d is a template".formatted(guest.vmid()))
            : guest.disks().flatMap(disks -> obstacle(guest, disks));
    obstacle.ifPresent(
        words -> gate.find(Finding.blocks(Reason.NOTHING_TO_REPLICATE, words + ".")));
    return obstacle.isEmpty();
  }

  private static Optional<String> obstacle(Guest guest, Disks disks) {
    if (!disks.others().isEmpty()) {
      return Optional.of(
          "Guest %d has disks that can't be replicated: %s; move them to a ZFS storage, or exempt"
                  .formatted(guest.vmid(), String.join(", ", disks.others()))
              + " them with replicate=0");
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
              Reason.NO_TARGET,
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
    if (!right) {
      gate.want(new UpdateJob(job.id(), wanted.schedule(), wanted.rateMBps(), wanted.suspended()));
    }
  }

  /** Whether a step does it now; else a finding says what it waits for. */
  private boolean create(Guest guest, NodeName target) {
    if (facts.avoided().containsKey(target)) {
      gate.find(
          Finding.delays(
              Reason.WAITING_FOR_NODE,
              "%s %s and takes no new replica of guest %d until that is over."
                  .formatted(target, facts.avoided().get(target), guest.vmid())));
      return false;
    }
    if (!facts.hasStorageOf(guest, target)) {
      gate.find(
          Finding.delays(
              Reason.TARGET_LACKS_STORAGE,
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
            wanted.suspended());
    if (!facts.isOnline(guest.home())) {
      gate.wantLater(step);
      gate.find(waitsForHome(guest));
      return false;
    }
    gate.want(step);
    return true;
  }

  private void remove(Guest guest, Job job, Sorted jobs) {
    if (wanted.leftover() == Leftover.RETAIN) {
      gate.find(
          Finding.informs(
              Reason.REMOVAL_PENDING,
              "Job %s to %s is not in spec.targets; deletionPolicy: Retain leaves it and its replica. Set deletionPolicy: Delete, or run `pvesr delete %s` on %s."
                  .formatted(job.id(), job.target(), job.id(), guest.home())));
      return;
    }
    RemoveJob step =
        new RemoveJob(job.id(), job.target(), wanted.leftover() == Leftover.KEEP_REPLICA);
    boolean isReplaced =
        jobs.kept().stream()
            .anyMatch(
                kept ->
                    kept.recoveryPoint().isPresent()
                        && !kept.pointsHome(guest)
                        && !kept.isBroken());
    if (!facts.isOnline(guest.home())) {
      gate.wantLater(step);
      gate.find(waitsForHome(guest));
    } else if (!isReplaced) {
      gate.wantLater(step);
      gate.find(
          Finding.delays(
              Reason.IN_PROGRESS,
              "Job %s to %s and its replica stay until guest %d has a replica on %s."
                  .formatted(
                      job.id(),
                      job.target(),
                      guest.vmid(),
                      jobs.targets().stream()
                          .map(NodeName::value)
                          .collect(Collectors.joining(" or ")))));
    } else {
      gate.want(step);
    }
  }

  private static Finding waitsForHome(Guest guest) {
    return Finding.delays(
        Reason.WAITING_FOR_NODE,
        "Guest %d is on %s, which is not online; its jobs change when it is back or the guest is"
                .formatted(guest.vmid(), guest.home())
            + " elsewhere.");
  }

  /** A job that is marked for removal, which Proxmox carries out at the guest's node. */
  private void keepRemoving(Job job) {
    Optional<String> waitsFor =
        facts
            .guest(job.vmid())
            .map(Guest::home)
            .filter(home -> !facts.isOnline(home))
            .map(home -> home + ", where guest " + job.vmid() + " is,")
            .or(
                () ->
                    facts.isOnline(job.target())
                        ? Optional.empty()
                        : Optional.of(job.target().value()));
    String message =
        "Replication job %s to %s is marked for removal; %s."
            .formatted(
                job.id(),
                job.target(),
                waitsFor
                    .map(node -> node + " has to be online for that")
                    .orElse("the node of guest %d does it soon".formatted(job.vmid())));
    if (waitsFor.isPresent()) {
      gate.find(Finding.delays(Reason.REMOVAL_PENDING, message));
    }
    gate.keep(new RemoveJob(job.id(), job.target(), false).key(), message);
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
