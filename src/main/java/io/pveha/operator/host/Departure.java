package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Severity;
import io.pveha.core.safety.Abandonment;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.Farewell;
import io.pveha.core.safety.Sight;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.status.WayOut;
import io.pveha.operator.steps.Shop;
import io.pveha.operator.steps.Work;
import java.util.List;
import java.util.Optional;

/** An object of a cluster that is being deleted, and what its deletion policy still asks for. */
public final class Departure {

  private final CustomResource<?, ?> object;
  private final HostCluster host;
  private final Farewell farewell;
  private final Optional<String> untold;

  private Departure(
      CustomResource<?, ?> object, HostCluster host, Farewell farewell, Optional<String> untold) {
    this.object = object;
    this.host = host;
    this.farewell = farewell;
    this.untold = untold;
  }

  /**
   * Judges it.
   *
   * @param retains whether the deletion policy leaves Proxmox as it is
   * @param witness a condition that it has once it was looked at in Proxmox
   */
  public static Departure of(
      CustomResource<?, ? extends ReportedStatus<?>> object,
      HostCluster host,
      boolean retains,
      ManagementPolicy policy,
      ConditionType witness) {
    boolean asksNothing = retains || host.observes(policy);
    boolean abandoned =
        isAbandoned(object) || host.cluster().filter(Departure::isAbandoned).isPresent();
    boolean everWorked =
        object.getStatus() != null
            && (!object.getStatus().pendingTasks().isEmpty()
                || Conditions.told(object.getStatus().conditions(), witness).findAny().isPresent());
    Farewell.Cluster cluster = cluster(host);
    Farewell farewell = Farewell.of(asksNothing, abandoned, everWorked, cluster);
    return new Departure(object, host, farewell, farewell.untold(asksNothing, abandoned, cluster));
  }

  /** Whether its owner gave the object up, whatever its deletion policy says. */
  public static boolean isAbandoned(HasMetadata object) {
    return object.isMarkedForDeletion()
        && object.getMetadata().getAnnotations() != null
        && Abandonment.isGiven(
            object.getMetadata().getAnnotations().get(ApiNames.ABANDON),
            object.getMetadata().getUid());
  }

  /** The command that gives an object up. */
  public static String wayOut(HasMetadata object) {
    return WayOut.command(object);
  }

  public boolean mayGo() {
    return farewell == Farewell.LET_GO;
  }

  public boolean mustWait() {
    return farewell == Farewell.WAIT;
  }

  /**
   * Whether nothing is left of it, as far as the lists tell: also that what they lack is proven to
   * be absent. Else it stays, and says why.
   *
   * @param gone what must be proven absent
   */
  public <S extends ReportedStatus<S>, P extends CustomResource<?, S>> boolean isProven(
      List<Absence> gone, Conditions conditions, Work<S, P> work, S former) {
    Sight sight = host.facts().orElseThrow().sight();
    Optional<Finding> doubt =
        gone.stream().flatMap(absence -> sight.doubt(absence).stream()).findFirst();
    doubt.ifPresent(
        why -> {
          boolean blocks = why.severity() == Severity.BLOCKS;
          Verdict.reconciling(
              conditions,
              blocks ? ConditionReason.DELETION_BLOCKED : ConditionReason.DELETING,
              "Whether anything is left of it is unknown: %s%s"
                  .formatted(
                      why.message(), blocks ? " To delete it anyway: " + wayOut(object) : ""));
          work.report(former, conditions);
        });
    return doubt.isEmpty();
  }

  /** Tells if the policy was not carried out. */
  public void tell(Shop shop) {
    untold.ifPresent(why -> leave(shop, why));
  }

  /** Tells why the policy is not carried out. */
  public void leave(Shop shop, String why) {
    shop.transitions()
        .tell(
            object,
            false,
            "DeletionPolicySkipped",
            "deletionPolicy was not carried out: %s. Proxmox was left as it is."
                .formatted(why.replaceAll("\\.$", "")));
  }

  /** Says why it stays, and what lets it go, unless that may be over in a moment. */
  public <S extends ReportedStatus<S>, P extends CustomResource<?, S>> void report(
      Conditions conditions, Work<S, P> work, S former) {
    // Who owns the cluster may stay open for long; that it can't be asked is told after a time.
    if (!host.letsStand(former) || isSeen()) {
      judge(conditions);
      work.report(former, conditions);
    }
  }

  private boolean isSeen() {
    return host.watcher()
        .map(ClusterWatcher::observation)
        .filter(seen -> seen.trouble().isEmpty() && seen.facts().isPresent())
        .isPresent();
  }

  private void judge(Conditions conditions) {
    AccessProblem obstacle = host.obstacle().orElseThrow();
    if (host.passing()) {
      Verdict.reconciling(conditions, ConditionReason.DELETING, obstacle.message());
      return;
    }
    Verdict.reconciling(
        conditions,
        ConditionReason.DELETION_BLOCKED,
        ("deletionPolicy can't be carried out: %s To delete it without that, leaving Proxmox "
                + "as it is: %s")
            .formatted(obstacle.message(), wayOut(object)));
  }

  private static Farewell.Cluster cluster(HostCluster host) {
    Optional<ConditionReason> obstacle = host.obstacle().map(AccessProblem::reason);
    if (obstacle.filter(reason -> reason == ConditionReason.CLUSTER_TAKEN).isPresent()) {
      return Farewell.Cluster.TAKEN;
    }
    if (obstacle.isEmpty()) {
      return Farewell.Cluster.READY;
    }
    return host.cluster()
            .map(ProxmoxCluster::reported)
            .filter(ProxmoxClusterStatus::wasFormed)
            .isPresent()
        ? Farewell.Cluster.OUT_OF_REACH
        : Farewell.Cluster.NEVER_FORMED_OR_GONE;
  }
}
