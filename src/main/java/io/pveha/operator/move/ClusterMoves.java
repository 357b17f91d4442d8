package io.pveha.operator.move;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.CordonPlanner;
import io.pveha.core.move.MoveMemory;
import io.pveha.core.move.MoveOrder;
import io.pveha.core.move.MovePlan;
import io.pveha.core.move.MovePlan.Staying;
import io.pveha.core.move.MovePlanner;
import io.pveha.core.move.MoveStep;
import io.pveha.core.move.MoveView;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.steps.Work;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Moves of guests, decided once for the whole cluster, and what is told of them. */
public final class ClusterMoves {

  private final MoveView view;
  private final ProxmoxClusterStatus former;
  private MoveMemory before = MoveMemory.EMPTY;
  private final boolean observeOnly;
  private MovePlan decided;

  public ClusterMoves(MoveView view, ProxmoxClusterStatus former, boolean observeOnly) {
    this.view = view;
    this.former = former;
    this.observeOnly = observeOnly;
  }

  /** An observer only shows what the next steps would be, and orders nothing. */
  public Plan<MoveStep> plan(Memory memory, Instant now) {
    before = MoveStatusMapper.remembered(former, now);
    decided =
        observeOnly
            ? MovePlanner.plan(view, MoveMemory.EMPTY, Memory.EMPTY, now)
            : MovePlanner.plan(view, before, memory, now);
    return decided.plan();
  }

  /** Guests on nodes that are cordoned for their health are replicated at once. */
  public Plan<MoveStep> replicating(ProxmoxClusterStatus status, Memory memory, Instant now) {
    Map<NodeName, Instant> cordoned =
        Stream.ofNullable(status.health())
            .flatMap(health -> health.nodes().stream())
            .filter(treatment -> treatment.action() == HealthAction.CORDON)
            .collect(
                Collectors.toMap(
                    treatment -> new NodeName(treatment.node()),
                    ProxmoxClusterStatus.Treatment::since,
                    (one, other) -> one));
    return CordonPlanner.plan(view, cordoned, memory, now);
  }

  public ProxmoxClusterStatus saved(ProxmoxClusterStatus status) {
    return observeOnly
        ? status
        : status.withMoves(
            MoveStatusMapper.moves(decided.memory()), MoveStatusMapper.away(decided.memory()));
  }

  public void judge(Conditions conditions) {
    boolean asked = view.nodes().values().stream().anyMatch(node -> node.emptied().isPresent());
    boolean told =
        former.conditions().stream()
            .anyMatch(condition -> condition.getType().equals(ConditionType.EMPTIED.text()));
    if (view.obstacle().isPresent() || !asked && !told) {
      return;
    }
    List<Staying> stuck = decided.staying().stream().filter(each -> !each.underWay()).toList();
    if (!stuck.isEmpty()) {
      conditions.isFalse(ConditionType.EMPTIED, ConditionReason.GUEST_STAYS, sentences(stuck));
    } else if (!decided.staying().isEmpty()) {
      conditions.isFalse(
          ConditionType.EMPTIED, ConditionReason.MOVING, sentences(decided.staying()));
    } else {
      conditions.isTrue(
          ConditionType.EMPTIED,
          ConditionReason.AS_SPECIFIED,
          asked ? "No guest is left on nodes to be emptied." : "No node is to be emptied.");
    }
  }

  private static String sentences(List<Staying> guests) {
    return guests.stream()
        .limit(5)
        .map(each -> "%s on %s: %s".formatted(each.guest(), each.node(), each.why()))
        .collect(Collectors.joining(" "));
  }

  /** One Event for each turn that a move takes; on the HaResource, if the guest has one. */
  public void tell(
      Work<ProxmoxClusterStatus, ProxmoxCluster> work, Collection<HaResource> resources) {
    if (observeOnly) {
      return;
    }
    for (MoveOrder order : decided.memory().orders()) {
      Optional<MovePhase> was =
          before.orders().stream()
              .filter(former -> former.id().equals(order.id()))
              .map(MoveOrder::phase)
              .findFirst();
      if (was.filter(phase -> phase == order.phase()).isPresent()
          || order.phase() == MovePhase.WAITING) {
        continue;
      }
      String text =
          "%s (%s): %s"
              .formatted(
                  order
                      .to()
                      .filter(to -> !to.equals(order.from()))
                      .map(to -> "%s from %s to %s".formatted(order.guest(), order.from(), to))
                      .orElse("%s on %s".formatted(order.guest(), order.from())),
                  cause(order),
                  order.message());
      Optional<HaResource> resource =
          resources.stream()
              .filter(each -> each.getSpec().guest().sid().equals(order.guest().sid()))
              .findFirst();
      boolean good = order.phase() != MovePhase.FAILED || order.isWithdrawn();
      if (resource.isPresent()) {
        work.tellOf(resource.get(), good, reason(order), text);
      } else {
        work.tell(good, reason(order), text);
      }
    }
  }

  private static String cause(MoveOrder order) {
    return switch (order.cause()) {
      case REQUESTED -> "asked for";
      case NODE_UNHEALTHY -> "its node is in bad health";
      case MAINTENANCE -> "maintenance";
      case FAILBACK -> "going home";
    };
  }

  private static String reason(MoveOrder order) {
    return switch (order.phase()) {
      case WAITING -> "MoveOrdered";
      case SYNCING -> "SyncingBeforeMove";
      case MOVING -> ConditionReason.MOVING.text();
      case DONE -> "Moved";
      case FAILED -> order.isWithdrawn() ? "MoveWithdrawn" : "MoveFailed";
    };
  }
}
