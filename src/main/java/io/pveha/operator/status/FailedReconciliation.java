package io.pveha.operator.status;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ReportedStatus;
import java.time.Clock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object whose reconciliation ends with a fault of the operator says so: its last status would
 * stand as if it were still being looked after.
 */
public final class FailedReconciliation {

  private static final Logger LOG = LoggerFactory.getLogger(FailedReconciliation.class);

  private final Clock clock;
  private final Transitions transitions;

  public FailedReconciliation(Clock clock, Transitions transitions) {
    this.clock = clock;
    this.transitions = transitions;
  }

  /**
   * Says it at the object. The API server's own troubles are told by the log and by the health of
   * the process, since nothing can be written then, and a conflict is no trouble.
   *
   * @param former what its status says so far; all but the verdict stays
   */
  public <S extends ReportedStatus<S>, P extends CustomResource<?, S>>
      ErrorStatusUpdateControl<P> tell(P object, S former, Context<P> context, Exception failure) {
    say(
        object,
        former,
        context,
        failure,
        ("Reconciling this object failed: %s. Nothing is done for it until that passes; the "
                + "operator retries. This is a bug in the operator: report it with the stack trace in "
                + "its log.")
            .formatted(failure));
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  /**
   * Goes on with the deletion of an object, and says it at the object if that fails: JOSDK tells
   * only the log then, and tries again.
   *
   * @param wayOut the command that deletes it without its deletion policy
   */
  public <S extends ReportedStatus<S>, P extends CustomResource<?, S>> DeleteControl deleting(
      P object, S former, Context<P> context, String wayOut, Supplier<DeleteControl> deletion) {
    try {
      return deletion.get();
    } catch (RuntimeException failure) {
      say(
          object,
          former,
          context,
          failure,
          ("Deleting this object failed: %s. The object stays until that passes; the "
                  + "operator retries. This is a bug in the operator: report it with the stack trace "
                  + "in its log. To delete it without that, leaving Proxmox as it is: %s")
              .formatted(failure, wayOut));
      throw failure;
    }
  }

  /** Says at an object that nothing is done for it, since what it rests on can't be known. */
  public <S extends ReportedStatus<S>, P extends CustomResource<?, S>> void unknown(
      P object, S former, Context<P> context, String message) {
    say(object, former, context, ConditionReason.KUBERNETES_LIST_MISSING, message);
  }

  private <S extends ReportedStatus<S>, P extends CustomResource<?, S>> void say(
      P object, S former, Context<P> context, Exception failure, String message) {
    if (!isOfKubernetes(failure)) {
      say(object, former, context, ConditionReason.INTERNAL_ERROR, message);
    }
  }

  private <S extends ReportedStatus<S>, P extends CustomResource<?, S>> void say(
      P object, S former, Context<P> context, ConditionReason reason, String message) {
    Conditions conditions = new Conditions();
    Verdict.reconciling(conditions, reason, message);
    try {
      new StatusWriter<>(object, context, clock, transitions).save(former, former, conditions);
    } catch (KubernetesClientException | OperatorException again) {
      LOG.debug("{} could not be told that it failed", object.getMetadata().getName(), again);
    }
  }

  private static boolean isOfKubernetes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException || cause instanceof OperatorException) {
        return true;
      }
    }
    return false;
  }
}
