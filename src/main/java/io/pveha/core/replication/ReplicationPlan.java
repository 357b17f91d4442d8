package io.pveha.core.replication;

import io.pveha.core.plan.Plan;
import java.util.List;

/**
 * What is to be done about jobs.
 *
 * @param repaired what is to be remembered of replicas recreated, saved before the steps are taken
 */
public record ReplicationPlan(Plan<ReplicationStep> plan, List<Repaired> repaired) {

  public ReplicationPlan {
    repaired = List.copyOf(repaired);
  }
}
