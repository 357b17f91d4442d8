package io.pveha.operator.move;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.FailbackMode;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Treatment;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.UnmanagedGuests;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveCause;
import io.pveha.core.move.MoveView;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.move.MoveView.Settings;
import io.pveha.core.move.TimeWindow;
import io.pveha.core.placement.ServiceId;
import io.pveha.core.plan.Finding;
import io.pveha.operator.health.NodesHealth;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.readiness.LiveClusterReader;
import io.pveha.operator.readiness.RulesInForce;
import io.pveha.operator.status.Conditions;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.HaCalls.Lrm;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.HaCalls.Service;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A watched cluster as the planner of moves takes it. */
public final class MoveViewReader {

  private static final int MOST_AT_ONCE = 2;
  private static final Duration HEALTHY_DELAY = Duration.ofMinutes(5);

  /** Of a replica without a recovery point. */
  private static final Duration FRESH = Duration.ofDays(1);

  /** What must be well where guests return to. */
  private static final List<NodeConditionType> ASPECTS =
      List.of(
          NodeConditionType.REACHABLE,
          NodeConditionType.MEMBER,
          NodeConditionType.AGENT_ALIVE,
          NodeConditionType.POOLS_USABLE,
          NodeConditionType.STORAGE_ACTIVE,
          NodeConditionType.SERVICES_HEALTHY,
          NodeConditionType.FENCED,
          NodeConditionType.MAINTENANCE,
          NodeConditionType.CORDONED);

  private static final Set<String> MOVING = Set.of("migrate", "relocate");

  private final ProxmoxClusterSpec spec;
  private final ProxmoxClusterStatus status;
  private final ClusterFacts facts;
  private final Collection<ReplicationJob> replications;
  private final Instant now;
  private final RulesInForce rules;
  private final Map<String, HaResource> bySid = new HashMap<>();
  private Map<Integer, Duration> freshness;

  /** With what this reconciliation decided about nodes in {@code status}. */
  public MoveViewReader(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus status,
      ClusterFacts facts,
      Collection<HaResource> resources,
      Collection<ReplicationJob> replications,
      Instant now) {
    this.spec = spec;
    this.status = status;
    this.facts = facts;
    this.replications = replications;
    this.now = now;
    this.rules = RulesInForce.of(facts.slow());
    resources.forEach(
        each -> bySid.merge(each.getSpec().guest().sid(), each, MoveViewReader::firstByName));
  }

  public MoveView view() {
    SortedMap<NodeName, Node> nodes = new TreeMap<>();
    facts.names().forEach(name -> nodes.put(name, node(name)));
    return new MoveView(
        obstacle(),
        facts.at(),
        nodes,
        facts.fast().guests().stream().map(this::guest).toList(),
        settings());
  }

  private Optional<String> obstacle() {
    return facts.fast().isQuorate()
        ? NodesHealth.unsure(Optional.of(facts.fast()))
            .or(() -> facts.tooOld().map(Finding::message))
        : Optional.of("The cluster is not quorate.");
  }

  private Settings settings() {
    Optional<ProxmoxClusterSpec.Health> health = Optional.ofNullable(spec.health());
    return new Settings(
        health.map(ProxmoxClusterSpec.Health::maxConcurrentMoves).orElse(MOST_AT_ONCE),
        health
            .map(ProxmoxClusterSpec.Health::healthyDelaySeconds)
            .map(Duration::ofSeconds)
            .orElse(HEALTHY_DELAY),
        health
            .map(ProxmoxClusterSpec.Health::unmanagedGuests)
            .filter(what -> what == UnmanagedGuests.MOVE)
            .isPresent(),
        still(health));
  }

  private Optional<String> still(Optional<ProxmoxClusterSpec.Health> health) {
    Optional<String> paused =
        health
            .map(ProxmoxClusterSpec.Health::paused)
            .filter(reasons -> !reasons.isEmpty())
            .map(reasons -> "Paused: %s.".formatted(String.join("; ", reasons)));
    return paused.or(
        () ->
            Optional.ofNullable(status.health())
                .map(ProxmoxClusterStatus.Health::quietUntil)
                .filter(until -> until.isAfter(now))
                .map("Several nodes failed at once; no automatic action before %s."::formatted));
  }

  // Nodes

