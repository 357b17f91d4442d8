package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.failover.Bond;
import io.pveha.core.failover.Surroundings;
import io.pveha.core.guest.StartNeed;
import io.pveha.core.plan.Plan;
import io.pveha.core.resource.ErrorStateRecovery;
import io.pveha.core.resource.PlacementChoice;
import io.pveha.core.resource.ResourceFacts;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceStep;
import io.pveha.core.resource.ResourceStep.PutPlacement;
import io.pveha.core.resource.ResourceStep.RemovePlacement;
import io.pveha.operator.host.NodeResourcesReader;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Service;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells how a guest under HA is. */
final class ResourceReport {

  private final HaResourceSpec spec;
  private final HaResourceStatus former;
  private final ClusterFacts facts;
  private final ResourceFacts slice;
  private final ServiceStateMeaning words;

  ResourceReport(
      HaResourceSpec spec,
      HaResourceStatus former,
      ClusterFacts facts,
      ResourceFacts slice,
      Optional<ErrorStateRecovery.Advice> doctor) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
    this.slice = slice;
    Optional<Service> service = service();
    ServiceStateMeaning plain =
        ServiceStateMeaning.of(
            spec.guest().sid(),
            spec.state(),
            service,
            service
                .map(Service::node)
                .map(NodeName::new)
                .flatMap(facts.fast()::online)
                .filter(online -> !online)
                .isPresent());
    this.words = doctor.map(advice -> plain.with(advice.words())).orElse(plain);
  }

  HaResourceStatus status() {
    Optional<String> node =
        facts.fast().guest(spec.guest().vmid()).map(guest -> guest.node().value());
    return new HaResourceStatus(
        former.observedGeneration(),
        former.conditions(),
        former.plannedChanges(),
        former.pendingTasks(),
        spec.guest().sid(),
        slice.resource().isPresent() ? words.shown() : null,
        node.orElse(null),
        former.homeNode() == null ? node.orElse(null) : former.homeNode(),
        replicas(),
        placement().orElse(null),
        former.probe(),
        former.failoverInProgress(),
        former.failovers(),
        former.failoverCount(),
        former.requestedMove(),
        former.errorRecoveries(),
        former.presence(),
        former.seal());
  }

  void conditions(
      Plan<ResourceStep> plan, PlacementChoice choice, boolean observeOnly, Conditions conditions) {
    String sid = spec.guest().sid();
    boolean managed = slice.resource().isPresent();
    conditions.isTrue(ConditionType.GUEST_PRESENT, ConditionReason.GUEST_PRESENT, sid + " exists.");
    if (managed && words.asWanted()) {
      conditions.isTrue(ConditionType.IN_REQUESTED_STATE, words.reason(), words.message());
    } else {
      conditions.isFalse(ConditionType.IN_REQUESTED_STATE, words.reason(), words.message());
    }
    failingOver(conditions);
    placed(choice, conditions);
    Verdict.of(plan, observeOnly, conditions, words.message());
    if (managed && plan.isDone()) {
      conditions.isTrue(
          ConditionType.MANAGED,
          ConditionReason.AS_SPECIFIED,
          "Proxmox HA keeps %s %s.".formatted(sid, spec.state().word()));
    } else {
      conditions.isFalse(
          ConditionType.MANAGED,
          ConditionReason.IN_PROGRESS,
          conditions.get(ConditionType.READY).orElseThrow().getMessage());
    }
    boolean onlyPlacing = managed && plan.findings().isEmpty() && isPlacing(plan);
    if ((plan.isDone() || onlyPlacing) && !observeOnly && !words.asWanted()) {
      if (words.reason() == ConditionReason.HA_ERROR) {
        Verdict.stalled(conditions, words.reason(), words.message());
      } else {
        Verdict.reconciling(conditions, words.reason(), words.message());
      }
    }
  }

  /** How the guest is says more than that the rule which places it follows. */
  private static boolean isPlacing(Plan<ResourceStep> plan) {
    return Stream.concat(plan.now().stream(), plan.later().stream())
            .allMatch(step -> step instanceof PutPlacement || step instanceof RemovePlacement)
        && plan.pending().isEmpty();
  }

  private void failingOver(Conditions conditions) {
    if (words.failingOver()) {
      conditions.isTrue(ConditionType.FAILING_OVER, words.reason(), words.message());
    } else {
      conditions.isFalse(
          ConditionType.FAILING_OVER, ConditionReason.NOT_FAILING_OVER, "Its node is not lost.");
    }
  }

  private void placed(PlacementChoice choice, Conditions conditions) {
    Optional<HaResourceStatus.AppliedPlacement> applied = placement();
    boolean alone =
        applied.filter(p -> Boolean.TRUE.equals(p.strict()) && p.nodes().size() == 1).isPresent();
    String leftOut =
        choice.leftOut().entrySet().stream()
            .map(node -> " %s is left out: %s.".formatted(node.getKey(), node.getValue()))
            .collect(Collectors.joining());
    Optional<Entry> foreign =
        slice.entries().stream()
            .filter(entry -> entry.sids().contains(spec.guest().sid()) && !entry.disabled())
            .filter(entry -> !entry.unknown().isEmpty())
            .findFirst();
    if (foreign.isPresent()) {
      conditions.isUnknown(
          ConditionType.PLACED,
          ConditionReason.FOREIGN_RULE,
          "%s places it and has %s, which this version does not know, so it is not known where it may run."
              .formatted(foreign.get().name(), String.join(", ", foreign.get().unknown())));
    } else if (choice.spared().isPresent()) {
      conditions.isFalse(
          ConditionType.PLACED,
          ConditionReason.NO_REPLICA,
          "No other node has a replica to follow.%s %s is kept all the same, so that one is left."
              .formatted(
                  leftOut.replace(" is left out", " would be left out"), choice.spared().get()));
    } else if (alone) {
      conditions.isFalse(
          ConditionType.PLACED,
          ConditionReason.ONLY_ONE_NODE,
          "Placement allows %s only, so the guest would not be recovered; list another node.%s"
              .formatted(applied.get().nodes().get(0), leftOut));
    } else {
      conditions.isTrue(
          ConditionType.PLACED,
          ConditionReason.AS_SPECIFIED,
          applied
                  .map(p -> "Placed by %s: %s.".formatted(p.name(), String.join(", ", p.nodes())))
                  .or(this::keptOff)
                  .or(this::bound)
                  .orElse("It may run on every node.")
              + leftOut);
    }
  }

  /** What its configuration needs and not every node has, if there is anything. */
  private Optional<String> bound() {
    Optional<Guest> guest = facts.fast().guest(spec.guest().vmid());
    List<StartNeed> needs =
        guest
            .flatMap(found -> Optional.ofNullable(facts.slow().starts().needs().get(found.id())))
            .orElse(List.of());
    if (needs.stream().noneMatch(need -> need.kind() != StartNeed.Kind.DISK || need.exempt())) {
      return Optional.empty();
    }
    Surroundings around = NodeResourcesReader.of(facts);
    List<Bond> bonds = around.bonds(needs, guest.orElseThrow().node().value());
    List<String> nodes =
        around.members().stream()
            .filter(node -> bonds.stream().noneMatch(bond -> bond.forbids(node)))
            .toList();
    return bonds.stream()
        .filter(bond -> around.members().stream().anyMatch(bond::forbids))
        .findFirst()
        .map(
            bond ->
                "Placement allows every node, but it can start on %s only: not every node has %s."
                    .formatted(String.join(", ", nodes), bond.need().words()));
  }

  private Optional<String> keptOff() {
    return slice.entries().stream()
        .filter(entry -> entry.negative() && !entry.disabled())
        .filter(entry -> entry.sids().contains(spec.guest().sid()))
        .findFirst()
        .map(
            entry ->
                "Rule %s keeps it off %s; beside it placement does not follow the replicas."
                    .formatted(entry.name(), String.join(", ", entry.nodes().keySet())));
  }

  private Optional<HaResourceStatus.AppliedPlacement> placement() {
    return slice.entries().stream()
        .filter(entry -> entry.sids().contains(spec.guest().sid()) && !entry.disabled())
        .filter(entry -> !entry.negative())
        .findFirst()
        .map(
            entry ->
                new HaResourceStatus.AppliedPlacement(
                    entry.name(), preferredFirst(entry), entry.strict()));
  }

  private static List<String> preferredFirst(Entry entry) {
    return entry.nodes().entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, Integer> node) -> -node.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<HaResourceStatus.Replica> replicas() {
    int vmid = spec.guest().vmid();
    Optional<SlowFacts.Node> home =
        facts.fast().guest(vmid).map(Guest::node).map(facts.slow().nodes()::get);
    String at = facts.fast().guest(vmid).map(guest -> guest.node().value()).orElse("");
    return facts.slow().jobs(vmid).stream()
        .filter(job -> !job.target().equals(at))
        .map(
            job ->
                new HaResourceStatus.Replica(
                    job.target(),
                    home.flatMap(node -> node.run(job.id()))
                        .flatMap(JobStatus::lastSync)
                        .or(() -> remembered(job.target()))
                        .orElse(null),
                    job.id()))
        .sorted(Comparator.comparing(HaResourceStatus.Replica::node))
        .toList();
  }

  /** Proxmox forgets the last sync with the node that knew it; what we saved counts on. */
  private Optional<java.time.Instant> remembered(String target) {
    return former.replicas().stream()
        .filter(replica -> replica.node().equals(target) && replica.lastSync() != null)
        .map(HaResourceStatus.Replica::lastSync)
        .findFirst();
  }

  /** The service itself, for who needs more than words. */
  Optional<Service> service() {
    return facts.fast().service(spec.guest().sid());
  }
}
