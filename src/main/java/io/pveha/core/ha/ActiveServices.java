package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.util.SortedMap;

/** The services for which the LRM of a node is needed. */
final class ActiveServices {

  private ActiveServices() {}

  /** Services of the node, or on their way to it, that somebody may have to do something about. */
  static int count(SortedMap<ServiceId, ServiceRecord> services, String node) {
    int count = 0;
    for (ServiceRecord record : services.values()) {
      boolean here = node.equals(record.node()) || node.equals(record.target());
      boolean active =
          switch (record.state()) {
            case STOPPED, FREEZE, ERROR, REQUEST_START -> false;
            case REQUEST_START_BALANCE, STARTED, REQUEST_STOP, MIGRATE, RELOCATE, FENCE, RECOVERY ->
                true;
          };
      if (here && active) {
        count++;
      }
    }
    return count;
  }
}
