package io.pveha.operator.owner;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.operator.connection.AccessProblem;
import java.util.Optional;

/**
 * How a ProxmoxCluster stands to the Proxmox cluster that it speaks of.
 *
 * @param obstacle why what belongs to it waits; empty when it owns the cluster, or only observes
 */
public record OwnershipState(Kind kind, Optional<AccessProblem> obstacle) {

  /** What it may do. */
  public enum Kind {
    /** It owns the cluster: all that belongs to it may be written. */
    OWNS,
    /** It only observes: all that belongs to it may be looked at and planned, nothing written. */
    OBSERVES,
    /** No older one names its nodes, and they are no cluster yet: it may form one, no more. */
    FORMS,
    /** It is not known yet which cluster it is, or who else claims it; time tells. */
    UNSETTLED,
    /** Another owns the cluster, or ownership can't be had; a person must act. */
    BARRED
  }

  /** Nothing else claims the cluster. */
  public static final OwnershipState OWNS = new OwnershipState(Kind.OWNS, Optional.empty());

  /** It writes nothing, by its own policy; see {@link Kind#OBSERVES}. */
  public static final OwnershipState OBSERVES = new OwnershipState(Kind.OBSERVES, Optional.empty());

  /** It may form the cluster; see {@link Kind#FORMS}. */
  public static OwnershipState forms(String message) {
    return waiting(Kind.FORMS, message);
  }

  /** Time tells; see {@link Kind#UNSETTLED}. */
  public static OwnershipState unsettled(String message) {
    return waiting(Kind.UNSETTLED, message);
  }

  /** A person must act; see {@link Kind#BARRED}. */
  public static OwnershipState barred(ConditionReason reason, String message) {
    return new OwnershipState(Kind.BARRED, Optional.of(new AccessProblem(reason, message)));
  }

  private static OwnershipState waiting(Kind kind, String message) {
    return new OwnershipState(
        kind, Optional.of(new AccessProblem(ConditionReason.WAITING_FOR_CLUSTER, message)));
  }

  public boolean isOwner() {
    return kind == Kind.OWNS;
  }

  /** Whether what belongs to it may be looked at and planned. */
  public boolean mayPlan() {
    return kind == Kind.OWNS || kind == Kind.OBSERVES;
  }

  public boolean mayForm() {
    return kind == Kind.OWNS || kind == Kind.FORMS;
  }

  public boolean isBarred() {
    return kind == Kind.BARRED;
  }
}
