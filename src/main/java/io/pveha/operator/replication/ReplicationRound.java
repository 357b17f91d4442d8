package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ReplicationDeletionPolicy;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.SyncNow;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.replication.Freshness;
import io.pveha.core.replication.Repaired;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.core.replication.ReplicationPlan;
import io.pveha.core.replication.ReplicationPlanner;
import io.pveha.core.replication.ReplicationStep;
import io.pveha.core.replication.SyncOrder;
import io.pveha.core.replication.SyncPlanner;
import io.pveha.core.replication.WantedReplication;
import io.pveha.core.safety.Listing;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.Sites;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One look at one ReplicationJob: gathers what concerns it, and decides. */
final class ReplicationRound {

  /**
   * What a plan starts its job ids with is in its steps; this is one that may not be listed yet.
   */
  private static final String CREATES = "CreateReplicationJob";

  private static final int MOST_NAMED = 5;

  private static final Set<ConditionReason> SAID_OF_JOBS =
      Set.of(ConditionReason.REMOVAL_PENDING, ConditionReason.FOREIGN_JOB);

  private final ReplicationJob job;
  private final ReplicationJobSpec spec;
  private final ReplicationJobStatus former;
  private final HostCluster host;
  private final ClusterFacts facts;
  private final Instant now;
  private final ReplicationFactsReader slice;

  private final SelectedGuests selected;

  ReplicationRound(ReplicationJob job, HostCluster host, Claims claims, Instant now) {
    this.job = job;
    this.spec = job.getSpec();
    this.former = job.reported();
    this.host = host;
    this.facts = host.facts().orElseThrow();
    this.now = now;
    this.selected = new SelectedGuests(job, facts, claims, now);
    this.slice =
        new ReplicationFactsReader(
            facts,
            Sites.remote(host),
            ReplicationFactsReader.avoided(host.cluster().orElseThrow(), facts),
            ReplicationFactsReader.points(former),
            ReplicationFactsReader.mark(job),
            ReplicationFactsReader.known(former),
            selected.gaps());
  }

  ReplicationJobSpec spec() {
    return spec;
  }

  SelectedGuests selected() {
    return selected;
  }

  /** Jobs that stay as they are although the spec says otherwise, with a blank before. */
  private static String left(List<Finding> findings) {
    List<String> left =
        findings.stream()
            .filter(finding -> finding.severity() == Severity.INFORMS)
            .filter(finding -> SAID_OF_JOBS.contains(finding.reason()))
            .map(Finding::message)
            .toList();
    int more = left.size() - MOST_NAMED;
    return left.stream()
            .limit(MOST_NAMED)
            .map(message -> " " + message)
            .collect(Collectors.joining())
        + (more > 0 ? " The same of %d more.".formatted(more) : "");
  }

  /**
   * What a round came to.
   *
   * @param finishedOrder an order to replicate now that is over with this round
   */
  record Outcome(
      Plan<ReplicationStep> plan, ReplicationJobStatus status, Optional<SyncOrder> finishedOrder) {}

  /** Decides, and says so in conditions. */
  Outcome decide(ScheduleAnswer schedule, Memory memory, Conditions conditions) {
    boolean observeOnly = host.observes(spec.managementPolicy());
    WantedReplication wanted = WantedReplications.of(job);
    ReplicationFacts mine =
        slice.of(
            selected.owned(),
            disks(ReplicationPlanner.lackingJobs(wanted, slice.of(selected.owned(), Map.of()))));
    ReplicationPlan planned =
        ReplicationPlanner.plan(wanted, mine, repaired(), memory, facts.at(), now);
    Plan<ReplicationStep> jobs =
        together(
            schedule.isAccepted() ? planned.plan() : held(planned.plan()),
            noting(removal(selected.released(), memory)),
            Freshness.nextMiss(mine, wanted.rpo(), now));
    ReplicationReport report = new ReplicationReport(spec, former, mine, all(), schedule, now);
    report.conditions(jobs, observeOnly, left(jobs.findings()), conditions);
    Optional<SyncNow> order =
        Optional.ofNullable(former.syncNow()).filter(saved -> saved.finishedAt() == null);
    if (order.isEmpty()) {
      return new Outcome(
          jobs,
          report.status(planned.repaired(), former.syncNow(), selected.saved()),
          Optional.empty());
    }
    SyncOrder before = SyncNowOrder.order(order.get());
    SyncPlanner.Decision decision =
        observeOnly
            ? SyncPlanner.leaveOut(before, mine, "managementPolicy is Observe.", now)
            : SyncPlanner.plan(before, mine, memory, facts.at(), now);
    return new Outcome(
        together(jobs, decision.plan(), Optional.empty()),
        report.status(planned.repaired(), SyncNowOrder.saved(decision.order()), selected.saved()),
        Optional.of(decision.order()).filter(SyncOrder::isFinished));
  }

  private ReplicationFacts all() {
    return slice.of(
        Stream.of(selected.owned(), selected.released(), selected.held())
            .flatMap(List::stream)
            .toList(),
        Map.of());
  }

  private List<Repaired> repaired() {
    return former.repairs().stream()
        .map(
            each ->
                new Repaired(each.vmid(), new NodeName(each.target()), each.times(), each.lastAt()))
        .toList();
  }

