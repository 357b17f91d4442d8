package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.placement.ServiceId;
import java.util.List;
import java.util.Map;

/** Takes the queued commands of users, one after the other. Moves are carried out by the loop. */
final class CommandDesk {

  private final RoundView view;
  private final ManagerMemory memory;

  CommandDesk(RoundView view) {
    this.view = view;
    this.memory = view.memory();
  }

  void take(List<CrmCommand> commands) {
    for (CrmCommand command : commands) {
      if (command instanceof CrmCommand.Move move) {
        move(move);
      } else if (command instanceof CrmCommand.Stop stop) {
        stop(stop);
      } else if (command instanceof CrmCommand.Maintenance maintenance) {
        maintenance(maintenance);
      } else if (command instanceof CrmCommand.DisarmHa disarm) {
        disarm(disarm);
      } else if (command instanceof CrmCommand.ArmHa) {
        arm(command);
      } else {
        say(Level.ERROR, command, "rejected", "unparsable");
      }
    }
  }

  private void move(CrmCommand.Move move) {
    ServiceRecord record = memory.services.get(move.sid());
    if (record == null) {
      say(Level.ERROR, move, "rejected", "noService");
    } else if (memory.nodeState(move.target()) != NodeState.ONLINE) {
      say(Level.ERROR, move, "rejected", "nodeNotOnline");
    } else if (record.node().equals(move.target())) {
      say(Level.INFO, move, "ignored", "alreadyThere");
    } else {
      queueMove(move);
    }
  }

  /** A move that nothing forbids, with everything that must stay together with the service. */
  void queueMove(CrmCommand.Move move) {
    String target = move.target();
    for (ServiceId other : view.rules().negativePartners(move.sid())) {
      ServiceRecord record = memory.services.get(other);
      if (record != null
          && record.node().equals(target)
          && (record.target() == null || record.target().equals(target))) {
        view.world()
            .emit(
                HaDaemon.CRM,
                HaEvent.of(
                    Level.ERROR,
                    Kind.CRM_COMMAND,
                    "request",
                    move.facts(),
                    "sid",
                    other.value(),
                    "node",
                    target,
                    "with",
                    move.sid().value(),
                    "status",
                    "rejected",
                    "reason",
                    "negativeAffinity"));
        return;
      }
    }
    say(Level.INFO, move, "received", null);
    ServiceOrder order = ServiceOrder.move(move.verb(), target);
    order(move.sid(), order);
    for (ServiceId partner : view.rules().positivePartners(move.sid())) {
      ServiceRecord record = memory.services.get(partner);
      if (record != null && !record.node().equals(target) && !target.equals(record.target())) {
        view.world()
            .emit(
                HaDaemon.CRM,
                HaEvent.info(
                    Kind.CRM_COMMAND,
                    "request",
                    move.facts(),
                    "sid",
                    partner.value(),
                    "target",
                    target,
                    "with",
                    move.sid().value(),
                    "status",
                    "extended",
                    "mode",
                    move.verb().word(),
                    "reason",
                    "positiveAffinity"));
        order(partner, order);
      }
    }
  }

  private void stop(CrmCommand.Stop stop) {
    if (!memory.services.containsKey(stop.sid())) {
      say(Level.ERROR, stop, "rejected", "noService");
      return;
    }
    say(Level.INFO, stop, "received", null);
    order(stop.sid(), ServiceOrder.stop(stop.timeout()));
  }

  private void order(ServiceId sid, ServiceOrder order) {
    memory.services.computeIfPresent(sid, (s, record) -> record.withOrder(order));
  }

  private void maintenance(CrmCommand.Maintenance command) {
    String node = command.node();
    NodeState state = memory.nodeState(node);
    if (!command.enable()) {
      if (state != NodeState.MAINTENANCE) {
        say(Level.WARNING, command, "received", "notInMaintenance");
      }
      memory.maintenanceRequests.remove(node);
      return;
    }
    if (memory.disarm() != null) {
      say(Level.WARNING, command, "ignored", "disarmed");
      return;
    }
    switch (state) {
      case ONLINE -> memory.maintenanceRequests.add(node);
      case MAINTENANCE -> say(Level.INFO, command, "ignored", "alreadyInMaintenance");
      case UNKNOWN, FENCE, GONE -> say(Level.ERROR, command, "rejected", "nodeNotOnline");
    }
  }

  private void disarm(CrmCommand.DisarmHa command) {
    if (memory.disarm() != null) {
      say(Level.NOTICE, command, "ignored", "alreadyDisarming");
      return;
    }
    say(Level.INFO, command, "received", null);
    if (command.mode() == Disarm.Mode.IGNORE) {
      for (ServiceId sid : memory.services.keySet()) {
        view.world()
            .emit(
                HaDaemon.CRM,
                HaEvent.info(Kind.DISARM_SERVICE, "sid", sid.value(), "mode", "ignore"));
      }
    }
    memory.setDisarm(new Disarm(command.mode(), false));
  }

  private void arm(CrmCommand command) {
    if (memory.disarm() == null) {
      say(Level.NOTICE, command, "ignored", "notDisarmed");
      return;
    }
    say(Level.INFO, command, "received", null);
    if (memory.disarm().mode() == Disarm.Mode.IGNORE) {
      memory.services.replaceAll(this::followConfiguration);
    }
    memory.setDisarm(null);
  }

  /** Guests were their owner's business meanwhile: they are where they are. */
  private ServiceRecord followConfiguration(ServiceId sid, ServiceRecord record) {
    ServiceConfig config = view.services().get(sid);
    if (config == null || config.node().equals(record.node())) {
      return record;
    }
    view.world()
        .emit(
            HaDaemon.CRM,
            HaEvent.info(
                Kind.SERVICE_NODE_UPDATED,
                "sid",
                sid.value(),
                "from",
                record.node(),
                "to",
                config.node(),
                "reason",
                "movedWhileDisarmed"));
    return record.withNode(config.node());
  }

  private void say(Level level, CrmCommand command, String status, String reason) {
    Map<String, Object> request = command.facts();
    view.world()
        .emit(
            HaDaemon.CRM,
            HaEvent.of(
                level, Kind.CRM_COMMAND, "request", request, "status", status, "reason", reason));
  }
}
