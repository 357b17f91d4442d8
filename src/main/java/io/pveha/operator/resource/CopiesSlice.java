package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.resource.GuestCopies;
import io.pveha.core.resource.GuestCopies.Copy;
import io.pveha.core.resource.GuestCopies.Run;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Where copies of one guest's disks are, and how good they are. */
final class CopiesSlice {

  private static final Set<String> POOL_WORKS = Set.of("ONLINE", "DEGRADED");

  private final HaResourceSpec spec;
  private final HaResourceStatus former;
  private final ClusterFacts facts;

  private CopiesSlice(HaResourceSpec spec, HaResourceStatus former, ClusterFacts facts) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
  }

  static GuestCopies of(HaResourceSpec spec, HaResourceStatus former, ClusterFacts facts) {
    return new CopiesSlice(spec, former, facts).copies();
  }

  private GuestCopies copies() {
    Optional<NodeName> own = facts.fast().guest(spec.guest().vmid()).map(Guest::node);
    List<Job> jobs =
        facts.slow().jobs().stream()
            .filter(job -> job.guest() == spec.guest().vmid() && job.removal() == null)
            .toList();
    Map<NodeName, Optional<Job>> leadTo = new TreeMap<>();
    for (Job job : jobs) {
      leadTo.put(new NodeName(job.target()), Optional.of(job));
      // Before roles have swapped after a failover, the lost node still is the source.
      Optional.ofNullable(job.source())
          .ifPresent(source -> leadTo.putIfAbsent(new NodeName(source), Optional.empty()));
    }
    own.ifPresent(leadTo::remove);
    List<Copy> others = new ArrayList<>();
    leadTo.forEach((node, job) -> others.add(copy(node, job, own)));
    return new GuestCopies(own, others);
  }

  private Copy copy(NodeName node, Optional<Job> job, Optional<NodeName> own) {
    Optional<JobStatus> status =
        own.filter(home -> facts.fast().online(home).orElse(false))
            .map(facts.slow().nodes()::get)
            .flatMap(home -> job.flatMap(j -> status(home, j)));
    Optional<Instant> remembered =
        former.replicas().stream()
            .filter(replica -> replica.node().equals(node.value()))
            .flatMap(replica -> Optional.ofNullable(replica.lastSync()).stream())
            .findFirst();
    Optional<String> trouble = trouble(node);
    return new Copy(
        node,
        status.flatMap(JobStatus::lastSync).or(() -> remembered),
        status.map(told -> run(job.orElseThrow(), told)),
        takesGuests(node),
        trouble.isPresent()
            ? Belief.NO
            : facts.slow().nodes().containsKey(node) ? Belief.YES : Belief.UNKNOWN,
        trouble.orElse(""));
  }

  /** Not while it is offline or in Proxmox's own maintenance, whatever a rule says. */
  private boolean takesGuests(NodeName node) {
    String state = facts.fast().ha().manager().nodeStatus().get(node.value());
    return facts.fast().online(node).orElse(false) && !"maintenance".equals(state);
  }

  private static Optional<JobStatus> status(SlowFacts.Node home, Job job) {
    return home.jobs().stream().filter(status -> status.id().equals(job.id())).findFirst();
  }

  private static Run run(Job job, JobStatus status) {
    return new Run(
        job.schedule() == null ? ReplicationJobSpec.DEFAULT_SCHEDULE : job.schedule(),
        status.nextSync(),
        status.failCount(),
        job.disable());
  }

  /** Why no disk of the guest can be used there, as its node itself tells; empty if it can. */
  private Optional<String> trouble(NodeName node) {
    Optional<SlowFacts.Node> told = Optional.ofNullable(facts.slow().nodes().get(node));
    List<Storage> mayHold = facts.slow().storages().stream().filter(this::mayHoldItsDisks).toList();
    if (told.isEmpty() || mayHold.isEmpty()) {
      return Optional.empty();
    }
    List<Optional<String>> troubles =
        mayHold.stream().map(storage -> trouble(storage, told.get())).toList();
    return troubles.stream().allMatch(Optional::isPresent) ? troubles.get(0) : Optional.empty();
  }

  /** The one that its disk was made on; any that can be replicated, for a guest we did not make. */
  private boolean mayHoldItsDisks(Storage storage) {
    HaResourceSpec.Create create = spec.guest().create();
    return create != null && create.storage() != null
        ? storage.storage().equals(create.storage())
        : "zfspool".equals(storage.type()) && !storage.disable();
  }

  static boolean works(Pool pool) {
    return POOL_WORKS.contains(pool.health());
  }

  /** Why a storage can't be used on a node, as that tells; empty if it can. */
  static Optional<String> trouble(Storage storage, SlowFacts.Node node) {
    Optional<Pool> pool =
        node.pools().stream().filter(p -> p.name().equals(poolOf(storage))).findFirst();
    Optional<Pool> broken = pool.filter(p -> !works(p));
    if (broken.isPresent()) {
      return broken.map(p -> "its pool %s is %s".formatted(p.name(), p.health()));
    }
    boolean active =
        node.storages().stream()
            .filter(status -> status.storage().equals(storage.storage()))
            .anyMatch(StorageStatus::active);
    return active
        ? Optional.empty()
        : Optional.of("its storage %s is not active".formatted(storage.storage()));
  }

  /** A storage may be a dataset of a pool. */
  private static String poolOf(Storage storage) {
    return storage.pool() == null ? "" : storage.pool().split("/")[0];
  }
}
