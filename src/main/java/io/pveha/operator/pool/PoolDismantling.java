package io.pveha.operator.pool;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.PoolDeletionPolicy;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.DataRelease;
import io.pveha.core.safety.Listing;
import io.pveha.core.storage.MadePool;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.PoolRemoval;
import io.pveha.core.storage.PoolStep;
import io.pveha.core.storage.PoolUse;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.connection.FailureWords;
import io.pveha.operator.host.Departure;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.OrderAnnotation;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.seal.TrustedStatus;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Shop;
import io.pveha.operator.steps.Work;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Carries the deletion policy of a ZfsPool out. */
final class PoolDismantling {

  private static final OrderAnnotation DESTROY_DATA = new OrderAnnotation(ApiNames.DESTROY_DATA);

  private final ZfsPool pool;
  private final HostCluster host;
  private final Shop shop;
  private final Context<ZfsPool> context;
  private final ZfsPoolStatus former;
  private final Work<ZfsPoolStatus, ZfsPool> work;

  PoolDismantling(ZfsPool pool, HostCluster host, Shop shop, Context<ZfsPool> context) {
    this.pool = pool;
    this.host = host;
    this.shop = shop;
    this.context = context;
    TrustedStatus<ZfsPoolStatus> trusted =
        shop.watchers().seals().read(pool, pool.reported(), host.token());
    this.former = trusted.status();
    this.work = Work.sealed(pool, trusted, context, shop, host.watcher(), host.token());
  }

  /** Takes one round, and tells whether nothing is left to do. */
  boolean isDone(Departure departure) {
    if (work.heal().isPresent()) {
      return false;
    }
    Conditions conditions = new Conditions();
    if (departure.mustWait()) {
      departure.report(conditions, work, former);
      return false;
    }
    ClusterFacts facts = host.facts().orElseThrow();
    WantedPool wanted = WantedPools.of(pool.getSpec());
    PoolFacts slice = PoolFactsReader.of(wanted, facts);
    boolean destroy = pool.getSpec().deletionPolicy() == PoolDeletionPolicy.DESTROY;
    Memory memory = work.memory();
    Map<NodeName, PoolUse> uses;
    try {
      uses =
          new PoolInspection(wanted, host.watcher().orElseThrow())
              .uses(slice.nodes().keySet(), destroy, PoolRemoval.destroyed(wanted, memory), facts);
    } catch (ProxmoxFailure failure) {
      Verdict.reconciling(
          conditions,
          ConditionReason.DELETING,
          FailureWords.about(
              failure, "The content of pool %s can't be listed now".formatted(wanted.name())));
      work.report(former, conditions);
      return false;
    }
    Plan<PoolStep> plan =
        PoolRemoval.plan(
            wanted,
            destroy,
            slice,
            made(former),
            uses,
            new PoolRemoval.Release(isReleased(), command()),
            memory,
            facts.at(),
            work.now());
    if (plan.isDone()) {
      return isReleased()
          || (departure.isProven(
                  List.of(
                      Absence.beyond(Listing.STORAGES),
                      Absence.of(Listing.STORAGES, wanted.storage().id())),
                  conditions,
                  work,
                  former)
              && (!destroy || isEndKnown(wanted, slice, memory, conditions)));
    }
    judge(plan, conditions);
    work.carryOut(
        plan,
        memory,
        host.permit(false, () -> PoolClaims.taken(pool, context).isEmpty(), shop.leads()),
        former,
        conditions,
        grant -> new PoolActions(host.watcher().orElseThrow(), grant));
    return false;
  }

  /**
   * Pools that were seen once are not gone by empty lists. Where one was destroyed by us, the entry
   * was seen and had no node whose pool was not listed: what was taken off it, its owner took.
   */
  private boolean isEndKnown(
      WantedPool wanted, PoolFacts facts, Memory memory, Conditions conditions) {
    List<String> unlisted =
        PoolPresence.of(pool, wanted, facts, work.now()).lost().keySet().stream()
            .map(NodeName::value)
            .sorted()
            .toList();
    if (unlisted.isEmpty() || !PoolRemoval.destroyed(wanted, memory).isEmpty()) {
      return true;
    }
    Verdict.reconciling(
        conditions,
        ConditionReason.DELETION_BLOCKED,
        ("Pool %s was seen on %s, is not listed there now, and the operator did not destroy it;"
                + " it may be there, not imported. Import it (`zpool import %s`), or, if it is gone"
                + " for good, delete this object without it: %s")
            .formatted(
                wanted.name(), String.join(", ", unlisted), wanted.name(), Departure.wayOut(pool)));
    work.report(former, conditions);
    return false;
  }

  private static void judge(Plan<PoolStep> plan, Conditions conditions) {
    if (plan.findings().stream().anyMatch(f -> f.severity() == Severity.BLOCKS)) {
      Verdict.of(plan, false, conditions, "");
      return;
    }
    Verdict.reconciling(
        conditions,
        ConditionReason.DELETING,
        plan.findings().stream()
            .map(Finding::message)
            .findFirst()
            .orElse("Carrying out deletionPolicy."));
  }

  private static Map<NodeName, MadePool> made(ZfsPoolStatus status) {
    return status.nodes().stream()
        .collect(
            Collectors.toMap(
                node -> new NodeName(node.name()),
                node -> new MadePool(node.diskIds()),
                (one, other) -> one));
  }

  private boolean isReleased() {
    return DataRelease.isGiven(DESTROY_DATA.value(pool).orElse(null), pool.getMetadata().getUid());
  }

  private String command() {
    return "kubectl annotate zfspool %s -n %s %s=%s"
        .formatted(
            pool.getMetadata().getName(),
            pool.getMetadata().getNamespace(),
            ApiNames.DESTROY_DATA,
            pool.getMetadata().getUid());
  }
}
