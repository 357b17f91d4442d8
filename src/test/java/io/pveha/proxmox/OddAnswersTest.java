package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever is answered, a call gives a result or a failure, and nothing else comes out of it. */
class OddAnswersTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final NodeName NODE = new NodeName("node1");
  private static final long SEED = 20260105L;
  private static final int ROUNDS = 400;

  private static final List<String> KEYS =
      List.of(
          "name",
          "type",
          "node",
          "vmid",
          "local",
          "online",
          "quorate",
          "ip",
          "nodeid",
          "version",
          "time",
          "timestamp",
          "nodelist",
          "manager_status",
          "lrm_status",
          "service_status",
          "node_status",
          "quorum",
          "children",
          "errors",
          "nodes",
          "tags",
          "size",
          "fail_count",
          "status",
          "n",
          "t",
          "id",
          "group",
          "failed_nodes",
          "maxmem",
          "memory",
          "duration",
          "pid");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "node",
          "cluster",
          "qemu",
          "lxc",
          "0",
          "1",
          "-1",
          "N/A",
          "n1:x",
          "1e999",
          "99999999999999999999",
          "UPID::::::::",
          "UPID:a:b",
          "true",
          "a,b;c",
          "\u0000",
          ":");

  @Test
  void nothingButFailuresOfProxmoxComesOutOfACall() {
    Random random = new Random(SEED);
    for (EveryCallIsValidTest.Sent sent : EveryCallIsValidTest.calls()) {
      for (int round = 0; round < ROUNDS; round++) {
        JsonNode answer = round == 0 ? JSON.nullNode() : value(random, 4);
        assertThatCode(() -> ask(sent.call(), answer))
            .as("%s, seed %d, answered %s", sent.name(), SEED, answer)
            .doesNotThrowAnyException();
      }
    }
  }

  private static void ask(Consumer<ProxmoxApi> call, JsonNode answer) {
    try {
      call.accept(new Answering(request -> answer));
    } catch (ProxmoxFailure failure) {
      assertThat(failure.getMessage()).isNotBlank().doesNotContain("io.pveha", "java.");
    }
  }

  private static JsonNode value(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 5 : 9);
    return switch (kind) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt());
      case 3 -> JSON.numberNode(random.nextGaussian() * 1e12);
      case 4 -> JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5, 6 -> list(random, depth);
      default -> object(random, depth);
    };
  }

  private static ArrayNode list(Random random, int depth) {
    ArrayNode list = JSON.arrayNode();
    for (int left = random.nextInt(4); left > 0; left--) {
      list.add(random.nextBoolean() ? object(random, depth) : value(random, depth - 1));
    }
    return list;
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JSON.objectNode();
    for (int left = random.nextInt(8); left > 0; left--) {
      object.set(
          KEYS.get(random.nextInt(KEYS.size())),
          depth == 0 ? JSON.textNode("x") : value(random, depth - 1));
    }
    return object;
  }

  @Test
  void whatIsNoListIsNotAnEmptyOne() {
    for (JsonNode odd :
        List.of(JSON.nullNode(), JSON.objectNode(), JSON.textNode(""), JSON.numberNode(0))) {
      assertThatThrownBy(() -> new ReplicationCalls(new Answering(request -> odd)).jobs().get())
          .isInstanceOf(ProxmoxFailure.NotProxmox.class);
      assertThatThrownBy(() -> new GuestCalls(new Answering(request -> odd)).guests().get())
          .isInstanceOf(ProxmoxFailure.NotProxmox.class);
    }
  }

  @Test
  void whatIsNoObjectIsNotOneWithoutFields() {
    for (JsonNode odd : List.of(JSON.nullNode(), JSON.arrayNode(), JSON.textNode(""))) {
      assertThatThrownBy(() -> new ClusterCalls(new Answering(request -> odd)).version().get())
          .isInstanceOf(ProxmoxFailure.NotProxmox.class);
      assertThatThrownBy(() -> new ClusterCalls(new Answering(request -> odd)).options().get())
          .isInstanceOf(ProxmoxFailure.NotProxmox.class);
      assertThatThrownBy(() -> new ClusterCalls(new Answering(request -> odd)).joinInfo().get())
          .isInstanceOf(ProxmoxFailure.NotProxmox.class);
    }
  }

  @Test
  void aWriteThatWasTakenWithoutNamingItsTaskIsInDoubt() {
    ProxmoxApi taking = new Answering(request -> JSON.nullNode());
    assertThatThrownBy(
            () ->
                new StorageCalls(taking)
                    .createPool(
                        NODE, "tank", "single", List.of("/dev/sdb"), 12, "on", Optional.empty()))
        .isInstanceOfSatisfying(
            ProxmoxFailure.class, failure -> assertThat(failure.mayHaveHappened()).isTrue());
  }

  @Test
  void aPriorityThatIsNoNumberIsNotZero() {
    PlacementCalls.Group odd = new PlacementCalls.Group("web", "node1:x", false, false, Map.of());
    assertThat(odd.unknownProperties()).containsExactly("nodes");
    assertThat(odd.priorities()).isEmpty();
    assertThat(
            new PlacementCalls.Group("web", "node1,node2:2,", false, false, Map.of()).priorities())
        .containsEntry(NODE, 0)
        .hasSize(2);
  }
}
