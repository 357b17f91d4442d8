package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Text of others in annotations and answers reaches Events and status on one line and cut. */
class OddTextsTest {

  private static final String FORGED =
      "a\n2026-01-05 08:00:00 ERROR forged\u001b[31m\u202e" + "x".repeat(20_000);

  @Test
  void annotationsAndAnswersForgeNoLine() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();

      stage.annotate(stage.guest(), ApiNames.MOVE_TO, FORGED);
      stage.answers(
          (request, answer) -> {
            if (request.path().matches("/nodes/[^/]+/replication")) {
              answer.forEach(job -> failing((ObjectNode) job));
            }
            if (request.path().matches("/nodes/[^/]+/disks/zfs/tank")) {
              ((ObjectNode) answer).put("errors", FORGED).put("scan", FORGED);
            }
            return answer;
          });
      stage.pass(Duration.ofMinutes(2));

      List<String> events = stage.events().stream().map(Event::getMessage).toList();
      assertThat(events).anyMatch(message -> message.contains("forged"));
      assertThat(events).allMatch(OddTextsTest::isPlain).allMatch(text -> text.length() <= 1000);
      List<String> written =
          Stream.of(stage.guest(), stage.replication(), stage.pool())
              .map(object -> Serialization.jsonMapper().<JsonNode>valueToTree(object.getStatus()))
              .flatMap(OddTextsTest::texts)
              .toList();
      assertThat(written).anyMatch(text -> text.contains("forged"));
      assertThat(written).allMatch(OddTextsTest::isPlain).allMatch(text -> text.length() <= 8000);
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static void failing(ObjectNode job) {
    job.put("fail_count", 3).put("error", FORGED);
  }

  private static Stream<String> texts(JsonNode node) {
    return node.isTextual()
        ? Stream.of(node.asText())
        : Stream.iterate(0, i -> i + 1).limit(node.size()).flatMap(i -> texts(child(node, i)));
  }

  private static JsonNode child(JsonNode node, int index) {
    return node.isArray()
        ? node.get(index)
        : node.properties().stream().skip(index).findFirst().orElseThrow().getValue();
  }

  private static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\u202e');
  }
}
