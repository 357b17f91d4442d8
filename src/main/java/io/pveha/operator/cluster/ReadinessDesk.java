package io.pveha.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.failover.Readiness;
import io.pveha.operator.polling.ClusterFacts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the last answer for each cluster, so that it is worked out anew only when it must be. */
final class ReadinessDesk {

  private final Map<ResourceID, Readiness> answers = new ConcurrentHashMap<>();

  /**
   * What would become of the guests of a cluster.
   *
   * @param status with the members and the votes of this moment
   */
  Readiness answer(ResourceID cluster, ClusterFacts facts, ProxmoxClusterStatus status) {
    return answers.compute(
        cluster,
        (id, former) -> Readiness.of(LivePicture.of(facts, status), Optional.ofNullable(former)));
  }

  void forget(ResourceID cluster) {
    answers.remove(cluster);
  }
}
