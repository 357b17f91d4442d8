package io.pveha.operator.polling;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.core.failover.GuestForecast;
import io.pveha.core.failover.LiveCluster;
import io.pveha.core.failover.LossForecast;
import io.pveha.core.failover.Readiness;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What would become of the guests of each cluster if a node died, as last worked out. Statuses tell
 * of the worst guests only; here is each.
 */
public final class Predictions {

  private final Map<ResourceID, Readiness> answers = new ConcurrentHashMap<>();
  private final Map<ResourceID, Map<String, LossForecast>> reported = new ConcurrentHashMap<>();

  /** What would become of the guests; computed again only when it must be. */
  public Readiness answer(ResourceID cluster, LiveCluster now) {
    return answers.compute(cluster, (id, former) -> Readiness.of(now, Optional.ofNullable(former)));
  }

  /** This is what the cluster's object says; of a member that is lost, what was said before. */
  public void report(ResourceID cluster, Readiness readiness) {
    reported.compute(
        cluster,
        (id, former) -> {
          Map<String, LossForecast> losses = new HashMap<>(former == null ? Map.of() : former);
          losses.keySet().retainAll(readiness.cluster().nodes().keySet());
          losses.putAll(readiness.ofEach());
          return Map.copyOf(losses);
        });
  }

  /** What becomes of a guest by the loss of a node. */
  public Optional<GuestForecast> ifLost(ResourceID cluster, String node, String sid) {
    return loss(cluster, node).flatMap(loss -> loss.guest(ServiceId.of(sid)));
  }

  /** The oldest state that a guest goes on from which is recovered from a node. */
  public Optional<Instant> oldestReplica(ResourceID cluster, String node) {
    return loss(cluster, node).flatMap(LossForecast::oldestReplica);
  }

  private Optional<LossForecast> loss(ResourceID cluster, String node) {
    return Optional.ofNullable(reported.getOrDefault(cluster, Map.of()).get(node));
  }

  /** The cluster's object is gone. */
  public void forget(ResourceID cluster) {
    answers.remove(cluster);
    reported.remove(cluster);
  }
}
