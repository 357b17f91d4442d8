package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.NodeName;
import io.pveha.operator.polling.FastFacts;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How often which node is asked, and how old what is known gets, while a node is dead, hangs or
 * returns: it costs its own loops and nothing more.
 */
class ObservationLoopsTest {

  private static final String MEMBERSHIP = "/cluster/status";
  private static final String GUESTS = "/cluster/resources";

  private VirtualStage stage;
  private final Map<String, Integer> asked = new TreeMap<>();
  private Instant since;

  @BeforeEach
  void reference() {
    stage = VirtualStage.of(PveVersion.V9_1);
    stage.applyReference("health: {paused: [loops are watched]}");
    stage.awaitReference();
    stage.asked(
        (node, request) ->
            asked.merge(node + " " + request.path().replaceFirst("\\?.*", ""), 1, Integer::sum));
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void deadNodeMakesTheOthersAskedMoreOftenForAWhileAndIsAskedLessAndLess() {
    pass(20);
    double before = perSecond("node2", MEMBERSHIP);
    assertThat(before).as("at rest").isBetween(0.4, 0.55);

    stage.faults().power("node1", false);
    stage.pass(Duration.ofSeconds(4));
    pass(2);
    double suspect = perSecond("node2", MEMBERSHIP);
    assertThat(suspect).as("while node1 is suspect").isBetween(3.0, 4.5);
    stage.until("the loss", () -> isOffline("node1"), Duration.ofSeconds(10));

    stage.pass(Duration.ofSeconds(5));
    pass(20);
    double known = perSecond("node2", MEMBERSHIP);
    assertThat(known).as("once the loss is known").isBetween(0.4, 0.55);
    pass(600);
    assertThat(count("node1", MEMBERSHIP)).as("questions to it in ten minutes").isBetween(15, 25);
    assertThat(perSecond("node2", MEMBERSHIP)).isBetween(0.4, 0.55);
    System.out.printf(
        "views of a member a second: %.2f at rest, %.2f while another one is suspect, %.2f once it"
            + " is lost%n",
        before, suspect, known);
  }

  @Test
  void lossIsKnownWithinASecondOfTheMembershipsChange() {
    stage.faults().power("node1", false);
    stage.until("the membership to change", () -> othersHaveLost("node1"), Duration.ofSeconds(15));

    assertThat(
            stage.until("the loss to be known", () -> isOffline("node1"), Duration.ofSeconds(10)))
        .isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void nodeThatWasGoneForLongIsAskedAtOnceWhenAnotherMemberHasItBack() {
    stage.faults().power("node1", false);
    stage.pass(Duration.ofMinutes(10));
    stage.faults().power("node1", true);
    stage.until("the membership to change", () -> !othersHaveLost("node1"), Duration.ofMinutes(10));

    stage.until(
        "node1 to be reached",
        () -> stage.is("node1", NodeConditionType.REACHABLE, "True"),
        Duration.ofSeconds(6));
  }

  @Test
  void membershipAndGuestsDoNotAgeWhileAMemberHangs() {
    stage.faults().api("node2", new ApiFault(ApiFault.Kind.HANGING, Duration.ZERO, 0));
    Duration oldest = Duration.ZERO;
    for (int i = 0; i < 60; i++) {
      stage.pass(Duration.ofSeconds(1));
      Duration age = Duration.between(fast().oldest(), stage.time.instant());
      oldest = age.compareTo(oldest) > 0 ? age : oldest;
      assertThat(stage.observation().trouble()).isEmpty();
    }
    assertThat(oldest).isLessThanOrEqualTo(Duration.ofSeconds(5));
    assertThat(fast().lists()).as("members whose lists are known").isEqualTo(2);
    assertThat(fast().quorateMembers())
        .containsExactly(new NodeName("node1"), new NodeName("node3"));

    pass(20);
    assertThat(perSecond("node3", GUESTS)).isBetween(0.4, 0.55);
    assertThat(count("node2", GUESTS)).as("it owes an answer").isLessThanOrEqualTo(1);
  }

  @Test
  void hangingMemberCountsAgainOnceItAnswers() {
    stage.faults().api("node1", new ApiFault(ApiFault.Kind.HANGING, Duration.ZERO, 0));
    stage.until(
        "the silence to be told",
        () -> stage.is("node1", NodeConditionType.REACHABLE, "False"),
        Duration.ofSeconds(10));
    stage.faults().api("node1", ApiFault.NONE);
    stage.until(
        "node1 to be reached",
        () -> stage.is("node1", NodeConditionType.REACHABLE, "True"),
        Duration.ofSeconds(40));
    assertThat(fast().views()).hasSize(3);
  }

  @Test
  void taskOnANodeThatDoesNotAnswerIsNotAskedForUntilItIsBack() {
    stage.faults().api("node3", new ApiFault(ApiFault.Kind.HANGING, Duration.ZERO, 0));
    stage.pass(Duration.ofSeconds(10));
    String task = "UPID:node3:00001000:00001000:6A000000:qmcreate:100:operator@pve!pveha:";
    stage.tasks().outcome(task);
    String other = "UPID:node2:00001000:00001000:6A000000:qmcreate:100:operator@pve!pveha:";
    stage.tasks().outcome(other);

    pass(60);
    assertThat(tasksAsked("node3")).isZero();
    assertThat(tasksAsked("node2")).isGreaterThan(20);

    stage.faults().api("node3", ApiFault.NONE);
    pass(60);
    assertThat(tasksAsked("node3")).isPositive();
  }

  private void pass(int seconds) {
    asked.clear();
    since = stage.time.instant();
    stage.pass(Duration.ofSeconds(seconds));
  }

  private int count(String node, String path) {
    return asked.getOrDefault(node + " " + path, 0);
  }

  private int tasksAsked(String node) {
    return asked.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(node + " /nodes/" + node + "/tasks/UPID"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private double perSecond(String node, String path) {
    return count(node, path) / (Duration.between(since, stage.time.instant()).toMillis() / 1000.0);
  }

  private FastFacts fast() {
    return stage.observation().fast().orElseThrow();
  }

  private boolean isOffline(String node) {
    return fast().online(new NodeName(node)).filter(online -> !online).isPresent();
  }

  /** What all other members say by themselves, whoever asks. */
  private boolean othersHaveLost(String node) {
    return stage
        .simulator
        .world()
        .read(
            () ->
                java.util.stream.Stream.of("node1", "node2", "node3")
                    .filter(other -> !other.equals(node))
                    .noneMatch(
                        other -> stage.simulator.world().node(other).membership().isOnline(node)));
  }
}
