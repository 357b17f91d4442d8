package io.pveha.core.ha;

import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/**
 * The documents that all nodes share, as one node reads and writes them. Every method may throw
 * {@link StoreUnavailable}; a write needs quorum, and throws it without. Answers are immutable.
 */
public interface ClusterStore {

  /** {@link ManagerStatus#EMPTY} before any master wrote. */
  ManagerStatus managerStatus();

  void writeManagerStatus(ManagerStatus status);

  /** {@link LrmStatus#MISSING} where none was written. */
  LrmStatus lrmStatus(String node);

  /** Writes the status of the own node. */
  void writeLrmStatus(LrmStatus status);

  SortedMap<ServiceId, ServiceConfig> services();

  /** Changes one service's configuration; a change of its node moves the guest configuration. */
  void updateService(ServiceId sid, UnaryOperator<ServiceConfig> change);

  /** The rules in file order, disabled ones included. */
  List<HaRule> rules();

  void writeRules(List<HaRule> rules);

  /** Legacy groups by name; empty on Proxmox VE 9 after migration. */
  SortedMap<String, HaGroup> groups();

  void deleteGroups();

  DatacenterOptions datacenter();

  boolean hasCommands();

  /** Empties the queue and returns what was in it, oldest first. */
  List<CrmCommand> takeCommands();

  /** Figures for a scheduler; never asked for BASIC. */
  LoadFigures loads(SchedulerMode mode);

  /** Version of the management software per node; missing where unknown. */
  Map<String, String> managerVersions();
}
