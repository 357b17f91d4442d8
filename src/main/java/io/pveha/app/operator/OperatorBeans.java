package io.pveha.app.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.steps.Shop;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What Quarkus hands to the reconcilers. The only place with the system's clock. */
@ApplicationScoped
public class OperatorBeans {

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Shop shop(
      KubernetesClient client,
      Clock clock,
      MeterRegistry registry,
      Leader leader,
      @ConfigProperty(name = "pveha.poll.fast") Duration fast,
      @ConfigProperty(name = "pveha.poll.slow") Duration slow,
      @ConfigProperty(name = "pveha.poll.patience") Duration patience) {
    return OperatorWiring.shop(
        client,
        new Watchers(new Pace(fast, slow, patience), clock),
        clock,
        registry,
        leader::leads);
  }

  /** In place of those that the operator SDK would bring, with series for each object. */
  @Produces
  @Singleton
  Metrics metrics(Shop shop) {
    return shop.metrics().reconciliations();
  }

  @Produces
  @Singleton
  Connector connector(Clock clock) {
    return OperatorWiring.connector(clock);
  }

  void stop(@Disposes Shop shop) {
    shop.probes().close();
    shop.watchers().close();
  }
}
