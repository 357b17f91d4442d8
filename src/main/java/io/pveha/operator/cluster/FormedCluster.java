package io.pveha.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.Formation;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.Scheduler;
import io.pveha.api.v1alpha1.ShutdownPolicy;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.failover.Readiness;
import io.pveha.core.move.MoveStep;
import io.pveha.core.options.OptionsPlanner;
import io.pveha.core.options.SetOption;
import io.pveha.core.options.WantedOptions;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.health.NodesHealth;
import io.pveha.operator.health.OutsideConditions;
import io.pveha.operator.move.ClusterMoves;
import io.pveha.operator.move.MoveActions;
import io.pveha.operator.move.MoveViewReader;
import io.pveha.operator.move.SettlingGuests;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.ownermark.OwnershipFinding;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.Predictions;
import io.pveha.operator.polling.SlowQuestion;
import io.pveha.operator.polling.Trouble;
import io.pveha.operator.readiness.LiveClusterReader;
import io.pveha.operator.readiness.ReadinessReport;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.StepActions;
import io.pveha.operator.steps.Work;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.PlacementCalls.Means;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Reports a formed cluster. */
final class FormedCluster {

  private static final Duration LATEST_LOOK = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Set<SlowQuestion> OPTIONS = Set.of(SlowQuestion.OPTIONS);

  private final ProxmoxClusterSpec spec;
  private final ProxmoxClusterStatus former;
  private final ClusterWatcher watcher;
  private final Collection<ReplicationJob> replications;
  private final Collection<HaResource> resources;
  private final OutsideConditions outside;
  private final Work<ProxmoxClusterStatus, ProxmoxCluster> work;
  private final OwnershipFinding ownership;
  private final OwnershipState standing;
  private final BooleanSupplier stillOwns;
  private final PermissionsReport permitted;
  private final ResourceID id;
  private final Predictions predictions;

  FormedCluster(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus former,
      ClusterWatcher watcher,
      Collection<ReplicationJob> replications,
      Collection<HaResource> resources,
      OutsideConditions outside,
      Work<ProxmoxClusterStatus, ProxmoxCluster> work,
      OwnershipFinding ownership,
      BooleanSupplier stillOwns,
      PermissionsReport permitted,
      ResourceID id,
      Predictions predictions) {
    this.spec = spec;
    this.former = former;
    this.watcher = watcher;
    this.replications = replications;
    this.resources = resources;
    this.outside = outside;
    this.work = work;
    this.ownership = ownership;
    this.standing = ownership.standing();
    this.stillOwns = stillOwns;
    this.permitted = permitted;
    this.id = id;
    this.predictions = predictions;
  }

  Duration report() {
    Observation seen = watcher.observation();
    if (seen.trouble().filter(this::letsStand).isPresent()) {
      return Trouble.LOOK_AGAIN;
    }
    Conditions conditions = new Conditions();
    Optional<ClusterFacts> facts = seen.facts();
    NodesHealth health = new NodesHealth(spec, former, seen, replications, outside, work.now());
    if (seen.trouble().isPresent()) {
      AccessProblem problem = seen.trouble().get().problem();
      ProxmoxClusterStatus unseen = UnreachableCluster.status(former, health.conditions());
      ProxmoxClusterStatus status = health.decide(unseen, conditions);
      UnreachableCluster.judge(problem, former.conditions(), conditions);
      problem.held().ifPresent(held -> permitted.judge(held, seen.slow(), conditions));
      work.report(status, conditions);
      health.tell(work);
      return soonest(LATEST_LOOK, health.lookAgain());
    } else if (facts.isPresent()) {
      conditions.isTrue(
          ConditionType.CONNECTED,
          ConditionReason.HEALTHY,
          "%s answered.".formatted(join(List.copyOf(facts.get().fast().views().keySet()))));
      permitted.judge(facts.get().slow(), conditions);
      ProxmoxClusterStatus status =
          new ClusterStatus(
                  spec,
                  former,
                  facts.get(),
                  watcher.access(),
                  health.conditions(),
                  conditions,
                  work.now())
              .status();
      Readiness readiness = predictions.answer(id, LiveClusterReader.of(facts.get(), status));
      boolean quorate = facts.get().fast().isQuorate();
      ReadinessReport.judge(
          readiness,
          quorate,
          new SettlingGuests(former, facts.get(), resources, replications, work.now())::includes,
          conditions);
      VisibilityReport sight = new VisibilityReport(facts.get());
      sight.judge(conditions);
      OutdatedAnswers old = new OutdatedAnswers(facts.get().slow());
      if (quorate && sight.isClear() && old.areFresh(SlowQuestion.READINESS)) {
        status = status.withFailoverReadiness(ReadinessReport.rows(readiness));
        predictions.report(id, readiness);
      }
      status = health.decide(status, conditions);
      judge(facts.get(), conditions);
      sight.judgeReady(conditions);
      if (quorate) {
        // Without the quorum nothing of it is asked for, and what is known of it is told as such.
        old.judge(conditions);
        old.judgeReady(conditions);
      }
      Duration pause = carryOut(facts.get(), status, conditions);
      health.tell(work);
      return soonest(pause, health.lookAgain());
    }
    return LATEST_LOOK;
  }

