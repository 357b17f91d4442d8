package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.app.rehearse.ScenarioFiles;
import io.pveha.app.rehearse.ScenarioReader;
import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.rehearsal.Rehearsal;
import io.pveha.rehearsal.RehearsedEvent;
import io.pveha.rehearsal.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The diagrams of docs/ha-model.md are what the model does: nothing more, nothing less. */
class StateDiagramsTest {

  private static final Path PAGE = Path.of("docs/ha-model.md");

  /** Ways that only a cluster takes that loses members for good, or has no services for long. */
  private static final Set<String> TOO_RARE =
      Set.of("node unknown->gone", "node gone->online", "node gone->fence");

  private static final List<Set<String>> DRAWN = drawn();

  @Property(tries = 600, shrinking = ShrinkingMode.OFF)
  void whateverHappensOnlyDrawnWaysAreTakenAndTheEndIsReached(@ForAll long seed) {
    assertThat(taken(WildScenarios.scenario(seed))).as("seed %d", seed).isSubsetOf(all());
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void whateverHappensTheSameScenarioGivesTheSameEvents(@ForAll long seed) {
    assertThat(Rehearsal.play(WildScenarios.scenario(seed)))
        .isEqualTo(Rehearsal.play(WildScenarios.scenario(seed)));
  }

  @Test
  void everyDrawnWayIsTakenByAScenario() throws IOException {
    Set<String> taken = new TreeSet<>(TOO_RARE);
    for (Path file : ScenarioFiles.in(ScenarioFiles.ownFolder(), "own-*.json")) {
      taken.addAll(taken(ScenarioReader.read(Files.readString(file))));
    }
    for (long seed = 0; seed < 1500; seed++) {
      taken.addAll(taken(WildScenarios.scenario(seed)));
    }
    assertThat(taken).containsAll(all());
  }

  private static Set<String> all() {
    Set<String> all = new TreeSet<>();
    DRAWN.forEach(all::addAll);
    return all;
  }

  private static Set<String> taken(Scenario scenario) {
    Set<String> taken = new TreeSet<>();
    for (RehearsedEvent event : Rehearsal.play(scenario)) {
      Kind kind = event.event().kind();
      String subject =
          kind == Kind.SERVICE_STATE
              ? "service"
              : kind == Kind.NODE_STATE ? "node" : event.actor().endsWith("/crm") ? "crm" : "lrm";
      Object from = event.event().facts().get("from");
      boolean changes =
          kind == Kind.SERVICE_STATE || kind == Kind.NODE_STATE || kind == Kind.DAEMON_STATE;
      if (changes && !"startup".equals(from)) {
        taken.add("%s %s->%s".formatted(subject, from, event.event().facts().get("to")));
      }
    }
    return taken;
  }

  private static List<Set<String>> drawn() {
    List<String> subjects = List.of("service", "node", "crm", "lrm");
    List<Set<String>> drawn = new ArrayList<>();
    Matcher diagram =
        Pattern.compile("```mermaid\n(stateDiagram.*?)```", Pattern.DOTALL).matcher(page());
    while (diagram.find()) {
      Set<String> ways = new TreeSet<>();
      Matcher way = Pattern.compile("(\\w+) --> (\\w+)").matcher(diagram.group(1));
      while (way.find()) {
        ways.add("%s %s->%s".formatted(subjects.get(drawn.size()), way.group(1), way.group(2)));
      }
      drawn.add(ways);
    }
    assertThat(drawn).hasSameSizeAs(subjects);
    return drawn;
  }

  private static String page() {
    try {
      return Files.readString(PAGE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
