package io.pveha.core.ha;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the manager remembers of one service, part of the shared manager status.
 *
 * @param node owner
 * @param uid token of the current job, new with every change; an LRM's answer carries it back
 * @param target where it moves to, or null
 * @param timeout seconds of grace of a commanded stop, or null
 * @param order what a user asked and nobody has looked at yet, or null
 * @param failedNodes where starts failed, in order, repeats possible
 * @param maintenanceNode the node it returns to after maintenance, or null
 * @param running whether the LRM confirmed the start; only while started
 */
@RecordBuilder
public record ServiceRecord(
    ServiceState state,
    String node,
    String uid,
    String target,
    Integer timeout,
    ServiceOrder order,
    List<String> failedNodes,
    String maintenanceNode,
    boolean running)
    implements ServiceRecordBuilder.With {

  public ServiceRecord {
    failedNodes = List.copyOf(failedNodes);
  }

  public static ServiceRecord of(ServiceState state, String node, String uid) {
    return new ServiceRecord(state, node, uid, null, null, null, List.of(), null, false);
  }

  /** The next state: keeps the owner, the failed nodes and the way back, forgets the rest. */
  public ServiceRecord inState(ServiceState next, String nextUid) {
    return new ServiceRecord(
        next, node, nextUid, null, null, null, failedNodes, maintenanceNode, false);
  }

  public ServiceRecord withFailedNode(String failed) {
    List<String> longer = new ArrayList<>(failedNodes);
    longer.add(failed);
    return withFailedNodes(longer);
  }

  public ServiceRecord withoutFailedNodes() {
    return withFailedNodes(List.of());
  }
}
