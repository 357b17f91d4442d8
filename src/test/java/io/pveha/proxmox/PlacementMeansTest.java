package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.PlacementCalls.Means;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Groups or rules is found out by asking. */
class PlacementMeansTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode NONE = JSON.createArrayNode();
  private static final JsonNode ONE_GROUP =
      JSON.valueToTree(List.of(Map.of("group", "web", "nodes", "node1:2,node2", "restricted", 1)));

  @Test
  void eightHasGroupsAndIsNotAskedForRules() {
    assertThat(
            new PlacementCalls(
                    request -> {
                      throw new AssertionError(request);
                    })
                .means(8)
                .get())
        .isEqualTo(Means.GROUPS);
  }

  @Test
  void nineHasRules() {
    assertThat(means(9, path -> path.endsWith("/groups") ? migrated() : NONE))
        .isEqualTo(Means.RULES);
  }

  @Test
  void nineWithGroupsLeftWaitsForTheirMigration() {
    assertThat(means(9, path -> path.endsWith("/groups") ? ONE_GROUP : NONE))
        .isEqualTo(Means.MIGRATION_PENDING);
  }

  @Test
  void halfWayThroughAnUpgradeNeitherIsWritten() {
    assertThat(new PlacementCalls(new Answering(request -> ONE_GROUP)).means(8, 9).get())
        .isEqualTo(Means.MIGRATION_PENDING);
  }

  @Test
  void readsPrioritiesAndPlainNumbersOfVms() {
    PlacementCalls.Group group =
        new PlacementCalls.Group("web", "node1:2, node2;node3:1", true, false, Map.of());
    assertThat(group.priorities())
        .containsEntry(new NodeName("node1"), 2)
        .containsEntry(new NodeName("node2"), 0)
        .containsEntry(new NodeName("node3"), 1);
    PlacementCalls.Rule rule =
        new PlacementCalls.Rule(
            "r", "node-affinity", "vm:101, 102 ct:100", null, true, false, null, null, Map.of());
    assertThat(rule.sids()).containsExactly("ct:100", "vm:101", "vm:102");
  }

  private static Means means(int major, Function<String, JsonNode> answers) {
    return new PlacementCalls(new Answering(request -> answers.apply(request.path())))
        .means(major)
        .get();
  }

  private static JsonNode migrated() {
    throw new ProxmoxFailure.Refused("cannot index groups: ha groups have been migrated to rules");
  }
}
