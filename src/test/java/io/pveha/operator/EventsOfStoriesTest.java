package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Reads every status that is saved in a story: each change of a condition is told by one Event on
 * the object that it is about, nothing else is, and kstatus can read every one of them.
 */
class EventsOfStoriesTest {

  /** What kstatus reads, which follows Ready. */
  private static final Set<String> UNTOLD = Set.of("Reconciling", "Stalled");

  private static final Set<String> BAD_WHEN_TRUE =
      Set.of("Degraded", "FailingOver", "ActionHeldBack", "PlacementMigrationPending");

  private static final Pattern TOLD = Pattern.compile("(\\w+) is (True|False|Unknown)(?:, |: )");

  private VirtualStage stage;
  private final Map<String, List<Condition>> latest = new TreeMap<>();
  private final Map<String, List<String>> changes = new TreeMap<>();
  private final List<String> unreadable = new ArrayList<>();

  @BeforeEach
  void begin() {
    stage = VirtualStage.of(PveVersion.V9_1);
    stage.around(write -> {}, write -> {}, this::read);
    stage.applyReference();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void eachChangeIsToldOnceOnTheObjectThatItIsAbout() {
    stage.awaitReference();
    stage.pass(Duration.ofMinutes(2));
    stage.applyCluster("maintenance: [node1]");
    stage.pass(Duration.ofMinutes(3));
    stage.applyCluster("maintenance: []");
    stage.faults().replication("node2", "", true);
    stage.pass(Duration.ofMinutes(4));
    stage.faults().replication("node2", "", false);
    stage.pass(Duration.ofMinutes(2));
    stage.faults().power("node2", false);
    stage.pass(Duration.ofMinutes(4));
    stage.cutOperatorOff(true);
    stage.pass(Duration.ofSeconds(30));
    stage.cutOperatorOff(false);
    stage.faults().power("node2", true);
    stage.pass(Duration.ofMinutes(7));

    Map<String, List<String>> told = told();
    for (Map.Entry<String, List<String>> object : changes.entrySet()) {
      assertThat(told.getOrDefault(object.getKey(), List.of()))
          .as(object.getKey())
          .containsExactlyInAnyOrderElementsOf(object.getValue());
    }
    assertThat(unreadable).isEmpty();
    assertThat(steps())
        .contains("haresource CreateGuest", "haresource AddHaResource", "haresource SetPlacement")
        .contains("replicationjob CreateReplicationJob", "proxmoxcluster MoveGuest");
    assertThat(stage.failures()).isEmpty();

    int before = stage.events().size();
    stage.pass(Duration.ofMinutes(3));
    assertThat(stage.events().subList(before, stage.events().size()))
        .as("rounds without news")
        .isEmpty();
  }

  private void read() {
    for (HasMetadata object :
        List.of(stage.cluster(), stage.pool(), stage.guest(), stage.replication())) {
      String name = name(object.getKind(), object.getMetadata().getName());
      List<Condition> now = Stage.conditions(object);
      List<Condition> before = latest.getOrDefault(name, List.of());
      if (!now.equals(before)) {
        kstatus(name, object, now, before);
        now.stream()
            .filter(condition -> isNews(condition, before))
            .forEach(
                condition ->
                    changes
                        .computeIfAbsent(name, any -> new ArrayList<>())
                        .add(condition.getType() + " is " + condition.getStatus()));
        latest.put(name, now);
      }
    }
  }

  /** The first word on what is well is none, also after nobody could be asked. */
  private static boolean isNews(Condition condition, List<Condition> before) {
    if (UNTOLD.contains(condition.getType())) {
      return false;
    }
    Optional<Condition> former = find(before, condition.getType());
    boolean well =
        condition
            .getStatus()
            .equals(BAD_WHEN_TRUE.contains(condition.getType()) ? "False" : "True");
    boolean firstWord =
        former
            .map(
                was ->
                    was.getStatus().equals("Unknown")
                        && Set.of("WaitingForCluster", "EndpointUnreachable")
                            .contains(was.getReason()))
            .orElse(true);
    if (firstWord) {
      boolean onTheWay = former.isEmpty() && isOnTheWay(condition);
      return condition.getType().equals("Ready")
          || !well && !onTheWay && !condition.getStatus().equals("Unknown");
    }
    return !former.get().getStatus().equals(condition.getStatus())
        || !former.get().getReason().equals(condition.getReason());
  }

  private static boolean isOnTheWay(Condition condition) {
    return condition
        .getReason()
        .matches("WaitingFor.*|InProgress|Creating|NotFormed|Starting|Moving");
  }

  private void kstatus(
      String name, HasMetadata object, List<Condition> now, List<Condition> before) {
    String ready = status(now, ConditionType.READY);
    String reconciling = status(now, ConditionType.RECONCILING);
    String stalled = status(now, ConditionType.STALLED);
    boolean one =
        switch (ready) {
          case "True" -> reconciling.equals("False") && stalled.equals("False");
          case "False" -> reconciling.equals("True") != stalled.equals("True");
          default -> false;
        };
    if (!one) {
      unreadable.add(
          "%s: Ready %s, Reconciling %s, Stalled %s".formatted(name, ready, reconciling, stalled));
    }
    for (Condition condition : now) {
      Instant at = Instant.parse(condition.getLastTransitionTime());
      boolean sound =
          condition.getReason().matches("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?")
              && !condition.getMessage().isBlank()
              && condition.getStatus().matches("True|False|Unknown")
              && condition.getObservedGeneration() <= object.getMetadata().getGeneration()
              && !at.isAfter(stage.time.instant());
      boolean sameTime =
          find(before, condition.getType())
              .filter(was -> was.getStatus().equals(condition.getStatus()))
              .map(Condition::getLastTransitionTime)
              .map(condition.getLastTransitionTime()::equals)
              .orElse(true);
      if (!sound || !sameTime) {
        unreadable.add(name + ": " + condition);
      }
    }
  }

  private static String status(List<Condition> conditions, ConditionType type) {
    return find(conditions, type.text()).map(Condition::getStatus).orElse("absent");
  }

  private static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  /** What Events say of conditions of the objects themselves, not of their nodes. */
  private Map<String, List<String>> told() {
    Set<String> types =
        java.util.Arrays.stream(ConditionType.values())
            .map(ConditionType::text)
            .collect(Collectors.toSet());
    Map<String, List<String>> told = new TreeMap<>();
    for (Event event : stage.events()) {
      String name = name(event.getInvolvedObject().getKind(), event.getInvolvedObject().getName());
      boolean ofNode = name.startsWith("proxmoxcluster") && isOfNode(event.getMessage());
      Matcher part = TOLD.matcher(event.getMessage());
      int end = 0;
      while (!ofNode && part.find() && part.start() == end && types.contains(part.group(1))) {
        told.computeIfAbsent(name, any -> new ArrayList<>())
            .add(part.group(1) + " is " + part.group(2));
        end = part.end();
      }
    }
    return told;
  }

  /** PoolsHealthy is a condition of pools, and of nodes in the status of a cluster. */
  private static boolean isOfNode(String message) {
    return message.startsWith("PoolsHealthy ");
  }

  private Set<String> steps() {
    return stage.events().stream()
        .map(
            event ->
                event.getInvolvedObject().getKind().toLowerCase(java.util.Locale.ROOT)
                    + " "
                    + event.getReason())
        .collect(Collectors.toSet());
  }

  private static String name(String kind, String name) {
    return kind.toLowerCase(java.util.Locale.ROOT) + "/" + name;
  }
}
