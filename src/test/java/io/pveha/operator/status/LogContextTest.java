package io.pveha.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.HaResourceStatus.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

  @Test
  void everyLineBearsTheObjectAndItsIncidentUntilTheEnd() {
    HaResource object = new HaResource();
    object.setMetadata(new ObjectMetaBuilder().withNamespace("prod").withName("web").build());
    object.setStatus(
        HaResourceStatus.EMPTY.withFailoverInProgress(
            new Failover(
                FailoverCause.NODE_LOST,
                "node1",
                null,
                List.of(new Phase(FailoverPhase.LOSS_SEEN, Instant.parse("2026-01-05T08:00:00Z"))),
                null,
                null,
                null,
                null,
                null,
                null)));

    try (LogContext unused = LogContext.of(object, "reference")) {
      assertThat(MDC.getCopyOfContextMap())
          .containsAllEntriesOf(
              Map.of(
                  "cluster", "reference",
                  "kind", "HaResource",
                  "namespace", "prod",
                  "name", "web",
                  "incident", "node1@2026-01-05T08:00:00Z"));
    }

    assertThat(MDC.get("cluster")).isNull();
    assertThat(MDC.get("incident")).isNull();
  }
}
