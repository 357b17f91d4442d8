package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.resource.GuestCopies;
import io.pveha.core.resource.GuestCopies.Copy;
import io.pveha.core.resource.GuestCopies.Run;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.StorageCalls.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where copies of one guest's disks are, and how good they are. */
final class GuestCopiesReader {

  private final HaResourceSpec spec;
  private final HaResourceStatus former;
  private final ClusterFacts facts;

  private GuestCopiesReader(HaResourceSpec spec, HaResourceStatus former, ClusterFacts facts) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
  }

  static GuestCopies of(HaResourceSpec spec, HaResourceStatus former, ClusterFacts facts) {
    return new GuestCopiesReader(spec, former, facts).copies();
  }

  private GuestCopies copies() {
    Optional<NodeName> own = facts.fast().guest(spec.guest().vmid()).map(Guest::node);
    List<Job> jobs =
        facts.slow().jobs(spec.guest().vmid()).stream()
            .filter(job -> job.removal() == null)
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
            .flatMap(home -> job.map(Job::id).flatMap(home::run));
    Optional<Instant> remembered =
        former.replicas().stream()
            .filter(replica -> replica.node().equals(node.value()))
            .flatMap(replica -> Optional.ofNullable(replica.lastSync()).stream())
            .findFirst();
    StorageUse use = use(node);
    return new Copy(
        node,
        status.flatMap(JobStatus::lastSync).or(() -> remembered),
        status.map(told -> run(job.orElseThrow(), told)),
        takesGuests(node),
        use.works(),
        use.trouble());
  }

  /** Not while it is offline or in Proxmox's own maintenance, whatever a rule says. */
  private boolean takesGuests(NodeName node) {
    String state = facts.fast().ha().manager().nodeStatus().get(node.value());
    return facts.fast().online(node).orElse(false) && !"maintenance".equals(state);
  }

  private static Run run(Job job, JobStatus status) {
    return new Run(
        job.schedule() == null ? ReplicationJobSpec.DEFAULT_SCHEDULE : job.schedule(),
        status.nextSync(),
        status.failCount(),
        job.disable());
  }

  /** Whether disks of the guest can be used there, as its node itself tells. */
  private StorageUse use(NodeName node) {
    Optional<SlowFacts.Node> told = Optional.ofNullable(facts.slow().nodes().get(node));
    if (told.isEmpty()) {
      return StorageUse.UNKNOWN;
    }
    List<StorageUse> uses =
        facts.slow().storages().stream()
            .filter(this::mayHoldItsDisks)
            .map(storage -> StorageUse.of(storage, node, told.get()))
            .toList();
    if (uses.isEmpty() || uses.stream().anyMatch(use -> use.works().isYes())) {
      return StorageUse.WORKS;
    }
    return uses.stream().filter(use -> !use.works().isNo()).findFirst().orElse(uses.get(0));
  }

  /** The one that its disk was made on; any that can be replicated, for a guest we did not make. */
  private boolean mayHoldItsDisks(Storage storage) {
    HaResourceSpec.Create create = spec.guest().create();
    return create != null && create.storage() != null
        ? storage.storage().equals(create.storage())
        : "zfspool".equals(storage.type()) && !storage.disable();
  }
}
