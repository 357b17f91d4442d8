package io.pveha.operator.host;

import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ClusterRef;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.WritePermit;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.SlowQuestion;
import io.pveha.operator.polling.Watchers;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Secret;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The cluster that an object belongs to, as far as it can be worked with.
 *
 * @param obstacle why it can't be worked with now; empty when it can
 * @param cluster empty when there is none of that name
 * @param owned whether the ProxmoxCluster owns it, so that it may be written
 * @param passing whether that is so only for a moment as far as is known: it was not looked at yet
 *     since this process began, or a round was missed
 * @param stillOwned whether the ProxmoxCluster owns it at the moment that this is asked
 */
public record HostCluster(
    Optional<AccessProblem> obstacle,
    Optional<ProxmoxCluster> cluster,
    Optional<ClusterWatcher> watcher,
    Optional<ClusterFacts> facts,
    boolean owned,
    boolean passing,
    BooleanSupplier stillOwned) {

  private static final BooleanSupplier NEVER = () -> false;

  /** Looks it up. */
  public static HostCluster of(
      CustomResource<?, ?> object, ClusterRef ref, Context<?> context, Watchers watchers) {
    ResourceID id = new ResourceID(ref.name(), object.getMetadata().getNamespace());
    Optional<ProxmoxCluster> cluster =
        context.getSecondaryResourcesAsStream(ProxmoxCluster.class).findFirst();
    if (cluster.isEmpty()) {
      return obstacle(
          ConditionReason.CLUSTER_NOT_FOUND,
          "spec.clusterRef.name: there is no ProxmoxCluster %s in this namespace; create it."
              .formatted(ref.name()),
          cluster,
          Optional.empty());
    }
    Optional<ClusterWatcher> watcher = watchers.find(id);
    cluster = cluster.map(found -> trusted(found, watcher, watchers));
    boolean firstLook = watchers.isFirstLook(id);
    Optional<OwnershipState> standing = watchers.owners().standing(id);
    if (standing.filter(OwnershipState::isBarred).isPresent()) {
      return obstacle(
          standing.get().obstacle().get().reason(),
          "ProxmoxCluster %s writes nothing, and neither do its dependants: %s"
              .formatted(ref.name(), standing.get().obstacle().get().message()),
          cluster,
          watcher);
    }
    Optional<Observation> seen = watcher.map(ClusterWatcher::observation);
    Optional<ClusterFacts> facts = seen.flatMap(Observation::facts);
    if (seen.flatMap(Observation::trouble).isPresent()) {
      return new HostCluster(
          Optional.of(
              new AccessProblem(
                  ConditionReason.WAITING_FOR_CLUSTER,
                  "ProxmoxCluster %s is unreachable; its condition Connected says why."
                      .formatted(ref.name()))),
          cluster,
          watcher,
          Optional.empty(),
          false,
          firstLook || seen.filter(Observation::isTroublePassing).isPresent(),
          NEVER);
    }
    if (facts.isEmpty()) {
      return new HostCluster(
          Optional.of(
              new AccessProblem(
                  ConditionReason.WAITING_FOR_CLUSTER,
                  "Waiting for ProxmoxCluster %s to become ready.".formatted(ref.name()))),
          cluster,
          watcher,
          Optional.empty(),
          false,
          firstLook,
          NEVER);
    }
    if (standing.filter(OwnershipState::mayPlan).isEmpty()) {
      return new HostCluster(
          Optional.of(
              standing
                  .flatMap(OwnershipState::obstacle)
                  .orElseGet(
                      () ->
                          new AccessProblem(
                              ConditionReason.WAITING_FOR_CLUSTER,
                              "Waiting for the first observation of ProxmoxCluster %s."
                                  .formatted(ref.name())))),
          cluster,
          watcher,
          Optional.empty(),
          false,
          true,
          NEVER);
    }
    if (!facts.get().fast().isQuorate()) {
      return obstacle(
          ConditionReason.WAITING_FOR_CLUSTER,
          "ProxmoxCluster %s is not quorate, so Proxmox refuses writes.".formatted(ref.name()),
          cluster,
          watcher);
    }
    ClusterFacts needed = facts.get().restingOn(needs(object));
    Optional<Finding> tooOld = needed.tooOld();
    if (tooOld.isPresent()) {
      return obstacle(
          ConditionReason.FACTS_TOO_OLD,
          "ProxmoxCluster %s lacks facts that are needed: %s"
              .formatted(ref.name(), tooOld.get().message()),
          cluster,
          watcher);
    }
    return new HostCluster(
        Optional.empty(),
        cluster,
        watcher,
        Optional.of(needed),
        standing.filter(OwnershipState::isOwner).isPresent(),
        false,
        () -> watchers.owners().stillOwns(id));
  }

  private static Set<SlowQuestion> needs(CustomResource<?, ?> object) {
    if (object instanceof ZfsPool) {
      return SlowQuestion.POOL;
    }
    return object instanceof ReplicationJob ? SlowQuestion.REPLICATION : SlowQuestion.RESOURCE;
  }

  /** Its status as far as it may be acted on; without a connection there is nothing to act on. */
  private static ProxmoxCluster trusted(
      ProxmoxCluster cluster, Optional<ClusterWatcher> watcher, Watchers watchers) {
    return watcher
        .flatMap(known -> known.access().login().token())
        .map(token -> watchers.seals().trusted(cluster, token.secret()))
        .orElse(cluster);
  }

  /** The key of the seals of what belongs to it; empty while it is not connected to. */
  public Optional<Secret> token() {
    return watcher
        .flatMap(known -> known.access().login().token())
        .map(Credentials.ApiToken::secret);
  }

  /**
   * The permit of what is planned of an object of a cluster without obstacle.
   *
   * @param unrivalled whether no other object owns what is written, asked at each write
   * @param leads whether this process leads, asked at each write
   */
  public WritePermit permit(
      boolean observeOnly, BooleanSupplier unrivalled, BooleanSupplier leads) {
    return watcher
        .orElseThrow()
        .permit(
            observeOnly || isObserved() || !owned,
            facts.orElseThrow(),
            () -> stillOwned.getAsBoolean() && unrivalled.getAsBoolean(),
            leads);
  }

  /**
   * Whether an object with this policy is only observed: by its own policy, or by its cluster's.
   */
  public boolean observes(ManagementPolicy policy) {
    return policy == ManagementPolicy.OBSERVE || isObserved();
  }

  /** Observe of a cluster holds for everything in it. */
  private boolean isObserved() {
    return cluster
        .filter(c -> c.getSpec().managementPolicy() == ManagementPolicy.OBSERVE)
        .isPresent();
  }

  private static HostCluster obstacle(
      ConditionReason reason,
      String message,
      Optional<ProxmoxCluster> cluster,
      Optional<ClusterWatcher> watcher) {
    return new HostCluster(
        Optional.of(new AccessProblem(reason, message)),
        cluster,
        watcher,
        Optional.empty(),
        false,
        false,
        NEVER);
  }

  /** Whether what was last said of an object stands: it is not known to be wrong. */
  public boolean letsStand(ReportedStatus<?> former) {
    return passing && !former.conditions().isEmpty();
  }
}
