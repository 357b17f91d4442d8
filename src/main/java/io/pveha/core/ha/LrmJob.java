package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;

/**
 * Something an LRM has to do for a service.
 *
 * @param uid token under which the result is reported; null for a stop because the node goes down
 */
record LrmJob(ServiceId sid, String uid, ServiceState state, String target, Integer timeout) {

  static LrmJob of(ServiceId sid, ServiceRecord record) {
    return new LrmJob(sid, record.uid(), record.state(), record.target(), record.timeout());
  }

  static LrmJob stop(ServiceId sid) {
    return new LrmJob(sid, null, ServiceState.REQUEST_STOP, null, null);
  }
}
