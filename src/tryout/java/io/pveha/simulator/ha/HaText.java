package io.pveha.simulator.ha;

import io.pveha.core.ha.HaEvent;
import java.util.Map;
import java.util.stream.Collectors;

/** Log lines of the HA daemons. */
final class HaText {

  private HaText() {}

  static String of(HaEvent event) {
    Map<String, Object> facts = event.facts();
    return switch (event.kind()) {
      case DAEMON_STATE -> "status change " + facts.get("from") + " => " + facts.get("to");
      case NODE_STATE ->
          "node '"
              + facts.get("node")
              + "': state changed from '"
              + facts.get("from")
              + "' => '"
              + facts.get("to")
              + "'";
      case SERVICE_STATE ->
          "service '"
              + facts.get("sid")
              + "': state changed from '"
              + facts.get("from")
              + "' to '"
              + facts.get("to")
              + "'";
      case SERVICE_ADDED -> "adding new service '" + facts.get("sid") + "'";
      case STARTING -> "starting service " + facts.get("sid");
      case STARTED -> "service status " + facts.get("sid") + " started";
      case STOPPING -> "stopping service " + facts.get("sid");
      case STOPPED -> "service status " + facts.get("sid") + " stopped";
      case FENCE_ACK ->
          "fencing: acknowledged - got agent lock for node '" + facts.get("node") + "'";
      default ->
          event.kind().word()
              + facts.entrySet().stream()
                  .map(fact -> " " + fact.getKey() + "=" + fact.getValue())
                  .collect(Collectors.joining());
    };
  }
}
