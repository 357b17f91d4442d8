package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What others may write to the status and the annotations of our objects, as long as the schema
 * takes it, and to ConfigMaps with conditions of nodes. {@code -Dpveha.seed=7} plays another story,
 * {@code -Dpveha.rounds=300} a longer one.
 */
class OddObjectsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ANNOTATIONS =
      List.of(ApiNames.MOVE_TO, ApiNames.SYNC_NOW, ApiNames.RECREATE, ApiNames.ABANDON);

  @Test
  void statusThatOthersWroteStopsNoReconcilerAndDestroysNothing() {
    long seed = Long.getLong("pveha.seed", 1L);
    int rounds = Integer.getInteger("pveha.rounds", 20);
    System.out.printf("odd objects: -Dpveha.seed=%d -Dpveha.rounds=%d%n", seed, rounds);
    Random random = new Random(seed);
    SchemaValues values = new SchemaValues(random);
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1);
        LaneErrors lanes = new LaneErrors()) {
      stage.applyReference();
      stage.awaitReference();
      List<Supplier<HasMetadata>> objects =
          List.of(stage::cluster, stage::pool, stage::guest, stage::replication);
      for (int round = 0; round < rounds; round++) {
        Supplier<HasMetadata> chosen = objects.get(random.nextInt(objects.size()));
        HasMetadata object = chosen.get();
        String written = odd(stage, object, values, 1 + random.nextInt(4));
        if (random.nextInt(3) == 0) {
          written += " and conditions " + oddConditions(stage, random);
        }
        if (random.nextInt(5) == 0) {
          stage.annotate(
              chosen.get(), ANNOTATIONS.get(random.nextInt(ANNOTATIONS.size())), values.text());
        }
        stage.pass(Duration.ofSeconds(2 + random.nextInt(20)));
        assertThat(stage.failures())
            .as("round %d, status of %s: %s", round, object.getKind(), written)
            .allMatch(failure -> failure.contains("retry"));
        assertThat(lanes.errors()).as("round %d: %s", round, written).isEmpty();
      }
      stage.client.configMaps().inNamespace(stage.namespace).withName("monitor").delete();
      stage.until(
          "all to be well again",
          () ->
              objects.stream()
                  .allMatch(object -> VirtualStage.is(object.get(), ConditionType.READY, "True")),
          Duration.ofMinutes(15));
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(stage.truth().removed()).isEmpty();
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  /** Writes a ConfigMap that says odd things of a node, and returns what it says. */
  private static String oddConditions(VirtualStage stage, Random random) {
    ArrayNode conditions = JSON.createArrayNode();
    conditions
        .addObject()
        .put("type", "example.com/Hot")
        .put("status", "True")
        .put("reason", "TooWarm")
        .put("message", "41 degrees")
        .put("lastTransitionTime", "2026-01-05T08:00:00Z");
    String text = new OddJson(random).mutated(conditions).toString();
    if (random.nextInt(4) == 0) {
      text = text.substring(0, random.nextInt(text.length() + 1));
    }
    stage
        .client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("monitor")
                .withNamespace(stage.namespace)
                .withLabels(
                    Map.of(ApiNames.NODE_CONDITIONS, stage.cluster().getMetadata().getName()))
                .endMetadata()
                .withData(Map.of("node1", text, "no-node", text))
                .build())
        .createOr(NonDeletingOperation::update);
    return text;
  }

  /** Writes an odd status and returns it. */
  private static String odd(
      VirtualStage stage, HasMetadata object, SchemaValues values, int changes) {
    JsonNode schema = SchemaValues.schema(object.getPlural(), "status");
    GenericKubernetesResource stored = stage.stored(object);
    ObjectNode status = JSON.valueToTree(stored.getAdditionalProperties().get("status"));
    for (int left = changes; left > 0; left--) {
      values.mutate(status, schema);
    }
    stored.setAdditionalProperty("status", status);
    stage.client.resource(stored).updateStatus();
    return status.toString();
  }
}
