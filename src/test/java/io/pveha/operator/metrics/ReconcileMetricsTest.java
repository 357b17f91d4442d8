package io.pveha.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pveha.operator.polling.Predictions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** How reconciliations are told apart. */
class ReconcileMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Metrics told =
      new OperatorMetrics(registry, Clock.systemUTC(), id -> Optional.empty(), new Predictions())
          .reconciliations();

  @Test
  void endsAreTimedByOutcome() throws Exception {
    told.timeControllerExecution(execution(() -> "done"));
    told.timeControllerExecution(execution(() -> "done"));
    assertThatThrownBy(() -> told.timeControllerExecution(execution(failing(500))))
        .isInstanceOf(OperatorException.class);
    assertThatThrownBy(() -> told.timeControllerExecution(execution(failing(409))))
        .isInstanceOf(OperatorException.class);

    assertThat(count("ok")).isEqualTo(2);
    assertThat(count("error")).isEqualTo(1);
    assertThat(count("conflict")).isEqualTo(1);
  }

  private long count(String outcome) {
    return registry
        .get("pveha.reconcile")
        .tags("kind", "ZfsPool", "outcome", outcome)
        .timer()
        .count();
  }

  private static Callable<String> failing(int code) {
    return () -> {
      throw new OperatorException(new KubernetesClientException("no", code, null));
    };
  }

  private static Metrics.ControllerExecution<String> execution(Callable<String> what) {
    return new Metrics.ControllerExecution<>() {
      @Override
      public String name() {
        return "reconcile";
      }

      @Override
      public String controllerName() {
        return "zfspool";
      }

      @Override
      public String successTypeName(String result) {
        return result;
      }

      @Override
      public ResourceID resourceID() {
        return new ResourceID("tank", "proxmox");
      }

      @Override
      public Map<String, Object> metadata() {
        return Map.of(
            Constants.RESOURCE_GVK_KEY, new GroupVersionKind("pveha.io", "v1alpha1", "ZfsPool"));
      }

      @Override
      public String execute() throws Exception {
        return what.call();
      }
    };
  }
}
