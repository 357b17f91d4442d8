package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Proxmox answers nonsense in one place of one kind of answer for a while, again and again, to all
 * questions of that kind or to some. All is as specified and stays so, hence nothing is made,
 * removed or changed: a value may be written again where an answer denies it, and leaves Proxmox as
 * it is. No lane and no reconciler dies, and when the answers are right again all is well. {@code
 * -Dpveha.seed=7} plays another story, {@code -Dpveha.rounds=300} a longer one.
 */
class OddAnswersStoryTest {

  /** What of a pool changes as data is written. */
  private static final List<String> FILLING = List.of("alloc", "free", "frag", "dedup");

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nonsenseStopsNothingAndDestroysNothing(PveVersion version) {
    long seed = Long.getLong("pveha.seed", 1L);
    int rounds = Integer.getInteger("pveha.rounds", 15);
    System.out.printf("odd answers: -Dpveha.seed=%d -Dpveha.rounds=%d%n", seed, rounds);
    Random random = new Random(seed);
    OddJson odd = new OddJson(random);
    try (VirtualStage stage = VirtualStage.of(version);
        LaneErrors lanes = new LaneErrors()) {
      stage.applyReference();
      stage.awaitReference();
      List<String> asked = asked(stage);
      int before = stage.writes().size();
      Map<String, JsonNode> configured = configuration(stage);
      List<String> told = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        String kind = asked.get(random.nextInt(asked.size()));
        int ofTen = random.nextBoolean() ? 10 : 1 + random.nextInt(9);
        told.clear();
        stage.answers(
            (request, answer) -> {
              if (!kind(request).equals(kind) || random.nextInt(10) >= ofTen) {
                return answer;
              }
              JsonNode changed = odd.mutated(answer);
              told.add(changed.toString());
              return changed;
            });
        stage.pass(Duration.ofSeconds(5 + random.nextInt(30)));
        String what = "round %d, seed %d: %s answered %s".formatted(round, seed, kind, told);
        assertThat(lanes.errors()).as(what).isEmpty();
        assertThat(stage.failures()).as(what).isEmpty();
        assertThat(stage.truth().destroyed()).as(what).isEmpty();
        assertThat(stage.truth().removed()).as(what).isEmpty();
        assertThat(stage.writes().subList(before, stage.writes().size()))
            .as(what)
            .allMatch(write -> write.request().method() == ApiRequest.Method.PUT);
        assertThat(configuration(stage)).as(what).isEqualTo(configured);
        if (random.nextInt(3) == 0) {
          stage.answers((request, answer) -> answer);
          stage.pass(Duration.ofSeconds(40));
        }
      }
      stage.answers((request, answer) -> answer);
      stage.until(
          "all to be well again",
          () ->
              Stream.of(stage.cluster(), stage.pool(), stage.guest(), stage.replication())
                      .allMatch(object -> VirtualStage.is(object, ConditionType.READY, "True"))
                  && "2/2".equals(stage.replication().reported().jobsHealthy()),
          Duration.ofMinutes(15));
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  /** All that the operator may change of a cluster, as it really is. */
  private static Map<String, JsonNode> configuration(VirtualStage stage) {
    ProxmoxApi admin = new ByHand(stage).on("node2");
    Map<String, JsonNode> all = new TreeMap<>();
    for (String path :
        List.of(
            "/cluster/options",
            "/cluster/ha/resources",
            stage.info().pve().startsWith("8") ? "/cluster/ha/groups" : "/cluster/ha/rules",
            "/cluster/replication",
            "/storage",
            "/nodes/node1/lxc/100/config",
            "/nodes/node1/disks/zfs",
            "/nodes/node2/disks/zfs",
            "/nodes/node3/disks/zfs")) {
      JsonNode answer = admin.call(ApiRequest.get(path)).deepCopy();
      answer.findParents("digest").forEach(row -> ((ObjectNode) row).remove("digest"));
      answer.findParents("alloc").forEach(row -> ((ObjectNode) row).remove(FILLING));
      // Written anew, a job says that it is not disabled, which goes without saying.
      answer.findParents("disable").stream()
          .filter(row -> row.get("disable").asInt() == 0)
          .forEach(row -> ((ObjectNode) row).remove("disable"));
      all.put(path, answer);
    }
    return all;
  }

  /** The kinds of questions that the operator asks by itself. */
  private static List<String> asked(VirtualStage stage) {
    TreeSet<String> kinds = new TreeSet<>();
    stage.answers(
        (request, answer) -> {
          kinds.add(kind(request));
          return answer;
        });
    stage.pass(Duration.ofMinutes(6));
    return List.copyOf(kinds);
  }

  private static String kind(ApiRequest request) {
    return request.path().replaceAll("^/nodes/[^/]+", "/nodes/*");
  }
}
