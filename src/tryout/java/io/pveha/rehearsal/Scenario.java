package io.pveha.rehearsal;

import io.pveha.core.ha.DatacenterOptions;
import io.pveha.core.ha.ManagerStatus;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A cluster and what is done to it, batch by batch.
 *
 * @param start what the manager finds, {@link ManagerStatus#EMPTY} for nothing
 */
public record Scenario(
    String name,
    SortedMap<String, Node> nodes,
    DatacenterOptions datacenter,
    SortedMap<ServiceId, ServiceConfig> services,
    Loads loads,
    List<HaRule> rules,
    SortedMap<String, HaGroup> groups,
    ManagerStatus start,
    List<List<Operation>> commands) {

  /** Version of a node whose scenario names none. */
  public static final String DEFAULT_VERSION = "9.0.0~2";

  /**
   * A node before anything happens. One that has power has weight in the quorum, but no daemons.
   *
   * @param maxCpu cores, or null when not given
   * @param maxMemory bytes, or null when not given
   */
  public record Node(
      boolean power, boolean network, Double maxCpu, Double maxMemory, String version) {}

  /**
   * Figures of services.
   *
   * @param staticGiven whether the scenario gives configured figures at all; if not, every service
   *     has the usual ones
   * @param dynamicGiven the same for measured figures
   */
  public record Loads(
      boolean staticGiven,
      boolean dynamicGiven,
      Map<ServiceId, Load> configured,
      Map<ServiceId, Load> measured) {

    public static final Loads NONE = new Loads(false, false, Map.of(), Map.of());
  }
}