  private Node node(NodeName name) {
    String haState = facts.fast().ha().manager().nodeStatus().get(name.value());
    Lrm agent = facts.fast().ha().lrms().get(name.value());
    boolean maintenance =
        "maintenance".equals(haState) || agent != null && "maintenance".equals(agent.mode());
    boolean known = haState == null || Set.of("online", "maintenance").contains(haState);
    Belief online =
        facts
            .fast()
            .online(name)
            .map(seen -> seen ? known ? Belief.YES : Belief.UNKNOWN : Belief.NO)
            .orElse(Belief.UNKNOWN);
    Optional<Treatment> treatment = treatment(name);
    boolean listed = spec.maintenance().contains(name.value());
    return new Node(
        name,
        online,
        maintenance,
        listed
            ? Optional.of(MoveCause.MAINTENANCE)
            : treatment
                .filter(each -> each.action() == HealthAction.EVACUATE)
                .filter(each -> each.healthySince() == null)
                .map(each -> MoveCause.NODE_UNHEALTHY),
        listed
            ? Optional.of("it is in spec.maintenance")
            : treatment.map(each -> "a health rule speaks of its " + each.cause()),
        Optional.ofNullable(facts.slow().nodes().get(name)).map(MoveViewReader::activeStorages),
        Optional.ofNullable(facts.health().nodes().get(name))
            .map(NodeFacts::load)
            .flatMap(Fact::value)
            .map(NodeFacts.Load::memoryBytes)
            .filter(bytes -> bytes > 0),
        healthySince(name));
  }

  private Optional<Treatment> treatment(NodeName name) {
    return status.health() == null
        ? Optional.empty()
        : status.health().nodes().stream()
            .filter(each -> each.node().equals(name.value()))
            .filter(each -> each.action() != HealthAction.REPORT)
            .findFirst();
  }

  private static HaResource firstByName(HaResource one, HaResource other) {
    return one.getMetadata().getName().compareTo(other.getMetadata().getName()) <= 0 ? one : other;
  }

