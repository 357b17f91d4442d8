package io.pveha.operator.ownermark;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.options.MarkOwner;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.ClusterHold;
import io.pveha.core.safety.ClusterHold.Claim;
import io.pveha.core.safety.ClusterNotes;
import io.pveha.core.safety.OwnerMark;
import io.pveha.core.safety.WritePermit;
import io.pveha.operator.host.OrderAnnotation;
import io.pveha.operator.owner.ClusterOwners;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Holds the mark of the owner in the datacenter notes, by which operators of other Kubernetes
 * clusters know that this Proxmox cluster has one; see {@link ClusterHold}.
 */
final class OwnerMarking {

  /** Facts that were asked for are there by then. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final ProxmoxCluster cluster;
  private final ResourceID id;
  private final ClusterWatcher watcher;
  private final ClusterFacts facts;
  private final Set<String> yielding;
  private final ClusterOwners owners;
  private final Clock clock;
  private final WritePermit permit;
  private final List<ClusterNotes> notes;
  private final Optional<String> takeOver;
  private final boolean observes;

  /**
   * For one look at the facts.
   *
   * @param yielding UIDs of ProxmoxClusters that this operator sees, and that give way to this one
   */
  OwnerMarking(
      ProxmoxCluster cluster,
      ClusterWatcher watcher,
      ClusterFacts facts,
      Set<String> yielding,
      ClusterOwners owners,
      Clock clock,
      BooleanSupplier leads) {
    this.cluster = cluster;
    this.id = ResourceID.fromResource(cluster);
    this.watcher = watcher;
    this.facts = facts;
    this.yielding = yielding;
    this.owners = owners;
    this.clock = clock;
    this.notes = facts.slow().notes().values().stream().map(ClusterNotes::new).toList();
    this.takeOver = new OrderAnnotation(ApiNames.TAKE_OVER).value(cluster).map(String::strip);
    this.observes = cluster.getSpec().managementPolicy() == ManagementPolicy.OBSERVE;
    // Whose the cluster is, is just what the mark settles.
    this.permit = watcher.permit(observes, facts.restingOn(Set.of()), () -> true, leads);
  }

  /** Looks for the mark, writes it where it is to be written, and tells how the object stands. */
  OwnershipFinding standing() {
    ClusterHold hold = hold();
    return switch (hold.state()) {
      case TAKEN -> {
        owners.lost(id);
        yield OwnershipFinding.of(
            OwnershipState.barred(
                ConditionReason.CLUSTER_TAKEN,
                OwnerMarkMessages.taken(cluster, hold.other().orElseThrow())));
      }
      case DAMAGED ->
          OwnershipFinding.of(
              OwnershipState.barred(
                  ConditionReason.OWNER_UNKNOWN,
                  OwnerMarkMessages.damaged(hold.damaged().orElseThrow())));
      case UNSEEN ->
          OwnershipFinding.of(
              observes
                  ? OwnershipState.OBSERVES
                  : OwnershipState.unsettled(OwnerMarkMessages.unseen(cluster)));
      case CLAIMING -> observes ? observed() : claim(hold);
      case OURS -> ours(hold);
    };
  }

  /** Whether the mark is held by what is known now; writes nothing. */
  boolean isHeld() {
    return hold().state() == ClusterHold.State.OURS;
  }

  private ClusterHold hold() {
    return ClusterHold.judge(uid(), notes, facts.slow().at(), yielding, takeOver, owners.claim(id));
  }

  private OwnershipFinding observed() {
    return new OwnershipFinding(
        OwnershipState.OBSERVES, Optional.of(step()), false, Optional.empty());
  }

  private OwnershipFinding ours(ClusterHold hold) {
    if (hold.write() && !observes && mayTry()) {
      // It owns the cluster with or without: whoever comes first puts a mark there of his own.
      boolean written = write().isEmpty();
      return new OwnershipFinding(OwnershipState.OWNS, Optional.empty(), written, Optional.empty());
    }
    if (!hold.write()) {
      Claim claim =
          owners
              .claim(id)
              .orElseGet(() -> Claim.found(ClusterHold.found(notes, uid()).orElseThrow()));
      owners.claimed(id, claim.asHeld());
    }
    return OwnershipFinding.of(OwnershipState.OWNS);
  }

