package io.pveha.core.failover;

import io.pveha.core.ha.HaTimings;
import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.ServiceId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether a live cluster would survive: for the loss of nodes, which guests recover and where,
 * which are stranded and why. A pure function of the picture: ages of replicas are asked of each
 * {@link RecoveryPoint} with the time.
 *
 * <p>The placement is the HA manager's own ({@code core.placement}). A dynamic scheduler weighs
 * measured load, of which the picture has none; it is played with the configured figures.
 */
public final class Readiness {

  private final LiveCluster cluster;
  private final HaTimings timings;
  private final CompiledRules rules;
  private final RuleIndex index;
  private final LoadFigures figures;
  private final SortedMap<String, LossForecast> ofEach;

  private Readiness(LiveCluster cluster, HaTimings timings) {
    this.cluster = cluster;
    this.timings = timings;
    this.rules = CompiledRules.compile(cluster.rules(), cluster.nodes().keySet());
    this.index = new RuleIndex(rules);
    this.figures = figures(cluster);
    SortedMap<String, LossForecast> matrix = new TreeMap<>();
    cluster.online().forEach(node -> matrix.put(node, of(List.of(node))));
    this.ofEach = Collections.unmodifiableSortedMap(matrix);
  }

  /** Plays the loss of each node of the picture. */
  public static Readiness of(LiveCluster cluster, HaTimings timings) {
    return new Readiness(cluster, timings);
  }

  /** By Proxmox's own timings: the same answer if the picture is the same, else a new one. */
  public static Readiness of(LiveCluster cluster, Optional<Readiness> former) {
    return former
        .filter(old -> old.cluster.equals(cluster))
        .orElseGet(() -> of(cluster, HaTimings.proxmox()));
  }

  /** What it is about. */
  public LiveCluster cluster() {
    return cluster;
  }

  /** The loss of each single node that is online, by its name. */
  public SortedMap<String, LossForecast> ofEach() {
    return ofEach;
  }

  /**
   * The loss of nodes together.
   *
   * @throws IllegalArgumentException when one of them is not a member
   */
  public LossForecast of(Collection<String> lost) {
    for (String node : lost) {
      if (!cluster.nodes().containsKey(node)) {
        throw new IllegalArgumentException("'" + node + "' is not a node of the cluster");
      }
    }
    return new LossPlay(cluster, rules, index, figures, timings, new TreeSet<>(lost)).play();
  }

  /** Whether every guest that is wanted started would be recovered, whichever node is lost. */
  public boolean survivesAnyLoss() {
    return ofEach.values().stream()
        .allMatch(forecast -> forecast.stranded() == 0 && forecast.unknown() == 0);
  }

  private static LoadFigures figures(LiveCluster cluster) {
    Map<String, Load> capacity = new HashMap<>();
    cluster
        .nodes()
        .forEach((name, node) -> capacity.put(name, new Load(node.cores(), node.memoryBytes())));
    Map<ServiceId, Load> configured = new HashMap<>();
    Map<ServiceId, String> running = new HashMap<>();
    cluster
        .guests()
        .forEach(
            (sid, guest) -> {
              if (guest.memoryBytes() > 0) {
                configured.put(sid, new Load(guest.cores(), guest.memoryBytes()));
                if (guest.running()) {
                  running.put(sid, guest.node());
                }
              }
            });
    return new LoadFigures(capacity, configured, configured, running);
  }
}
