package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.replication.RecoveryPoints;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.core.safety.JobMark;
import io.pveha.core.safety.JobOwner;
import io.pveha.core.safety.ListGap;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What of a cluster's facts concerns one ReplicationJob.
 *
 * @param remote nodes that are taken last where a count of targets is wanted
 * @param avoided nodes that take no new replicas, and why
 * @param points recovery points as saved
 * @param mark what jobs of the ReplicationJob bear
 * @param known ids of the jobs that its status names as its own
 * @param gaps when guests were found to be missing from the list of guests
 */
record ReplicationFactsReader(
    ClusterFacts facts,
    Set<NodeName> remote,
    Map<NodeName, String> avoided,
    RecoveryPoints points,
    JobMark mark,
    Set<String> known,
    Map<Integer, Instant> gaps) {

  static JobMark mark(ReplicationJob job) {
    return new JobMark(job.getMetadata().getNamespace(), job.getMetadata().getName());
  }

  /**
   * Jobs that a status names as its own. Before jobs had marks every row was; of those that bear
   * none the row still is what tells.
   */
  static Set<String> known(ReplicationJobStatus former) {
    return former.jobs().stream()
        .filter(row -> !Boolean.FALSE.equals(row.managed()))
        .map(ReplicationJobStatus.Job::id)
        .collect(Collectors.toSet());
  }

  /** Guests that a spec means, by number. */
  static List<Guest> meant(ReplicationJobSpec spec, ClusterFacts facts) {
    if (spec.guest() != null) {
      return facts.fast().guest(spec.guest().vmid()).stream().toList();
    }
    return facts.fast().guests().stream()
        .filter(guest -> isMeant(spec, guest))
        .sorted(Comparator.comparing(guest -> guest.id().vmid()))
        .toList();
  }

  static boolean isMeant(ReplicationJobSpec spec, Guest guest) {
    if (spec.guest() != null) {
      return guest.id().vmid() == spec.guest().vmid();
    }
    return !guest.template()
        && guest.tags().containsAll(spec.selector().tags())
        && (spec.selector().pool() == null
            || guest.pool().filter(spec.selector().pool()::equals).isPresent());
  }

  /** Nodes that are being emptied, or kept empty. */
  static Map<NodeName, String> avoided(ProxmoxCluster cluster, ClusterFacts facts) {
    Map<NodeName, String> avoided = new TreeMap<>();
    facts
        .fast()
        .ha()
        .manager()
        .nodeStatus()
        .forEach(
            (node, state) -> {
              if ("maintenance".equals(state)) {
                avoided.put(new NodeName(node), "is in maintenance mode");
              }
            });
    if (cluster.reported().health() != null) {
      cluster.reported().health().nodes().stream()
          .filter(treatment -> treatment.action() != HealthAction.REPORT)
          .forEach(
              treatment ->
                  avoided.put(
                      new NodeName(treatment.node()),
                      "is treated for its health (%s)".formatted(treatment.cause())));
    }
    cluster
        .getSpec()
        .maintenance()
        .forEach(node -> avoided.put(new NodeName(node), "is in spec.maintenance"));
    return avoided;
  }

  /** What was saved of the recovery points. */
  static RecoveryPoints points(ReplicationJobStatus former) {
    return new RecoveryPoints(
        former.jobs().stream()
            .filter(job -> job.lastSync() != null && job.target() != null)
            .collect(
                Collectors.toMap(
                    ReplicationJobStatus.Job::id,
                    job ->
                        new RecoveryPoints.Saved(
                            new NodeName(job.target()),
                            job.lastSync(),
                            job.state() == JobState.REMOVING),
                    (one, other) -> one)));
  }

  /**
   * The facts for these guests.
   *
   * @param disks of those whose disks were looked at
   */
  ReplicationFacts of(Collection<Guest> guests, Map<Integer, Disks> disks) {
    Map<NodeName, Boolean> members = new LinkedHashMap<>();
    facts.members().entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<NodeName, Boolean> e) -> remote.contains(e.getKey()))
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> members.put(entry.getKey(), entry.getValue()));
    Set<Integer> vmids = guests.stream().map(g -> g.id().vmid()).collect(Collectors.toSet());
    List<ReplicationFacts.Job> jobs =
        (vmids.size() == 1
                ? facts.slow().jobs(vmids.iterator().next()).stream()
                : facts.slow().jobs().stream().filter(job -> vmids.contains(job.guest())))
            .map(this::job)
            .toList();
    Set<Integer> broken =
        jobs.stream()
            .filter(ReplicationFacts.Job::isBroken)
            .map(ReplicationFacts.Job::vmid)
            .collect(Collectors.toSet());
    return new ReplicationFacts(
        guests.stream()
            .map(
                guest ->
                    new ReplicationFacts.Guest(
                        guest.id().vmid(),
                        guest.node(),
                        guest.template(),
                        Optional.ofNullable(disks.get(guest.id().vmid())),
                        Optional.ofNullable(gaps.get(guest.id().vmid()))
                            .map(at -> ListGap.of(at, aheadAtMost(facts, guest.node()))),
                        broken.contains(guest.id().vmid()) ? volumes(guest.id().vmid()) : Map.of()))
            .sorted(Comparator.comparingInt(ReplicationFacts.Guest::vmid))
            .toList(),
        members,
        avoided,
        storages(disks),
        jobs);
  }

  /** How much the clock of a node is ahead of ours at most; empty when it was not told. */
  static Optional<Duration> aheadAtMost(ClusterFacts facts, NodeName node) {
    return Optional.ofNullable(facts.health().nodes().get(node))
        .flatMap(told -> told.clock().value())
        .map(clock -> Duration.ofMillis(clock.aheadMillis() + clock.withinMillis()));
  }

  /** Disks of a guest and their replicas on storages that are not shared. */
  private Map<NodeName, Map<String, Long>> volumes(int vmid) {
    Map<NodeName, Map<String, Long>> volumes = new TreeMap<>();
    facts
        .slow()
        .disks()
        .forEach(
            (node, told) ->
                volumes.put(
                    node,
                    told.byStorage().keySet().stream()
                        .filter(this::isReplicable)
                        .flatMap(storage -> told.of(vmid, storage).stream())
                        .collect(
                            Collectors.toMap(Volume::volid, Volume::size, (one, other) -> one))));
    return volumes;
  }

  private boolean isReplicable(String storage) {
    return facts.slow().storage(storage).filter(each -> "zfspool".equals(each.type())).isPresent();
  }

  private Map<String, Set<NodeName>> storages(Map<Integer, Disks> disks) {
    Map<String, Set<NodeName>> storages = new HashMap<>();
    Set<String> used =
        disks.values().stream()
            .flatMap(each -> each.replicable().stream())
            .collect(Collectors.toSet());
    for (Storage storage : facts.slow().storages()) {
      if (used.contains(storage.storage())) {
        storages.put(
            storage.storage(),
            storage.nodeList().isEmpty()
                ? Set.copyOf(facts.names())
                : storage.nodeList().stream()
                    .map(NodeName::new)
                    .collect(Collectors.toCollection(TreeSet::new)));
      }
    }
    return storages;
  }

  private ReplicationFacts.Job job(Job job) {
    Optional<ReplicationFacts.JobState> state = state(job);
    NodeName target = new NodeName(job.target());
    boolean removing = job.removal() != null && !job.removal().isBlank();
    return new ReplicationFacts.Job(
        job.id(),
        job.guest(),
        Optional.ofNullable(job.source()).filter(source -> !source.isBlank()).map(NodeName::new),
        target,
        job.schedule() == null ? ReplicationJobSpec.DEFAULT_SCHEDULE : job.schedule(),
        job.rate() == null ? OptionalInt.empty() : OptionalInt.of(job.rate().intValue()),
        job.disable(),
        removing,
        state,
        points.of(job.id(), target, removing, state.flatMap(ReplicationFacts.JobState::lastSync)),
        JobOwner.of(mark, job.comment(), known.contains(job.id())),
        Optional.ofNullable(job.comment()));
  }

  /** Only the node where the guest is now knows how its jobs go. */
  private Optional<ReplicationFacts.JobState> state(Job job) {
    return facts
        .fast()
        .guest(job.guest())
        .map(Guest::node)
        .filter(home -> facts.fast().online(home).orElse(false))
        .map(home -> facts.slow().nodes().get(home))
        .flatMap(node -> node.run(job.id()))
        // Asked before Proxmox turned it round, it speaks of another replica.
        .filter(status -> Objects.equals(status.target(), job.target()))
        .map(ReplicationFactsReader::state);
  }

  private static ReplicationFacts.JobState state(JobStatus status) {
    Optional<Instant> lastTry = status.lastTry();
    return new ReplicationFacts.JobState(
        status.lastSync(),
        lastTry,
        // What is due has a next run that moves with the clock of its node.
        lastTry.flatMap(any -> status.nextSync()),
        status.duration() == null ? 0 : Math.round(status.duration()),
        status.failCount(),
        Optional.ofNullable(status.error()).filter(error -> !error.isBlank()),
        status.isRunning());
  }
}
