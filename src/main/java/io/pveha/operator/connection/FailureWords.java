package io.pveha.operator.connection;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Outcome;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.List;

/** The one table from failures of Proxmox to reasons, and what may be concluded from them. */
public final class FailureWords {

  private FailureWords() {}

  /** The reason for a condition. */
  public static ConditionReason reason(ProxmoxFailure failure) {
    if (failure instanceof ProxmoxFailure.Unreachable
        || failure instanceof ProxmoxFailure.ConnectionLost) {
      return ConditionReason.ENDPOINT_UNREACHABLE;
    }
    if (failure instanceof ProxmoxFailure.LoginRejected) {
      return ConditionReason.CREDENTIALS_REJECTED;
    }
    if (failure instanceof ProxmoxFailure.Forbidden) {
      return ConditionReason.PERMISSION_DENIED;
    }
    if (failure instanceof ProxmoxFailure.CertificateMismatch) {
      return ConditionReason.CERTIFICATE_REJECTED;
    }
    if (failure instanceof ProxmoxFailure.NotProxmox) {
      return ConditionReason.NOT_PROXMOX;
    }
    if (failure instanceof ProxmoxFailure.NotImplemented) {
      return ConditionReason.UNSUPPORTED_VERSION;
    }
    if (failure instanceof ProxmoxFailure.NotInCluster) {
      return ConditionReason.WAITING_FOR_CLUSTER;
    }
    return ConditionReason.REQUEST_REFUSED;
  }

  /** What became of a step whose request ended so. */
  public static Outcome outcome(ProxmoxFailure failure) {
    if (failure.mayHaveHappened()) {
      return Outcome.UNKNOWN;
    }
    ConditionReason reason = reason(failure);
    // What may pass by itself is no matter for a person yet.
    return Outcome.failed(
        failure.mayPass() ? ConditionReason.TASK_FAILED : reason, failure.getMessage());
  }

  /**
   * A sentence for a condition.
   *
   * @param field what in the spec it is about, as in {@code spec.nodes[1].address}
   */
  public static String about(ProxmoxFailure failure, String field) {
    return "%s: %s%s"
        .formatted(field, failure.getMessage().replaceAll("\\.$", ""), advice(failure));
  }

  /**
   * No node answers, which is more often our network than all of theirs.
   *
   * @param nodes each with its failure, as in {@code node1 (it does not answer)}
   */
  public static AccessProblem nobody(List<String> nodes) {
    return new AccessProblem(
        ConditionReason.ENDPOINT_UNREACHABLE,
        "No node answers the operator: %s. Check the network between them and the operator, their"
                .formatted(String.join(", ", nodes))
            + " power, and spec.nodes[*].address.");
  }

  /** Which field is at fault, when no node in particular is. */
  public static String fieldOfAny(ProxmoxFailure failure) {
    return failure instanceof ProxmoxFailure.LoginRejected
            || failure instanceof ProxmoxFailure.Forbidden
        ? "spec.credentialsSecretRef"
        : "spec.nodes[*].address";
  }

  /** Which field of a node is at fault. */
  public static String field(ProxmoxFailure failure, int index, boolean withToken) {
    if (failure instanceof ProxmoxFailure.LoginRejected
        || failure instanceof ProxmoxFailure.Forbidden) {
      return withToken ? "spec.credentialsSecretRef" : "spec.formationSecretRef";
    }
    return failure instanceof ProxmoxFailure.CertificateMismatch
        ? "spec.nodes[%d].tlsFingerprint".formatted(index)
        : "spec.nodes[%d].address".formatted(index);
  }

  private static String advice(ProxmoxFailure failure) {
    return switch (reason(failure)) {
      case ENDPOINT_UNREACHABLE -> "; bring the node up, or correct the address.";
      case CREDENTIALS_REJECTED -> "; correct the Secret.";
      case PERMISSION_DENIED -> "; give the user and its token the privilege.";
      case CERTIFICATE_REJECTED ->
          "; if that is the node's certificate, write its fingerprint; otherwise the "
              + "connection is intercepted.";
      case NOT_PROXMOX -> "; let the operator reach the node's API, or correct the address.";
      default -> ".";
    };
  }
}
