package io.pveha.core.ha;

import io.pveha.core.placement.NodeSelection.Preference;
import io.pveha.core.placement.ServiceId;

/**
 * Everything that one look at a service depends on.
 *
 * @param config as configured; a service that is not configured is requested disabled
 * @param result exit code of the current job, or null while there is none
 * @param rebalanceOnStart whether a node is chosen before the first start
 * @param cluster what is known of nodes
 */
record ServiceFacts(
    ServiceId sid,
    ServiceRecord record,
    ServiceConfig config,
    Integer result,
    boolean rebalanceOnStart,
    Cluster cluster) {

  /** What the manager knows of nodes, and what it can look up. */
  interface Cluster {

    NodeState nodeState(String node);

    /** Whether a node has been away for the fence delay; never true while it is online. */
    boolean isDown(String node);

    LrmStatus.LrmMode lrmMode(String node);

    /** The node that placement chooses for a service, or null. */
    String select(ServiceId sid, ServiceRecord record, ServiceConfig config, Preference preference);

    /** Kind of the lock on the guest configuration, or null. */
    String guestLock(ServiceId sid);

    /** A token that was never used before. */
    String newUid();
  }
}