  /** A missed round is not told, unless it is known for more than that. */
  private boolean letsStand(Trouble trouble) {
    return !trouble.lasting()
        && !trouble.isDefinite()
        && former.conditions().stream()
            .anyMatch(
                known ->
                    known.getType().equals(ConditionType.CONNECTED.text())
                        && known.getStatus().equals("True"));
  }

  private Duration soonest(Duration pause, Optional<Instant> at) {
    Duration until = at.map(then -> Duration.between(work.now(), then)).orElse(pause);
    if (until.compareTo(pause) > 0) {
      return pause;
    }
    return until.compareTo(SOON) > 0 ? until : SOON;
  }

  private Duration carryOut(
      ClusterFacts facts, ProxmoxClusterStatus status, Conditions conditions) {
    Memory memory = work.memory();
    OutdatedAnswers old = new OutdatedAnswers(facts.slow());
    ClusterFacts ofOptions = facts.restingOn(OPTIONS);
    ClusterFacts ofMoves = facts.restingOn(SlowQuestion.RESOURCE);
    Plan<SetOption> plan =
        old.held(
            OptionsPlanner.plan(
                wantedOptions(), facts.slow().options(), memory, ofOptions.at(), work.now()),
            OPTIONS);
    boolean observeOnly =
        spec.managementPolicy() == ManagementPolicy.OBSERVE || !standing.isOwner();
    Plan<? extends Step> planned = Plan.join(List.of(ownership.plan(), plan));
    if (conditions.holds(ConditionType.READY) && !planned.isDone()) {
      Verdict.of(planned, observeOnly, conditions, "");
    }
    ClusterMoves moves =
        new ClusterMoves(
            new MoveViewReader(spec, status, ofMoves, resources, replications, work.now()).view(),
            former,
            observeOnly);
    Plan<MoveStep> moving = old.held(moves.plan(memory, work.now()), SlowQuestion.RESOURCE);
    moves.judge(conditions);
    standing
        .obstacle()
        .filter(unused -> standing.isBarred())
        .ifPresent(why -> Verdict.stalled(conditions, why.reason(), why.message()));
    standing
        .obstacle()
        .filter(unused -> !standing.isBarred() && conditions.holds(ConditionType.READY))
        .ifPresent(
            why -> Verdict.reconciling(conditions, ConditionReason.IN_PROGRESS, why.message()));
    Duration pause =
        work.carryOut(
            Plan.join(
                List.of(
                    ownership.plan(),
                    plan,
                    moving,
                    old.held(
                        moves.replicating(status, memory, work.now()), SlowQuestion.RESOURCE))),
            memory,
            work.permit(
                observeOnly || !facts.fast().isQuorate(),
                facts.restingOn(old.fresh(List.of(OPTIONS, SlowQuestion.RESOURCE))),
                stillOwns),
            moves.saved(status),
            conditions,
            this::actions);
    moves.tell(work, resources);
    return pause;
  }

  private StepActions<Step> actions(WriteGrant grant) {
    return step -> {
      if (step instanceof SetOption option) {
        new ClusterCalls(watcher.quorateMembers(grant)).setOption(option.name(), option.value());
        return Optional.empty();
      }
      return new MoveActions(watcher, grant).start((MoveStep) step);
    };
  }