  private OwnershipFinding claim(ClusterHold hold) {
    if (!hold.write()) {
      return settling(hold.until().orElseThrow());
    }
    if (!mayTry()) {
      return waiting();
    }
    return write().isPresent()
        ? waiting()
        : new OwnershipFinding(
            OwnershipState.unsettled(OwnerMarkMessages.settling(cluster)),
            Optional.of(step()),
            true,
            Optional.of(clock.instant().plus(ClusterHold.WRITING)));
  }

  private OwnershipFinding settling(Instant until) {
    Instant now = clock.instant();
    boolean due = !until.isAfter(now);
    if (due) {
      watcher.refresh();
    }
    return new OwnershipFinding(
        OwnershipState.unsettled(OwnerMarkMessages.settling(cluster)),
        Optional.empty(),
        false,
        Optional.of(due ? now.plus(SOON) : until));
  }

  /** The mark is to be written, and can't be yet. */
  private OwnershipFinding waiting() {
    Optional<ClusterOwners.Trouble> trouble = owners.trouble(id);
    OwnershipState standing =
        trouble
            .map(ClusterOwners.Trouble::failure)
            .map(
                failure ->
                    failure instanceof ProxmoxFailure.Forbidden
                        ? OwnershipState.barred(
                            ConditionReason.PERMISSION_DENIED, OwnerMarkMessages.refused(failure))
                        : OwnershipState.unsettled(OwnerMarkMessages.failed(failure)))
            .orElseGet(
                () ->
                    OwnershipState.unsettled(
                        facts
                            .fast()
                            .doubt()
                            .map(Finding::message)
                            .orElseGet(() -> OwnerMarkMessages.unseen(cluster))));
    return new OwnershipFinding(
        standing, Optional.of(step()), false, trouble.map(ClusterOwners.Trouble::again));
  }

  private boolean mayTry() {
    return permit.refusal(step(), clock.instant()).isEmpty()
        && owners.trouble(id).filter(why -> why.again().isAfter(clock.instant())).isEmpty();
  }

  /** Writes the mark; what went wrong is remembered. */
  private Optional<ProxmoxFailure> write() {
    Optional<Claim> former = owners.claim(id);
    Instant began = clock.instant();
    OwnerMark mark =
        former
            .map(Claim::mark)
            .orElseGet(
                () ->
                    new OwnerMark(
                        OwnerMarkMessages.name(cluster), uid(), began, replacesAnother()));
    boolean held = former.filter(Claim::held).isPresent();
    try {
      new DatacenterNotes(watcher, permit.grant(step(), clock::instant))
          .write(mark, this::isReplaced);
      Instant done = clock.instant();
      boolean slowly = Duration.between(began, done).compareTo(ClusterHold.WRITING) > 0;
      owners.claimed(id, new Claim(mark, done, slowly, held));
      watcher.refresh();
      return Optional.empty();
    } catch (ProxmoxFailure failure) {
      if (failure.mayHaveHappened()) {
        owners.claimed(id, new Claim(mark, clock.instant(), true, held));
      }
      owners.failed(id, failure, clock.instant());
      return Optional.of(failure);
    }
  }

  private boolean replacesAnother() {
    return notes.stream()
        .flatMap(seen -> seen.marks().stream())
        .anyMatch(mark -> !mark.uid().equals(uid()));
  }

  private boolean isReplaced(OwnerMark mark) {
    return mark.uid().equals(uid())
        || yielding.contains(mark.uid())
        || takeOver.filter(mark.id()::equals).isPresent()
        || owners.claim(id).filter(ours -> ours.mayContest(mark, facts.slow().at())).isPresent();
  }

  private MarkOwner step() {
    return new MarkOwner(OwnerMarkMessages.name(cluster));
  }

  private String uid() {
    return cluster.getMetadata().getUid();
  }
}
