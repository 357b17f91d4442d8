package io.pveha.core.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationFacts.JobState;
import io.pveha.core.replication.ReplicationStep.RecreateJob;
import io.pveha.core.safety.ReplicaOrigin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs that can't go on, since source and replica have no snapshot in common. The cure destroys the
 * replica and copies all again, so it is taken only when the spec says {@code repair: Recreate},
 * and then under these rules:
 *
 * <ol>
 *   <li>the node of the guest and the target are online, or the removal would hang; and nothing
 *       asks to empty the node of the guest, whose loss would then cost all;
 *   <li>one replica of a guest at a time, and never the freshest of several: another one that is
 *       online has to be at least as fresh, so that a loss meanwhile costs no more than before. A
 *       guest with one target only has no other; there the spec's word is enough;
 *   <li>the replica is proven to be an older copy of the guest's disks, or its owner says that it
 *       may go; see {@link ReplicaOrigin};
 *   <li>again only after an hour, then six, then a day: a chain that breaks again has a cause that
 *       another copy does not cure.
 * </ol>
 */
final class BrokenChains {

  /** Proxmox's own words, in 8.3 and 9.1: the only sign of a broken chain that the API shows. */
  private static final String WORDS = "no common base snapshot";

  /** The annotation that allows what is not proven. */
  private static final String REPAIR = "pveha.io/repair";

  private final WantedReplication wanted;
  private final ReplicationFacts facts;
  private final Gate<ReplicationStep> gate;
  private final Memory memory;
  private final List<Repaired> repaired;

  BrokenChains(
      WantedReplication wanted,
      ReplicationFacts facts,
      Gate<ReplicationStep> gate,
      Memory memory,
      List<Repaired> former) {
    this.wanted = wanted;
    this.facts = facts;
    this.gate = gate;
    this.memory = memory;
    this.repaired =
        new ArrayList<>(former.stream().filter(each -> !each.isForgotten(gate.now())).toList());
  }

  static boolean says(String error) {
    return error.toLowerCase(Locale.ROOT).contains(WORDS);
  }

  /** What is to be remembered of repairs, those of this plan included. */
  List<Repaired> repaired() {
    return List.copyOf(repaired);
  }

  /**
   * Looks at the jobs of one guest.
   *
   * @param jobs those whose targets are wanted and that are not being removed
   * @param targets how many are wanted
   * @param isSettled whether no other job of the guest is to come or to go
   */
  void look(Guest guest, List<Job> jobs, int targets, boolean isSettled) {
    List<Job> broken =
        jobs.stream()
            .filter(Job::isBroken)
            .sorted(Comparator.comparing(BrokenChains::point).thenComparing(Job::id))
            .toList();
    boolean mayBegin = isSettled && broken.stream().noneMatch(this::isAsked);
    for (Job job : broken) {
      if (!job.isOurs()) {
        gate.find(
            Finding.blocks(
                ConditionReason.CHAIN_BROKEN,
                "%s and %s, so it is not recreated; remove its volumes there."
                    .formatted(words(job), ForeignJobs.whose(job))));
        continue;
      }
      if (!wanted.recreate()) {
        gate.find(
            Finding.blocks(
                ConditionReason.CHAIN_BROKEN,
                words(job)
                    + "; set repair: Recreate to destroy and recreate the replica, or remove "
                    + "its volumes there."));
        continue;
      }
      Optional<String> hold =
          isAsked(job)
              ? Optional.empty()
              : mayBegin
                  ? hold(guest, job, jobs, targets)
                  : Optional.of("other jobs of guest %d change first".formatted(guest.vmid()));
      Optional<String> doubt =
          isAsked(job) || wanted.repairs().contains(word(job))
              ? Optional.empty()
              : ReplicaOrigin.doubt(
                  job.state().flatMap(JobState::lastSync),
                  guest.gap(),
                  guest.volumes().getOrDefault(guest.home(), Map.of()),
                  guest.volumes().getOrDefault(job.target(), Map.of()));
      if (doubt.isPresent()) {
        gate.find(
            Finding.blocks(
                ConditionReason.CHAIN_BROKEN,
                "%s, and it is not proven that it is an older copy of the guest's disks: %s. It may be the last good copy and is not destroyed; if it may be, annotate this object with %s=%s."
                    .formatted(words(job), doubt.get(), REPAIR, word(job))));
      } else if (hold.isPresent()) {
        gate.find(
            Finding.delays(
                ConditionReason.CHAIN_BROKEN,
                words(job) + "; it is not recreated now: %s.".formatted(hold.get())));
      } else {
        mayBegin = false;
        gate.find(
            Finding.delays(
                ConditionReason.CHAIN_BROKEN, words(job) + "; both are being recreated."));
        recreate(job);
      }
    }
  }