  private WantedOptions wantedOptions() {
    ProxmoxClusterSpec.HaOptions options = spec.haOptions();
    return options == null
        ? WantedOptions.NONE
        : new WantedOptions(
            Optional.ofNullable(options.scheduler()).map(Scheduler::word),
            Optional.ofNullable(options.rebalanceOnStart()),
            Optional.ofNullable(options.shutdownPolicy()).map(ShutdownPolicy::word));
  }

  private void judge(ClusterFacts facts, Conditions conditions) {
    List<NodeName> members = facts.names();
    List<NodeName> missing =
        spec.nodes().stream()
            .map(node -> new NodeName(node.name()))
            .filter(node -> !members.contains(node))
            .toList();
    List<NodeName> unlisted =
        members.stream().filter(node -> spec.node(node.value()).isEmpty()).toList();
    List<NodeName> offline =
        members.stream()
            .filter(node -> facts.fast().online(node).filter(online -> online).isEmpty())
            .toList();
    formed(missing, unlisted, conditions);
    if (facts.slow().means() == Means.MIGRATION_PENDING) {
      conditions.isTrue(
          ConditionType.PLACEMENT_MIGRATION_PENDING,
          ConditionReason.MIGRATION_PENDING,
          "Proxmox migrates HA groups to rules once every node runs 9.0 and is online.");
    } else {
      conditions.isFalse(
          ConditionType.PLACEMENT_MIGRATION_PENDING,
          ConditionReason.HEALTHY,
          "Nothing to wait for.");
    }
    boolean quorate = facts.fast().isQuorate();
    if (!missing.isEmpty()) {
      Verdict.stalled(conditions, ConditionReason.NODE_UNKNOWN, missingMessage(missing));
    } else if (!unlisted.isEmpty() && spec.formation() == Formation.ADOPT) {
      Verdict.stalled(conditions, ConditionReason.UNLISTED_MEMBER, unlistedMessage(unlisted));
    } else if (!quorate) {
      Verdict.reconciling(
          conditions,
          ConditionReason.QUORUM_LOST,
          "Too few votes are online, so Proxmox refuses writes; bring nodes back.");
    } else if (!offline.isEmpty()) {
      Verdict.reconciling(
          conditions,
          ConditionReason.NODE_OFFLINE,
          "%s is not online; bring it back.".formatted(join(offline)));
    } else if (spec.managementPolicy() == ManagementPolicy.OBSERVE) {
      Verdict.ready(conditions, ConditionReason.OBSERVED, "Nothing differs from the spec.");
    } else {
      Verdict.ready(
          conditions,
          ConditionReason.AS_SPECIFIED,
          "%s is quorate, and every node is online.".formatted(spec.clusterName()));
    }
  }

  private void formed(List<NodeName> missing, List<NodeName> unlisted, Conditions conditions) {
    if (!missing.isEmpty()) {
      conditions.isFalse(
          ConditionType.FORMED, ConditionReason.NODE_UNKNOWN, missingMessage(missing));
    } else if (!unlisted.isEmpty() && spec.formation() == Formation.ADOPT) {
      conditions.isFalse(
          ConditionType.FORMED, ConditionReason.UNLISTED_MEMBER, unlistedMessage(unlisted));
    } else {
      conditions.isTrue(
          ConditionType.FORMED,
          ConditionReason.FORMED,
          unlisted.isEmpty()
              ? "Every node of the spec is a member of %s.".formatted(spec.clusterName())
              : unlistedMessage(unlisted));
    }
  }

  private String missingMessage(List<NodeName> missing) {
    return "%s is no longer a member of cluster %s; remove it from spec.nodes, or join it again."
        .formatted(join(missing), spec.clusterName());
  }

  private String unlistedMessage(List<NodeName> unlisted) {
    return "Cluster %s also has the member %s; add it to spec.nodes, or remove it from the cluster."
        .formatted(spec.clusterName(), join(unlisted));
  }

  private static String join(List<NodeName> nodes) {
    return nodes.stream().map(NodeName::value).sorted().collect(Collectors.joining(", "));
  }
}
