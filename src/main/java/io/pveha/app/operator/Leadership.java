package io.pveha.app.operator;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.pveha.core.safety.LeaderLease;
import io.pveha.operator.metrics.OperatorMetrics;
import io.pveha.operator.steps.Shop;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of several replicas one leads: the holder of a Lease beside them. A replica that loses it ends at
 * once, so that nothing it still has in mind is done by two.
 */
@ApplicationScoped
public class Leadership {

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  /** JOSDK would exit in the middle of an orderly end, too, and wait for itself forever. */
  private static final boolean EXIT_ON_STOP_LEADING = false;

  private final OperatorMetrics metrics;
  private final Leader leader;
  private volatile boolean ending;

  @Inject
  Leadership(Shop shop, Leader leader) {
    this.metrics = shop.metrics();
    this.leader = leader;
  }

  /** None, that is no election, unless a Lease is configured: a single process leads by itself. */
  @Produces
  @Dependent
  LeaderElectionConfiguration election() {
    if (leader.election().isEmpty()) {
      metrics.leads(true);
      return null;
    }
    Leader.Election election = leader.election().get();
    return new LeaderElectionConfiguration(
        election.lease(),
        election.namespace(),
        LeaderLease.DURATION,
        LeaderLease.RENEW_DEADLINE,
        LeaderLease.RETRY_PERIOD,
        election.replica(),
        new LeaderCallbacks(this::won, this::lost, other -> {}),
        EXIT_ON_STOP_LEADING);
  }

  private void won() {
    leader.elected();
    metrics.leads(true);
  }

  /** Before JOSDK gives the Lease back. */
  void end(@Observes @Priority(1) ShutdownEvent event) {
    ending = true;
  }

  private void lost() {
    metrics.leads(false);
    if (!ending) {
      LOG.error("Lost the Lease; another replica leads. Ending.");
      Runtime.getRuntime().halt(1);
    }
  }
}
