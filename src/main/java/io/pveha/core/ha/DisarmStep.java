package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.placement.ServiceId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A round while the HA stack is being switched off, or is off. */
final class DisarmStep {

  private final RoundView view;
  private final ManagerMemory memory;

  DisarmStep(RoundView view) {
    this.view = view;
    this.memory = view.memory();
  }

  /**
   * Services that have to be finished first: a dead node must be fenced, a move must end. While
   * there are any, only they are looked at.
   */
  Set<ServiceId> deferred() {
    Set<ServiceId> deferred = new TreeSet<>();
    memory.services.forEach(
        (sid, record) -> {
          Level level =
              switch (record.state()) {
                case FENCE, RECOVERY -> Level.WARNING;
                case MIGRATE, RELOCATE -> Level.INFO;
                case REQUEST_START,
                    REQUEST_START_BALANCE,
                    STARTED,
                    REQUEST_STOP,
                    STOPPED,
                    FREEZE,
                    ERROR ->
                    null;
              };
          if (level != null) {
            deferred.add(sid);
            say(
                HaEvent.of(
                    level,
                    Kind.DISARM_DEFERRED,
                    "sid",
                    sid.value(),
                    "state",
                    record.state().word()));
          }
        });
    return deferred;
  }

  /** Lets go of every service, and notes when every LRM has done so too. */
  void settle() {
    Disarm disarm = memory.disarm();
    switch (disarm.mode()) {
      case FREEZE -> memory.services.replaceAll(this::freeze);
      case IGNORE ->
          memory.services.replaceAll((sid, record) -> bare(record.state(), record.uid(), record));
    }
    List<String> online = view.watch().in(NodeState.ONLINE);
    boolean all = online.stream().allMatch(node -> view.lrmMode(node) == LrmMode.DISARM);
    if (all && !disarm.complete()) {
      say(HaEvent.info(Kind.DISARM_COMPLETE));
      memory.setDisarm(new Disarm(disarm.mode(), true));
    }
  }

  private ServiceRecord freeze(ServiceId sid, ServiceRecord record) {
    return switch (record.state()) {
      case STARTED, STOPPED, REQUEST_STOP, REQUEST_START, REQUEST_START_BALANCE -> {
        say(
            HaEvent.info(
                Kind.DISARM_SERVICE,
                "sid",
                sid.value(),
                "was",
                record.state().word(),
                "mode",
                "freeze"));
        yield bare(ServiceState.FREEZE, memory.newUid(), record);
      }
      case MIGRATE, RELOCATE, FENCE, RECOVERY, FREEZE, ERROR -> record;
    };
  }

  private static ServiceRecord bare(ServiceState state, String uid, ServiceRecord record) {
    return ServiceRecord.of(state, record.node(), uid)
        .withMaintenanceNode(record.maintenanceNode());
  }

  private void say(HaEvent event) {
    view.world().emit(HaDaemon.CRM, event);
  }
}
