package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request queued for the manager ({@code ha-manager}, or the API calls behind it). */
public sealed interface CrmCommand {

  /** The line that Proxmox queues. */
  String line();

  /** As an operation of the scenario schema, for events. */
  Map<String, Object> facts();

  /** Move a service; {@code verb} is MIGRATE or RELOCATE. */
  record Move(ServiceOrder.Verb verb, ServiceId sid, String target) implements CrmCommand {
    @Override
    public String line() {
      return verb.word() + " " + sid + " " + target;
    }

    @Override
    public Map<String, Object> facts() {
      String op = verb == ServiceOrder.Verb.MIGRATE ? "serviceMigrate" : "serviceRelocate";
      return ordered("op", op, "sid", sid.value(), "target", target);
    }
  }

  /** Stop a service, with seconds of grace, and keep it stopped. */
  record Stop(ServiceId sid, int timeout) implements CrmCommand {
    @Override
    public String line() {
      return "stop " + sid + " " + timeout;
    }

    @Override
    public Map<String, Object> facts() {
      return ordered("op", "serviceStop", "sid", sid.value(), "timeout", timeout);
    }
  }

  /** Put a node into maintenance, or take it out. */
  record Maintenance(String node, boolean enable) implements CrmCommand {
    @Override
    public String line() {
      return (enable ? "enable" : "disable") + "-node-maintenance " + node;
    }

    @Override
    public Map<String, Object> facts() {
      return ordered("op", enable ? "maintenanceEnable" : "maintenanceDisable", "node", node);
    }
  }

  /** Switch the HA stack off. */
  record DisarmHa(Disarm.Mode mode) implements CrmCommand {
    @Override
    public String line() {
      return "disarm-ha " + mode.word();
    }

    @Override
    public Map<String, Object> facts() {
      return ordered("op", "disarm", "mode", mode.word());
    }
  }

  /** Switch the HA stack on again. */
  record ArmHa() implements CrmCommand {
    @Override
    public String line() {
      return "arm-ha";
    }

    @Override
    public Map<String, Object> facts() {
      return ordered("op", "arm");
    }
  }

  /** A line nobody understands; the manager says so and goes on. */
  record Unparsable(String line) implements CrmCommand {
    @Override
    public Map<String, Object> facts() {
      return ordered("op", "unparsable", "line", line);
    }
  }

  /** Reads one line of the queue. */
  static CrmCommand parse(String line) {
    String[] words = line.strip().split("\\s+");
    try {
      return switch (words.length + " " + words[0]) {
        case "3 migrate" -> new Move(ServiceOrder.Verb.MIGRATE, ServiceId.of(words[1]), words[2]);
        case "3 relocate" -> new Move(ServiceOrder.Verb.RELOCATE, ServiceId.of(words[1]), words[2]);
        case "3 stop" -> new Stop(ServiceId.of(words[1]), Integer.parseInt(words[2]));
        case "2 enable-node-maintenance" -> new Maintenance(words[1], true);
        case "2 disable-node-maintenance" -> new Maintenance(words[1], false);
        case "2 disarm-ha" ->
            new DisarmHa(Disarm.Mode.valueOf(words[1].toUpperCase(java.util.Locale.ROOT)));
        case "1 arm-ha" -> new ArmHa();
        default -> new Unparsable(line);
      };
    } catch (IllegalArgumentException e) {
      return new Unparsable(line);
    }
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      facts.put((String) pairs[i], pairs[i + 1]);
    }
    return facts;
  }
}
