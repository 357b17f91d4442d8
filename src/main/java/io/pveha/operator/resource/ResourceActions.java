package io.pveha.operator.resource;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.ResourceStep;
import io.pveha.core.resource.ResourceStep.AddResource;
import io.pveha.core.resource.ResourceStep.ClearError;
import io.pveha.core.resource.ResourceStep.PutAffinity;
import io.pveha.core.resource.ResourceStep.PutPlacement;
import io.pveha.core.resource.ResourceStep.RemovePlacement;
import io.pveha.core.resource.ResourceStep.RemoveResource;
import io.pveha.core.resource.ResourceStep.UpdateResource;
import io.pveha.core.resource.WantedResource;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.steps.StepActions;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.PlacementCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks a quorate member for the steps of an HA resource; none of them is a task. */
final class ResourceActions
    implements StepActions<ResourceStep>, ResourceStep.Visitor<Optional<Upid>> {

  private final ClusterWatcher watcher;
  private final WriteGrant grant;
  private final boolean groups;
  private final boolean failbackOnResource;

  ResourceActions(ClusterWatcher watcher, WriteGrant grant, PlacedBy placedBy) {
    this.watcher = watcher;
    this.grant = grant;
    this.groups = placedBy == PlacedBy.GROUPS;
    this.failbackOnResource = placedBy == PlacedBy.RULES || placedBy == PlacedBy.MIGRATING;
  }

  @Override
  public Optional<Upid> start(ResourceStep step) {
    return step.accept(this);
  }

  @Override
  public Optional<Upid> add(AddResource step) {
    WantedResource resource = step.resource();
    ha().add(
            resource.sid(),
            resource.state(),
            resource.maxRestart(),
            resource.maxRelocate(),
            more(resource, step.group()));
    return Optional.empty();
  }

  @Override
  public Optional<Upid> update(UpdateResource step) {
    WantedResource resource = step.resource();
    Map<String, Object> options = more(resource, step.group());
    options.put("state", resource.state());
    options.put("max_restart", resource.maxRestart());
    options.put("max_relocate", resource.maxRelocate());
    if (step.dropGroup()) {
      options.put("delete", "group");
    }
    ha().update(resource.sid(), options);
    return Optional.empty();
  }

  @Override
  public Optional<Upid> remove(RemoveResource step) {
    ha().remove(step.sid());
    return Optional.empty();
  }

  @Override
  public Optional<Upid> put(PutPlacement step) {
    Map<NodeName, Integer> nodes = new TreeMap<>();
    step.nodes().forEach((node, priority) -> nodes.put(new NodeName(node), priority));
    PlacementCalls calls = placement();
    List<String> sids = step.sids().stream().sorted().toList();
    if (groups && step.exists()) {
      calls.updateGroup(step.name(), nodes, step.strict(), !step.failback());
    } else if (groups) {
      calls.addGroup(step.name(), nodes, step.strict(), !step.failback());
    } else if (step.exists()) {
      calls.updateNodeAffinity(step.name(), sids, nodes, step.strict());
    } else {
      calls.addNodeAffinity(step.name(), sids, nodes, step.strict());
    }
    return Optional.empty();
  }

  @Override
  public Optional<Upid> putAffinity(PutAffinity step) {
    List<String> sids = step.sids().stream().sorted().toList();
    if (step.exists()) {
      placement().updateResourceAffinity(step.name(), sids, step.positive());
    } else {
      placement().addResourceAffinity(step.name(), sids, step.positive());
    }
    return Optional.empty();
  }

  @Override
  public Optional<Upid> removePlacement(RemovePlacement step) {
    if (groups) {
      placement().removeGroup(step.name());
    } else {
      placement().removeRule(step.name());
    }
    return Optional.empty();
  }

  @Override
  public Optional<Upid> clearError(ClearError step) {
    ha().update(step.sid(), Map.of("state", "disabled"));
    return Optional.empty();
  }

  private Map<String, Object> more(WantedResource resource, Optional<String> group) {
    Map<String, Object> more = new TreeMap<>();
    group.ifPresent(name -> more.put("group", name));
    if (failbackOnResource) {
      more.put("failback", resource.failback());
    }
    return more;
  }

  private HaCalls ha() {
    return new HaCalls(watcher.quorateMembers(grant));
  }

  private PlacementCalls placement() {
    return new PlacementCalls(watcher.quorateMembers(grant));
  }
}
