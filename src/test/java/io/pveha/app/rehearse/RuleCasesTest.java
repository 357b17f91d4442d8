package io.pveha.app.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.EffectiveRule;
import io.pveha.core.placement.EffectiveRule.Origin;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ServiceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rule cases of Proxmox's regression suite: what is dropped, what applies, how it is compiled.
 */
class RuleCasesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> compilesRulesAsProxmoxDoes() {
    return ScenarioFiles.in(ScenarioFiles.sharedFolder(), "rules-*.json").stream()
        .map(
            file ->
                dynamicTest(
                    ScenarioFiles.json(file).path("name").asText(),
                    () ->
                        assertThat(compiled(file))
                            .isEqualTo(ScenarioFiles.json(file).path("expected"))));
  }

  private static JsonNode compiled(Path file) {
    TreeSet<String> nodes = new TreeSet<>();
    ScenarioFiles.json(file).path("nodes").forEach(node -> nodes.add(node.asText()));
    List<HaRule> given = ScenarioReader.readRules(ScenarioFiles.text(file));
    CompiledRules rules = CompiledRules.compile(given, nodes);

    ObjectNode out = JSON.createObjectNode();
    ArrayNode dropped = out.putArray("dropped");
    rules
        .problems()
        .forEach(
            problem -> {
              ObjectNode one = dropped.addObject();
              one.put("id", problem.rule());
              one.put("reason", problem.reason().word());
              if (problem.sid() != null) {
                one.put("sid", problem.sid().value());
              }
            });
    List<EffectiveRule> effective = rules.effective();
    List<String> kept = new ArrayList<>(given.stream().map(HaRule::id).toList());
    kept.retainAll(effective.stream().map(rule -> rule.rule().id()).toList());
    kept.forEach(out.putArray("kept")::add);
    rules.merged().forEach(out.putArray("merged")::add);
    ArrayNode applying = out.putArray("effective");
    effective.forEach(rule -> applying.add(effective(rule)));
    ObjectNode compiled = out.putObject("compiled");
    ObjectNode places = compiled.putObject("nodeAffinity");
    rules
        .nodeAffinity()
        .forEach((sid, nodesOf) -> nodesOf.forEach(places.withObject("/" + sid)::put));
    partners(compiled.putObject("positive"), rules.positive());
    partners(compiled.putObject("negative"), rules.negative());
    return out;
  }

  private static void partners(
      ObjectNode into, SortedMap<ServiceId, SortedSet<ServiceId>> partners) {
    partners.forEach(
        (sid, others) -> {
          ArrayNode list = into.putArray(sid.value());
          others.forEach(other -> list.add(other.value()));
        });
  }

  private static ObjectNode effective(EffectiveRule effective) {
    HaRule rule = effective.rule();
    ObjectNode out = JSON.createObjectNode();
    out.put("id", rule.id());
    out.put("order", effective.order());
    if (effective.origin() == Origin.MERGED) {
      out.put("derived", "merged");
    } else if (effective.origin() == Origin.IMPLICIT_NEGATIVE) {
      out.put("derived", "implicitNegative");
    }
    if (rule.disabled()) {
      out.put("disabled", true);
    }
    out.put("type", rule instanceof NodeAffinityRule ? "nodeAffinity" : "resourceAffinity");
    ArrayNode resources = out.putArray("resources");
    rule.resources().forEach(sid -> resources.add(sid.value()));
    if (rule instanceof NodeAffinityRule affinity) {
      ArrayNode nodes = out.putArray("nodes");
      affinity
          .nodes()
          .forEach(
              (node, priority) -> nodes.addObject().put("node", node).put("priority", priority));
      out.put("strict", affinity.strict());
    } else if (rule instanceof ResourceAffinityRule affinity) {
      out.put("affinity", affinity.affinity().name().toLowerCase(Locale.ROOT));
    }
    return out;
  }
}