  /** Asked only for guests that lack a job; one that can't be asked stays unknown. */
  private Map<Integer, Disks> disks(Collection<Integer> vmids) {
    Map<Integer, Disks> disks = new TreeMap<>();
    for (Guest guest : selected.owned()) {
      if (vmids.contains(guest.id().vmid())) {
        try {
          GuestCalls calls = new GuestCalls(host.watcher().orElseThrow().quorateMembers());
          disks.put(
              guest.id().vmid(),
              ReplicatedDisks.of(
                  calls.config(guest.node(), guest.id()).get(), facts.slow().storages(), shared()));
        } catch (ProxmoxFailure unknown) {
          // Proxmox itself refuses a job that can't be.
        }
      }
    }
    return disks;
  }

  private Set<String> shared() {
    return facts.slow().nodes().values().stream()
        .flatMap(node -> node.storages().stream())
        .filter(StorageStatus::shared)
        .map(StorageStatus::storage)
        .collect(Collectors.toSet());
  }

  /** No step before Proxmox has read the schedule. */
  private static Plan<ReplicationStep> held(Plan<ReplicationStep> plan) {
    return new Plan<>(
        List.of(),
        Stream.concat(plan.now().stream(), plan.later().stream()).toList(),
        plan.pending(),
        plan.findings(),
        plan.lookAgain());
  }

  private static Plan<ReplicationStep> together(
      Plan<ReplicationStep> one, Plan<ReplicationStep> other, Optional<Instant> lookAgain) {
    return new Plan<>(
        Stream.concat(one.now().stream(), other.now().stream()).toList(),
        Stream.concat(one.later().stream(), other.later().stream()).toList(),
        Stream.concat(one.pending().stream(), other.pending().stream()).distinct().toList(),
        Stream.concat(one.findings().stream(), other.findings().stream()).toList(),
        Stream.of(one.lookAgain(), other.lookAgain(), lookAgain)
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder()));
  }

  /** The same, with what is to be said of guests that others own or that are missing. */
  private Plan<ReplicationStep> noting(Plan<ReplicationStep> plan) {
    List<Finding> findings =
        Stream.of(selected.shrunk(), selected.taken()).flatMap(Optional::stream).toList();
    return together(
        plan,
        new Plan<>(List.of(), List.of(), List.of(), findings, Optional.empty()),
        Optional.empty());
  }

  private Plan<ReplicationStep> removal(List<Guest> going, Memory memory) {
    return ReplicationPlanner.removal(
        slice.of(going, Map.of()),
        spec.deletionPolicy() == ReplicationDeletionPolicy.KEEP_REPLICAS,
        memory,
        facts.at(),
        now);
  }

  /**
   * What the end of this object came to.
   *
   * @param left says which jobs are not ours and stay, each with the command that removes it; empty
   *     when there are none
   */
  record Removal(Plan<ReplicationStep> plan, ReplicationJobStatus status, String left) {

    boolean isDone() {
      return plan.isDone();
    }

    String message() {
      return plan.findings().stream()
          .map(Finding::message)
          .findFirst()
          .orElse("Proxmox is asked to remove the jobs.");
    }
  }

  /**
   * Ids of the jobs that are to go with it: those of its status, none that has no mark of this
   * object, and those that the list lacks without proof; none of a guest that another one wants.
   */
  List<String> going() {
    Set<Integer> leaving =
        selected.departing().stream().map(guest -> guest.id().vmid()).collect(Collectors.toSet());
    Set<String> ours = ReplicationFactsReader.known(former);
    Stream<String> rows =
        former.jobs().stream()
            .filter(row -> ours.contains(row.id()))
            .filter(
                row ->
                    row.vmid() == null
                        || facts.fast().guest(row.vmid()).isEmpty()
                        || leaving.contains(row.vmid()))
            .map(ReplicationJobStatus.Job::id);
    return Stream.concat(rows, unproven(leaving)).distinct().toList();
  }

  /** Rows follow the list of jobs: what it lacks may have no row any more. */
  private Stream<String> unproven(Set<Integer> guests) {
    return facts.sight().unproven(Listing.REPLICATION_JOBS).stream()
        .filter(key -> guests.stream().anyMatch(vmid -> key.matches(vmid + "-\\d+")));
  }

  /** Plans the end of this object; guests that another one wants keep their jobs. */
  Removal remove(Memory memory) {
    List<Guest> going = selected.departing();
    Plan<ReplicationStep> plan = removal(going, memory);
    List<PendingStep> unseen =
        memory.pending().stream()
            .filter(step -> step.key().action().equals(CREATES))
            .filter(step -> !step.startedAt().isBefore(facts.at()))
            .toList();
    Plan<ReplicationStep> careful =
        together(
            plan,
            new Plan<>(List.of(), List.of(), unseen, List.of(), Optional.empty()),
            Optional.empty());
    ReplicationFacts rows = slice.of(going, Map.of());
    return new Removal(
        careful,
        new ReplicationReport(spec, former, rows, rows, ScheduleAnswer.UNKNOWN, now)
            .status(repaired(), former.syncNow(), selected.saved()),
        left(ReplicationPlanner.leftBehind(rows)).strip());
  }
}
