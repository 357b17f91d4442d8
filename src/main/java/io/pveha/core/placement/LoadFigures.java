package io.pveha.core.placement;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What nodes offer and services use; memory in bytes, CPU in cores. A missing node makes the
 * schedulers fall back to counting services; a service without figures is not counted.
 *
 * @param nodes capacity per node
 * @param configured what services are configured to use at most
 * @param measured what services use now; only asked for in {@link SchedulerMode#DYNAMIC}
 * @param running services that run on the node where they are configured, with that node; walked in
 *     order of their ids, so that sums of figures are always the same
 */
public record LoadFigures(
    Map<String, Load> nodes,
    Map<ServiceId, Load> configured,
    Map<ServiceId, Load> measured,
    Map<ServiceId, String> running) {

  public static final LoadFigures NONE = new LoadFigures(Map.of(), Map.of(), Map.of(), Map.of());

  public LoadFigures {
    nodes = Map.copyOf(nodes);
    configured = Map.copyOf(configured);
    measured = Map.copyOf(measured);
    running = Collections.unmodifiableSortedMap(new TreeMap<>(running));
  }

  /**
   * An amount of both.
   *
   * @param cpu cores
   * @param memory bytes
   */
  public record Load(double cpu, double memory) {}
}
