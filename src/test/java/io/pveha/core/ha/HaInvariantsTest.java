package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.rehearsal.Rehearsal;
import io.pveha.rehearsal.RehearsedEvent;
import io.pveha.rehearsal.Scenario;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What holds in every cluster, whatever happens to it. A failing sample names its seed. */
class HaInvariantsTest {

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void noServiceRunsOnTwoNodes(@ForAll long seed) {
    Map<String, String> runsOn = new HashMap<>();
    for (RehearsedEvent event : Rehearsal.play(RandomScenarios.scenario(seed))) {
      String place = event.actor().split("/", 2)[0];
      Object sid = event.event().facts().get("sid");
      switch (event.event().kind()) {
        case STARTED -> {
          assertThat(runsOn.get((String) sid))
              .as("%s starts on %s at %d, seed %d", sid, place, event.time(), seed)
              .isIn(null, place);
          runsOn.put((String) sid, place);
        }
        case STOPPED, MIGRATE_END, RELOCATE_END -> runsOn.remove((String) sid);
        case DAEMON_KILLED -> runsOn.values().removeIf(place::equals);
        case COMMAND -> powerCut(event).ifPresent(node -> runsOn.values().removeIf(node::equals));
        default -> {} // nothing starts or stops
      }
    }
  }

  private static java.util.Optional<String> powerCut(RehearsedEvent event) {
    Map<?, ?> command = (Map<?, ?>) event.event().facts().get("command");
    return "power".equals(command.get("op")) && "off".equals(command.get("value"))
        ? java.util.Optional.of((String) command.get("node"))
        : java.util.Optional.empty();
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void aServiceIsNeverRecoveredBeforeItsNodeWasFenced(@ForAll long seed) {
    Map<String, String> nodeOf = new HashMap<>();
    Set<String> fenced = new HashSet<>();
    for (RehearsedEvent event : Rehearsal.play(RandomScenarios.scenario(seed))) {
      Map<String, Object> facts = event.event().facts();
      String sid = (String) facts.get("sid");
      Kind kind = event.event().kind();
      if (kind == Kind.FENCE_ACK) {
        fenced.add((String) facts.get("node"));
      } else if (kind == Kind.NODE_STATE && facts.get("to").equals("fence")) {
        fenced.remove((String) facts.get("node"));
      } else if (kind == Kind.SERVICE_ADDED) {
        nodeOf.put(sid, (String) facts.get("node"));
      } else if (kind == Kind.SERVICE_STATE) {
        if (facts.get("to").equals("recovery")) {
          assertThat(fenced)
              .as("%s at %d, seed %d", sid, event.time(), seed)
              .contains(nodeOf.get(sid));
        }
        if (facts.containsKey("node")) {
          nodeOf.put(sid, (String) facts.get("node"));
        }
      }
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void theSameScenarioGivesTheSameEvents(@ForAll long seed) {
    assertThat(Rehearsal.play(RandomScenarios.scenario(seed)))
        .isEqualTo(Rehearsal.play(RandomScenarios.scenario(seed)));
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void onceRepairedEveryServiceEndsStartedAndRunning(@ForAll long seed) {
    Scenario scenario = RandomScenarios.scenario(seed);
    List<RehearsedEvent> events = Rehearsal.play(scenario);
    Map<String, Object> states = new TreeMap<>();
    Map<String, String> runsOn = new TreeMap<>();
    for (RehearsedEvent event : events) {
      String sid = (String) event.event().facts().get("sid");
      String place = event.actor().split("/", 2)[0];
      switch (event.event().kind()) {
        case SERVICE_STATE -> states.put(sid, event.event().facts().get("to"));
        case DISARM_SERVICE -> states.put(sid, "freeze");
        case STARTED -> runsOn.put(sid, place);
        case STOPPED, MIGRATE_END, RELOCATE_END -> runsOn.remove(sid);
        case DAEMON_KILLED -> runsOn.values().removeIf(place::equals);
        case COMMAND -> powerCut(event).ifPresent(node -> runsOn.values().removeIf(node::equals));
        default -> {} // no change
      }
    }
    scenario
        .services()
        .keySet()
        .forEach(
            sid -> {
              assertThat(states).as("seed %d", seed).containsEntry(sid.value(), "started");
              assertThat(runsOn).as("seed %d", seed).containsKey(sid.value());
            });
    assertThat(events)
        .as("seed %d", seed)
        .noneMatch(event -> event.event().kind() == Kind.INTERNAL_ERROR);
  }
}