  private void recreate(Job job) {
    if (memory.pending(step(job).key()).isEmpty()) {
      Repaired record =
          known(job)
              .map(former -> former.again(gate.now()))
              .orElseGet(() -> new Repaired(job.vmid(), job.target(), 1, gate.now()));
      repaired.removeIf(former -> former.isOf(job.vmid(), job.target()));
      repaired.add(record);
    }
    gate.want(step(job));
  }

  private Optional<String> hold(Guest guest, Job job, List<Job> jobs, int targets) {
    if (!facts.isOnline(guest.home())) {
      return Optional.of("%s, where the guest is, is not online".formatted(guest.home()));
    }
    if (!facts.isOnline(job.target())) {
      return Optional.of("%s is not online".formatted(job.target()));
    }
    if (facts.avoided().containsKey(guest.home())) {
      return Optional.of(
          "%s, where the guest is, %s".formatted(guest.home(), facts.avoided().get(guest.home())));
    }
    if (targets > 1 && isFreshest(guest, job, jobs)) {
      return Optional.of(
          "it is the freshest replica that guest %d has, and another one has to be as fresh first"
              .formatted(guest.vmid()));
    }
    return tooSoon(job);
  }

  /**
   * Whether no other replica could take its place. Of those whose age nobody knows, which their
   * owner let go by word, one goes while another is still there.
   */
  private boolean isFreshest(Guest guest, Job job, List<Job> jobs) {
    boolean isOfUnknownAge = job.recoveryPoint().isEmpty();
    return jobs.stream()
        .filter(other -> !other.equals(job) && !other.pointsHome(guest))
        .filter(other -> facts.isOnline(other.target()))
        .filter(other -> other.recoveryPoint().isPresent() || isOfUnknownAge && other.isBroken())
        .noneMatch(other -> !point(other).isBefore(point(job)));
  }

  /** A request that Proxmox refused is tried again at the gate's pace, since nothing was done. */
  private Optional<String> tooSoon(Job job) {
    Optional<Repaired> former =
        known(job)
            .filter(each -> memory.pending(step(job).key()).isEmpty())
            .filter(each -> each.nextAt().isAfter(gate.now()));
    former.map(Repaired::nextAt).ifPresent(gate::lookAgainAt);
    return former.map(
        each ->
            "that was done %s, last at %s, and will be done again from %s"
                .formatted(Count.times(each.times()), each.lastAt(), each.nextAt()));
  }

  /** Stands for this job and the age of its replica, so that it counts for no later one. */
  private String word(Job job) {
    return "%s@%s"
        .formatted(
            job.id(),
            job.recoveryPoint()
                .map(Instant::toString)
                .orElseGet(() -> "unknown-" + known(job).map(Repaired::times).orElse(0)));
  }

  private boolean isAsked(Job job) {
    return gate.isAwaited(step(job).key());
  }

  private Optional<Repaired> known(Job job) {
    return repaired.stream().filter(each -> each.isOf(job.vmid(), job.target())).findFirst();
  }

  private static RecreateJob step(Job job) {
    return new RecreateJob(job.id(), job.vmid(), job.target());
  }

  private static Instant point(Job job) {
    return job.recoveryPoint().orElse(Instant.MIN);
  }

  private static String words(Job job) {
    return "Job %s has no snapshot in common with its replica on %s"
        .formatted(job.id(), job.target());
  }
}
