package io.pveha.core.ha;

import io.pveha.core.ha.LrmStatus.JobResult;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.placement.ClusterUsage;
import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.NodeSelection;
import io.pveha.core.placement.NodeSelection.Preference;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/**
 * What one round works with: read once at its beginning, and used by all of its steps.
 *
 * @param services this round's copy of the configuration, changed along with the real one
 * @param results of all LRMs, by uid
 */
record RoundView(
    Instant now,
    DatacenterOptions.Crs crs,
    SortedMap<ServiceId, ServiceConfig> services,
    Map<String, JobResult> results,
    Map<String, LrmMode> lrmModes,
    ClusterUsage usage,
    CompiledRules rules,
    ManagerMemory memory,
    NodeWatch watch,
    HaEnvironment world)
    implements ServiceFacts.Cluster {

  private static final ServiceConfig NOT_CONFIGURED =
      ServiceConfig.on(null, RequestedState.DISABLED);

  /** The facts of one service as it stands. */
  ServiceFacts factsOf(ServiceId sid) {
    ServiceRecord record = memory.services.get(sid);
    JobResult result = results.get(record.uid());
    return new ServiceFacts(
        sid,
        record,
        services.getOrDefault(sid, NOT_CONFIGURED),
        result == null ? null : result.exitCode(),
        crs.rebalanceOnStart(),
        this);
  }

  @Override
  public NodeState nodeState(String node) {
    return memory.nodeState(node);
  }

  @Override
  public boolean isDown(String node) {
    return watch.isDown(node, now);
  }

  @Override
  public LrmMode lrmMode(String node) {
    return lrmModes.get(node);
  }

  @Override
  public String select(
      ServiceId sid, ServiceRecord record, ServiceConfig config, Preference preference) {
    if (record.state() != memory.services.get(sid).state()) {
      UsedNodes.place(usage, sid, record); // a change of state weighs at once, not after the look
    }
    return NodeSelection.select(
        new NodeSelection.Question(
            sid,
            record.node(),
            preference,
            config.failback(),
            record.failedNodes(),
            record.maintenanceNode()),
        usage,
        rules);
  }

  @Override
  public String guestLock(ServiceId sid) {
    return world.guestLock(sid).orElse(null);
  }

  @Override
  public String newUid() {
    return memory.newUid();
  }
}
