package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Specs of any sense that the schema takes: each gets an answer, and none keeps another object from
 * its own. Only observed, since an odd wish is a wish. {@code -Dpveha.seed=7} plays another story,
 * {@code -Dpveha.rounds=300} a longer one.
 */
class OddSpecsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What leads elsewhere than to the simulator, or out of sight, or to writing. */
  private static final List<String> KEPT =
      List.of(
          "managementPolicy", "clusterRef", "nodes", "credentialsSecretRef", "formationSecretRef");

  @Test
  void everySpecThatTheSchemaTakesIsAnswered() {
    long seed = Long.getLong("pveha.seed", 1L);
    int rounds = Integer.getInteger("pveha.rounds", 40);
    System.out.printf("odd specs: -Dpveha.seed=%d -Dpveha.rounds=%d%n", seed, rounds);
    Random random = new Random(seed);
    SchemaValues values = new SchemaValues(random);
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1);
        LaneErrors lanes = new LaneErrors()) {
      stage.applyReference();
      stage.awaitReference();
      stage.applyReference("managementPolicy: Observe");
      stage.pass(Duration.ofMinutes(1));
      int written = stage.changes().size();
      List<Supplier<HasMetadata>> objects =
          List.of(stage::cluster, stage::pool, stage::guest, stage::replication);
      for (int round = 0; round < rounds; round++) {
        HasMetadata object = objects.get(random.nextInt(objects.size())).get();
        String spec = odd(stage, object, values, 1 + random.nextInt(3));
        stage.pass(Duration.ofSeconds(6));
        String story = "round %d, spec of %s: %s".formatted(round, object.getKind(), spec);
        assertThat(stage.failures()).as(story).allMatch(failure -> failure.contains("retry"));
        assertThat(lanes.errors()).as(story).isEmpty();
        assertThat(stage.changes()).as(story).hasSize(written);
        if (random.nextInt(3) == 0) {
          stage.applyReference("managementPolicy: Observe");
        }
      }
      stage.applyReference();
      stage.awaitReference();
    }
  }

  /** Writes an odd spec and returns it. */
  private static String odd(
      VirtualStage stage, HasMetadata object, SchemaValues values, int changes) {
    JsonNode schema = SchemaValues.schema(object.getPlural(), "spec").deepCopy();
    ((ObjectNode) schema.get("properties")).remove(new ArrayList<>(KEPT));
    GenericKubernetesResource stored = stage.stored(object);
    ObjectNode spec = JSON.valueToTree(stored.getAdditionalProperties().get("spec"));
    JsonNode guest = spec.get("guest");
    for (int left = changes; left > 0; left--) {
      values.mutate(spec, schema);
    }
    if (guest != null && !spec.has("guest")) {
      // A rule that is no part of the structure asks for it.
      spec.set("guest", guest);
    }
    stored.setAdditionalProperty("spec", spec);
    stored.getMetadata().setResourceVersion(null);
    stage.client.resource(stored).update();
    return spec.toString();
  }
}
