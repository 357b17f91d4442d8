package io.pveha.core.ha;

import io.pveha.core.placement.ClusterUsage;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.core.placement.ServicePlace;
import java.util.Collection;
import java.util.SortedMap;

/** Which nodes a service uses, by its state. */
public final class UsedNodes {

  private UsedNodes() {}

  /** The nodes that a service uses, whether online or not. */
  public static ServicePlace of(ServiceRecord record) {
    String node = record.node();
    return switch (record.state()) {
      case STOPPED, REQUEST_START -> ServicePlace.NOWHERE;
      case STARTED -> new ServicePlace(node, null, record.running());
      case REQUEST_STOP, FENCE, FREEZE, ERROR, RECOVERY -> new ServicePlace(node, null, true);
      case MIGRATE, RELOCATE -> new ServicePlace(node, record.target(), true);
      case REQUEST_START_BALANCE -> new ServicePlace(null, record.target(), false);
    };
  }

  /**
   * The usage of a cluster as the manager sees it.
   *
   * @param online nodes that take services
   * @param services as configured; those without record count where they are, if wanted started
   */
  public static ClusterUsage usage(
      SchedulerMode mode,
      Collection<String> online,
      LoadFigures figures,
      SortedMap<ServiceId, ServiceRecord> records,
      SortedMap<ServiceId, ServiceConfig> services) {
    ClusterUsage usage = new ClusterUsage(mode, online, figures);
    records.forEach((sid, record) -> place(usage, sid, record));
    services.forEach(
        (sid, config) -> {
          if (!records.containsKey(sid) && config.state() == RequestedState.STARTED) {
            usage.count(sid, new ServicePlace(config.node(), null, false));
          }
        });
    return usage;
  }

  /** Places one service again after it changed. */
  static void place(ClusterUsage usage, ServiceId sid, ServiceRecord record) {
    ServicePlace place = of(record).among(usage.nodes());
    boolean confirmed = place.confirmed() && place.current() != null;
    usage.place(sid, new ServicePlace(place.current(), place.target(), confirmed));
  }
}
