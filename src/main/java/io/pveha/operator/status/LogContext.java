package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * What every line of the log has that is written while an object is reconciled: {@code cluster},
 * {@code kind}, {@code namespace} and {@code name}; and {@code incident} while a failover of its
 * guest is in progress, the same for all guests that the same loss took down.
 */
public final class LogContext implements AutoCloseable {

  private static final String CLUSTER = "cluster";
  private static final String KIND = "kind";
  private static final String NAMESPACE = "namespace";
  private static final String NAME = "name";
  private static final String INCIDENT = "incident";

  private LogContext() {}

  /**
   * Until it is closed, in this thread.
   *
   * @param cluster name of the ProxmoxCluster that the object is, or belongs to
   */
  public static LogContext of(HasMetadata object, String cluster) {
    MDC.put(CLUSTER, cluster);
    MDC.put(KIND, object.getKind());
    MDC.put(NAMESPACE, object.getMetadata().getNamespace());
    MDC.put(NAME, object.getMetadata().getName());
    if (object instanceof HaResource resource) {
      incident(resource).ifPresent(incident -> MDC.put(INCIDENT, incident));
    }
    return new LogContext();
  }

  private static Optional<String> incident(HaResource resource) {
    return Optional.ofNullable(resource.reported().failoverInProgress()).map(LogContext::incident);
  }

  private static String incident(Failover failover) {
    return failover
        .reached(FailoverPhase.LOSS_SEEN)
        .map(at -> failover.from() + "@" + at)
        .orElse(failover.from());
  }

  @Override
  public void close() {
    MDC.remove(CLUSTER);
    MDC.remove(KIND);
    MDC.remove(NAMESPACE);
    MDC.remove(NAME);
    MDC.remove(INCIDENT);
  }
}
