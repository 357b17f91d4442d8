package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.operator.polling.SlowQuestion;
import io.pveha.operator.polling.Told;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One question about the cluster is refused, fails or hangs at all members: what rests on its
 * answer becomes Unknown and names the call, nothing is written on it, and all the rest goes on.
 */
class FailingQuestionTest {

  /** Longer than answers may be old, with a round. */
  private static final Duration LONG = Duration.ofSeconds(160);

  /** A member that hangs delays a round for as long as it is waited for. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private enum Way {
    REFUSED,
    FAILS,
    HANGS
  }

  private VirtualStage stage;

  @BeforeEach
  void reference() {
    stage = VirtualStage.of(PveVersion.V9_1);
    stage.applyReference();
    stage.awaitReference();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  /** What becomes Unknown, by question. */
  private Map<SlowQuestion, List<String>> resting() {
    List<String> resource = List.of("HaResource Managed", "HaResource Placed");
    List<String> replication = List.of("ReplicationJob Degraded");
    List<String> pool = List.of("ZfsPool PoolsHealthy", "ZfsPool StorageReady");
    List<String> readiness = List.of("ProxmoxCluster FailoverReady");
    List<String> votes = List.of("ProxmoxCluster VotesSound");
    Map<SlowQuestion, List<String>> resting = new EnumMap<>(SlowQuestion.class);
    resting.put(SlowQuestion.MEMBERS, votes);
    resting.put(SlowQuestion.DEVICE, votes);
    resting.put(
        SlowQuestion.PLACEMENT,
        all(resource, readiness, List.of("ProxmoxCluster PlacementMigrationPending")));
    resting.put(SlowQuestion.RESOURCES, all(resource, replication, readiness));
    resting.put(SlowQuestion.HA_STATUS, readiness);
    resting.put(SlowQuestion.JOBS, all(resource, replication, readiness));
    resting.put(SlowQuestion.STORAGES, all(resource, replication, pool, readiness));
    resting.put(SlowQuestion.OPTIONS, readiness);
    return resting;
  }

  @SafeVarargs
  private static List<String> all(List<String>... parts) {
    return Stream.of(parts).flatMap(List::stream).toList();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void makesWhatRestsOnItUnknownAndNothingElse(Way way) {
    resting()
        .forEach(
            (question, unknown) -> {
              fault(question, way);
              stage.pass(LONG);

              String as = question + " " + way;
              Map<SlowQuestion, Told> told = stage.observation().slow().orElseThrow().told();
              told.forEach(
                  (other, answer) ->
                      assertThat(answer.old())
                          .as("%s: %s is too old", as, other)
                          .isEqualTo(other == question));
              told.forEach(
                  (other, answer) -> {
                    if (other != question) {
                      assertThat(Duration.between(answer.at(), stage.time.instant()))
                          .as("%s: age of %s", as, other)
                          .isLessThan(FRESH);
                    }
                  });
              assertThat(tooOld())
                  .as(as)
                  .containsAll(unknown)
                  .allMatch(
                      condition -> unknown.contains(condition) || isOfObject(condition, unknown));
              assertThat(messages())
                  .as(as)
                  .isNotEmpty()
                  .allMatch(text -> text.contains(question.call()));
              assertThat(VirtualStage.is(stage.cluster(), ConditionType.CONNECTED, "True"))
                  .as(as)
                  .isTrue();

              heal();
              stage.until(
                  "all to be well after " + as,
                  () ->
                      objects().allMatch(o -> VirtualStage.is(o, ConditionType.READY, "True"))
                          && tooOld().isEmpty(),
                  Duration.ofMinutes(3));
            });
    assertThat(stage.failures()).isEmpty();
  }

  @Test
  void keepsFromWritingUntilItIsAnsweredAgain() {
    fault(SlowQuestion.RESOURCES, Way.REFUSED);
    stage.pass(LONG);
    int writes = stage.writes().size();
    stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n");
    stage.pass(Duration.ofMinutes(5));
    assertThat(stage.writes()).as("on old answers").hasSize(writes);

    heal();
    stage.until(
        "the change to be written", () -> stage.writes().size() > writes, Duration.ofMinutes(1));
  }

  /** What does not rest on it is written all the same. */
  @Test
  void doesNotKeepOthersFromWriting() {
    fault(SlowQuestion.OPTIONS, Way.FAILS);
    stage.pass(LONG);
    int writes = stage.writes().size();
    stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n");
    stage.until(
        "the change to be written", () -> stage.writes().size() > writes, Duration.ofMinutes(1));
  }

  private void fault(SlowQuestion question, Way way) {
    String path = question.call().replace("GET ", "");
    switch (way) {
      case REFUSED -> answers(path, new ProxmoxFailure.Forbidden("403 denied (" + path + ")"));
      case FAILS -> answers(path, new ProxmoxFailure.Refused("500 broken (" + path + ")"));
      case HANGS -> stage.hang(request -> isFor(request, path));
    }
  }

  private void answers(String path, RuntimeException failure) {
    stage.answers(
        (request, answer) -> {
          if (isFor(request, path)) {
            throw failure;
          }
          return answer;
        });
  }

  private static boolean isFor(ApiRequest request, String path) {
    return request.path().equals(path) && !request.method().isWrite();
  }

  private void heal() {
    stage.answers((request, answer) -> answer);
    stage.hang(request -> false);
  }

  private Stream<HasMetadata> objects() {
    return Stream.of(stage.cluster(), stage.pool(), stage.guest(), stage.replication());
  }

  /** Conditions that are Unknown for the age of what they rest on, each with its kind. */
  private List<String> tooOld() {
    List<String> found = new ArrayList<>();
    objects()
        .forEach(
            object ->
                Stage.conditions(object).stream()
                    .filter(FailingQuestionTest::isTooOld)
                    .filter(condition -> condition.getStatus().equals("Unknown"))
                    .forEach(condition -> found.add(object.getKind() + " " + condition.getType())));
    return found;
  }

  private List<String> messages() {
    return objects()
        .flatMap(object -> Stage.conditions(object).stream())
        .filter(FailingQuestionTest::isTooOld)
        // Known by the replicas that were seen last, whatever is asked now.
        .filter(condition -> !condition.getType().equals(ConditionType.RPO_MET.text()))
        .map(Condition::getMessage)
        .toList();
  }

  private static boolean isTooOld(Condition condition) {
    return condition.getReason().equals(ConditionReason.FACTS_TOO_OLD.text());
  }

  /** Of an object of which anything rests on it, all that is judged does; not so of a cluster. */
  private static boolean isOfObject(String condition, List<String> unknown) {
    return Set.of("HaResource", "ReplicationJob", "ZfsPool").stream()
        .anyMatch(
            kind ->
                condition.startsWith(kind)
                    && unknown.stream().anyMatch(each -> each.startsWith(kind)));
  }
}
