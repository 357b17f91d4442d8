package io.pveha.operator.metrics;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** What JOSDK tells of reconciliations. */
final class ReconcileMetrics implements Metrics {

  private static final String NAME = "pveha.reconcile";

  private static final Duration[] BUCKETS =
      Stream.of(10, 100, 1000, 10_000).map(Duration::ofMillis).toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final OperatorMetrics metrics;

  ReconcileMetrics(MeterRegistry registry, OperatorMetrics metrics) {
    this.registry = registry;
    this.metrics = metrics;
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    Timer.Sample sample = Timer.start(registry);
    String outcome = "error";
    try {
      T result = execution.execute();
      outcome = "ok";
      return result;
    } catch (RuntimeException failure) {
      outcome = isConflict(failure) ? "conflict" : "error";
      throw failure;
    } finally {
      sample.stop(
          Timer.builder(NAME)
              .description(Help.of(NAME))
              .tags("kind", kind(execution.metadata()), "outcome", outcome)
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
  }

  @Override
  public void cleanupDone(ResourceID id, Map<String, Object> metadata) {
    metrics.removed(new ObjectRef(kind(metadata), id.getNamespace().orElse(""), id.getName()));
  }

  private static String kind(Map<String, Object> metadata) {
    return metadata.get(Constants.RESOURCE_GVK_KEY) instanceof GroupVersionKind kind
        ? kind.getKind()
        : "";
  }

  /** Somebody else wrote the object meanwhile: decided again at once, and no error. */
  private static boolean isConflict(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(
            cause ->
                cause instanceof KubernetesClientException api
                    && api.getCode() == HttpURLConnection.HTTP_CONFLICT);
  }
}