  private static Set<String> activeStorages(SlowFacts.Node node) {
    return node.storages().stream()
        .filter(StorageStatus::isActive)
        .map(StorageStatus::storage)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<Instant> healthySince(NodeName name) {
    Optional<Instant> since = Optional.empty();
    List<Condition> conditions =
        status.node(name.value()).map(ProxmoxClusterStatus.Node::conditions).orElse(List.of());
    for (Condition condition : conditions) {
      Optional<NodeConditionType> aspect =
          NodeConditionType.of(condition.getType()).filter(ASPECTS::contains);
      if (aspect.isEmpty()) {
        continue;
      }
      boolean wellWhenTrue =
          switch (aspect.get()) {
            case FENCED, MAINTENANCE, CORDONED -> false;
            default -> true;
          };
      if (!condition.getStatus().equals(wellWhenTrue ? "True" : "False")) {
        return Optional.empty();
      }
      Instant turned = Conditions.since(condition, now);
      since = since.filter(former -> former.isAfter(turned)).or(() -> Optional.of(turned));
    }
    return since;
  }

  // Guests

  private Guest guest(GuestCalls.Guest found) {
    GuestId id = found.id();
    Optional<HaResource> object = Optional.ofNullable(bySid.get(id.sid()));
    Optional<Resource> configured =
        facts
            .slow()
            .resource(id.sid())
            .filter(resource -> !resource.requestedState().equals("ignored"));
    Optional<Service> service = facts.fast().service(id.sid()).filter(s -> configured.isPresent());
    Optional<HaResourceSpec> wanted = object.map(HaResource::getSpec);
    return new Guest(
        id,
        found.node(),
        found.isRunning(),
        configured.map(resource -> service.map(Service::state).orElse("queued")),
        configured.filter(resource -> resource.requestedState().equals("started")).isEmpty()
            || service.filter(Service::running).isPresent(),
        service
            .filter(each -> MOVING.contains(each.state()))
            .flatMap(each -> Optional.ofNullable(each.target()))
            .map(NodeName::new),
        found.memoryBytes(),
        localStorages(found),
        replicas(found, object.map(HaResource::reported)),
        configured.flatMap(resource -> allowed(id)),
        others(id, true),
        others(id, false),
        wanted.map(HaResourceSpec::rtoSeconds).map(Long::longValue).orElse(Long.MAX_VALUE),
        leftAlone(found, wanted, configured.isPresent()),
        object
            .map(HaResource::reported)
            .map(HaResourceStatus::requestedMove)
            .map(request -> new Request(request.to(), request.requestedAt())),
        object.flatMap(this::homing));
  }

  private Optional<String> leftAlone(
      GuestCalls.Guest found, Optional<HaResourceSpec> wanted, boolean managed) {
    if (found.template()) {
      return Optional.of("It is a template; templates are not moved.");
    }
    String doubt = rules.doubts().get(ServiceId.of(found.id().sid()));
    if (managed && doubt != null) {
      return Optional.of("It is not known where it may run: " + doubt);
    }
    return wanted
        .filter(spec -> spec.managementPolicy() == ManagementPolicy.OBSERVE)
        .map(spec -> "Its HaResource is in Observe mode.");
  }

  /** Empty set when all is on shared storage; unknown when a storage could not be listed. */
  private Optional<Set<String>> localStorages(GuestCalls.Guest guest) {
    SlowFacts.Node node = facts.slow().nodes().get(guest.node());
    Optional<SortedSet<String>> all = LiveClusterReader.storages(guest, facts);
    boolean listed =
        node != null
            && node.storages().stream()
                .filter(StorageStatus::isForGuests)
                .allMatch(StorageStatus::isActive);
    if (node == null || all.isEmpty() || all.get().isEmpty() && !listed) {
      return Optional.empty();
    }
    Set<String> shared =
        node.storages().stream()
            .filter(StorageStatus::shared)
            .map(StorageStatus::storage)
            .collect(Collectors.toSet());
    return Optional.of(
        all.get().stream()
            .filter(storage -> !shared.contains(storage))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private SortedMap<NodeName, Replica> replicas(
      GuestCalls.Guest guest, Optional<HaResourceStatus> reported) {
    Optional<SlowFacts.Node> node = Optional.ofNullable(facts.slow().nodes().get(guest.node()));
    SortedMap<NodeName, Replica> replicas = new TreeMap<>();
    for (Job job : facts.slow().jobs(guest.id().vmid())) {
      if (job.removal() == null && !job.target().equals(guest.node().value())) {
        Optional<JobStatus> run = node.flatMap(here -> here.run(job.id()));
        replicas.put(new NodeName(job.target()), replica(job, run, reported));
      }
    }
    return replicas;
  }

  private static Replica replica(
      Job job, Optional<JobStatus> run, Optional<HaResourceStatus> reported) {
    return new Replica(
        job.id(),
        run.map(JobStatus::lastSync)
            .orElseGet(
                () ->
                    reported.stream()
                        .flatMap(status -> status.replicas().stream())
                        .filter(replica -> replica.node().equals(job.target()))
                        .map(HaResourceStatus.Replica::lastSync)
                        .filter(Objects::nonNull)
                        .findFirst()),
        run.flatMap(JobStatus::lastTry),
        run.filter(JobStatus::isRunning).isPresent(),
        run.filter(each -> each.failCount() > 0).isPresent(),
        job.disable());
  }

  private Optional<Set<NodeName>> allowed(GuestId id) {
    ServiceId sid = ServiceId.of(id.sid());
    return rules.binding(sid).stream()
        .map(rule -> rule.chosenOf(facts.names().stream().map(NodeName::value).toList()))
        .reduce(
            (one, other) -> {
              one.retainAll(other);
              return one;
            })
        .map(
            chosen ->
                chosen.stream().map(NodeName::new).collect(Collectors.toCollection(TreeSet::new)));
  }

  private Set<GuestId> others(GuestId id, boolean together) {
    ServiceId sid = ServiceId.of(id.sid());
    return rules.affinities(sid).stream()
        .filter(rule -> rule.isPositive() == together)
        .flatMap(rule -> rule.resources().stream())
        .filter(other -> !other.equals(sid))
        .flatMap(other -> GuestId.ofSid(other.value()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<Homing> homing(HaResource object) {
    HaResourceSpec.Failback failback = object.getSpec().failback();
    String home = object.reported().homeNode();
    if (failback.mode() != FailbackMode.AUTO || home == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Homing(
            new NodeName(home),
            Duration.ofSeconds(
                failback.delaySeconds() == null
                    ? HaResourceSpec.Failback.DEFAULT_DELAY_SECONDS
                    : failback.delaySeconds()),
            Optional.ofNullable(failback.window()).map(TimeWindow::of),
            freshness(object.getSpec().guest().vmid())));
  }

  private Duration freshness(int vmid) {
    if (freshness == null) {
      freshness = new HashMap<>();
      replications.stream()
          .filter(job -> job.getSpec().rpoSeconds() != null)
          .forEach(this::freshness);
    }
    return freshness.getOrDefault(vmid, FRESH);
  }

  private void freshness(ReplicationJob job) {
    Duration wanted = Duration.ofSeconds(job.getSpec().rpoSeconds());
    job.reported().jobs().stream()
        .map(ReplicationJobStatus.Job::vmid)
        .filter(Objects::nonNull)
        .forEach(
            vmid ->
                freshness.merge(
                    vmid, wanted, (one, other) -> one.compareTo(other) <= 0 ? one : other));
  }
}
