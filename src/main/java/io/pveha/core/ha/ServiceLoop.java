package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Looks at every service until nothing changes any more, and fences the nodes that must be. */
final class ServiceLoop {

  private final RoundView view;
  private final ManagerMemory memory;

  ServiceLoop(RoundView view) {
    this.view = view;
    this.memory = view.memory();
  }

  /**
   * Runs to the end.
   *
   * @param included services to look at
   */
  void run(Predicate<ServiceId> included) {
    boolean changed;
    do {
      changed = lookAtAll(included);
      changed |= fenceNodes();
    } while (changed);
  }

  private boolean lookAtAll(Predicate<ServiceId> included) {
    boolean changed = false;
    for (ServiceId sid : new ArrayList<>(memory.services.keySet())) {
      if (included.test(sid)) {
        ServiceState before = memory.services.get(sid).state();
        apply(sid, ServiceMachine.look(view.factsOf(sid)));
        changed |= memory.services.get(sid).state() != before;
      }
    }
    return changed;
  }

  private void apply(ServiceId sid, ServiceStep.Decision decision) {
    for (ServiceStep step : decision.steps()) {
      if (step instanceof ServiceStep.Say say) {
        view.world().emit(HaDaemon.CRM, say.event());
      } else if (step instanceof ServiceStep.RequestStopped) {
        configure(sid, view.services().get(sid).withState(RequestedState.STOPPED));
      } else if (step instanceof ServiceStep.RemoveGuestLock) {
        view.world().removeGuestLock(sid);
      } else if (step instanceof ServiceStep.TakeConfiguration take) {
        takeConfiguration(sid, take);
      }
    }
    remember(sid, decision.record());
  }

  private void takeConfiguration(ServiceId sid, ServiceStep.TakeConfiguration take) {
    ServiceConfig config = view.services().get(sid);
    if (config == null || !take.from().equals(config.node())) {
      throw new IllegalStateException(
          "configuration of '" + sid + "' is not on node '" + take.from() + "'");
    }
    configure(sid, config.withNode(take.to()));
  }

  private void configure(ServiceId sid, ServiceConfig config) {
    view.services().put(sid, config);
    view.world().updateService(sid, old -> old.withNode(config.node()).withState(config.state()));
  }

  private void remember(ServiceId sid, ServiceRecord record) {
    ServiceRecord before = memory.services.put(sid, record);
    if (before.state() != record.state()) {
      UsedNodes.place(view.usage(), sid, record);
    }
  }

  private boolean fenceNodes() {
    boolean fenced = false;
    Map<String, Boolean> tried = new HashMap<>();
    for (ServiceId sid : inFence()) {
      String node = memory.services.get(sid).node();
      if (tried.computeIfAbsent(node, view.watch()::fence)) {
        ServiceTurn turn = new ServiceTurn(view.factsOf(sid));
        apply(sid, turn.become(ServiceState.RECOVERY).decision());
        fenced = true;
      }
    }
    Set<String> idle = new TreeSet<>(view.watch().in(NodeState.FENCE));
    idle.removeAll(tried.keySet());
    for (String node : idle) {
      view.watch().fencedWithoutNeed(node);
      fenced |= view.watch().fence(node);
    }
    return fenced;
  }

  private List<ServiceId> inFence() {
    return memory.services.entrySet().stream()
        .filter(entry -> entry.getValue().state() == ServiceState.FENCE)
        .map(Map.Entry::getKey)
        .toList();
  }
}
