package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A round of polling that is missed is no news to those that belong to a cluster, however many they
 * are. Trouble that lasts is told by the ProxmoxCluster, and by each of the others once.
 */
class MissedRoundTest {

  private static final int GUESTS = 6;

  /** One round of the fast lane at least, and less than trouble takes to be told. */
  private static final Duration MISSED = Duration.ofSeconds(6);

  private VirtualStage stage;
  private Map<String, String> before;
  private int told;
  private int writes;

  @BeforeEach
  void quietClusterWithManyDependants() {
    stage = VirtualStage.of(PveVersion.V9_1);
    stage.applyReference();
    for (int i = 1; i < GUESTS; i++) {
      stage.apply(
          stage
              .manifests()
              .guestYaml()
              .replace("name: web", "name: web" + i)
              .replace("vmid: 100", "vmid: " + (100 + i)));
    }
    stage.awaitReference();
    stage.until(
        "all guests",
        () -> dependants().allMatch(o -> VirtualStage.is(o, ConditionType.READY, "True")),
        Duration.ofMinutes(10));
    // No run, and no news of one, for as long as a test takes.
    stage.apply(
        stage
            .manifests()
            .replicationYaml()
            .replace("*/1", "*/30")
            .replace("rpoSeconds: 120", "rpoSeconds: 7200"));
    stage.pass(Duration.ofMinutes(3));
    remember();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void isNoNewsInWhicheverWayItIsMissed() {
    Map<String, Runnable> ways = new TreeMap<>();
    ways.put("all members are silent", () -> stage.cutOperatorOff(true));
    ways.put("a round ends with an exception", () -> answers("", new IllegalStateException("bug")));
    ways.put("all answer 401", () -> answers("", new ProxmoxFailure.LoginRejected("401")));
    ways.put("all answer 403", () -> answers("", new ProxmoxFailure.Forbidden("403")));
    ways.put("all answer 500", () -> answers("", new ProxmoxFailure.Refused("500")));
    ways.put("all answer 595", () -> answers("", new ProxmoxFailure.Unreachable("595")));
    ways.put("a proxy answers", () -> answers("", new ProxmoxFailure.NotProxmox("no JSON")));
    ways.put(
        "nobody lists guests",
        () -> answers("/cluster/resources", new ProxmoxFailure.Refused("500")));

    ways.forEach(
        (way, fault) -> {
          fault.run();
          stage.pass(MISSED);
          heal();
          stage.pass(Duration.ofSeconds(45));

          assertThat(versions()).as(way).isEqualTo(before);
          assertThat(eventsOfDependants()).as(way).isEmpty();
          assertThat(stage.writes()).as(way).hasSize(writes);
          assertThat(connected()).as(way).isEqualTo("True Healthy");
          if (!way.contains("401") && !way.contains("403")) {
            assertThat(eventsOfCluster()).as(way).isEmpty();
          }
          told = stage.events().size();
        });
    assertThat(stage.failures()).isEmpty();
  }

  @Test
  void isToldByTheClusterAndOnceByEachDependantWhenItLasts() {
    stage.cutOperatorOff(true);
    Duration until =
        stage.until("trouble", () -> connected().startsWith("False"), Duration.ofMinutes(1));
    assertThat(until).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(35));
    stage.pass(Duration.ofMinutes(3));

    assertThat(connected()).isEqualTo("False EndpointUnreachable");
    assertThat(eventsOfCluster()).filteredOn(text -> text.contains("Connected is")).hasSize(1);
    dependants().forEach(object -> assertThat(ready(object)).isEqualTo("False WaitingForCluster"));
    assertThat(eventsOfDependants()).hasSameSizeAs(dependants().toList());
    assertThat(stage.writes()).hasSize(writes);

    remember();
    heal();
    stage.until(
        "all to be back",
        () -> dependants().allMatch(o -> VirtualStage.is(o, ConditionType.READY, "True")),
        Duration.ofMinutes(1));
    stage.pass(Duration.ofMinutes(1));

    assertThat(connected()).isEqualTo("True Healthy");
    assertThat(eventsOfDependants())
        .as("%s", eventsOfDependants())
        .hasSameSizeAs(dependants().toList());
  }

  /** As after a change of Proxmox that we do not understand, or a bug of ours. */
  @Test
  void ofALaneThatThrowsAgainAndAgainIsToldOnceFactsAreTooOldAndIsRecoveredFrom() {
    answers("/cluster/status", new IllegalStateException("a bug"));
    stage.pass(Duration.ofSeconds(25));
    assertThat(versions()).isEqualTo(before);
    stage.apply(stage.manifests().guestYaml().replace("state: started", "state: stopped"));
    stage.until(
        "trouble",
        () -> connected().equals("False FactsTooOld") && allAre("False WaitingForCluster"),
        Duration.ofSeconds(30));
    String said = message();
    assertThat(said).contains("log");
    stage.pass(Duration.ofMinutes(2));

    assertThat(message()).as("words do not change with the age").isEqualTo(said);
    assertThat(eventsOfCluster()).filteredOn(text -> text.contains("Connected is")).hasSize(1);
    assertThat(stage.writes()).as("nothing is written on old facts").hasSize(writes);

    heal();
    stage.until(
        "the guest to be stopped, as its owner wants it by now",
        () -> allAre("True AsSpecified") && connected().equals("True Healthy"),
        Duration.ofMinutes(3));
    assertThat(stage.writes()).hasSizeGreaterThan(writes);
  }

  private void answers(String path, RuntimeException failure) {
    stage.changeAnswers(
        (String node, ApiRequest request, JsonNode answer) -> {
          if (request.path().startsWith(path)) {
            throw failure;
          }
          return answer;
        });
  }

  private void heal() {
    stage.cutOperatorOff(false);
    stage.changeAnswers((node, request, answer) -> answer);
  }

  private void remember() {
    before = versions();
    told = stage.events().size();
    writes = stage.writes().size();
  }

  private Stream<HasMetadata> dependants() {
    return Stream.of(HaResource.class, ReplicationJob.class, ZfsPool.class)
        .flatMap(
            kind ->
                stage
                    .client
                    .resources(kind)
                    .inNamespace(stage.namespace)
                    .list()
                    .getItems()
                    .stream());
  }

  /** One that differs tells of a write. */
  private Map<String, String> versions() {
    return dependants()
        .collect(
            Collectors.toMap(
                object -> object.getKind() + " " + object.getMetadata().getName(),
                object ->
                    object.getMetadata().getResourceVersion() + " " + Stage.conditions(object),
                (one, other) -> one,
                TreeMap::new));
  }

  private boolean allAre(String ready) {
    return dependants().allMatch(object -> ready(object).equals(ready));
  }

  private static String ready(HasMetadata object) {
    return said(object, ConditionType.READY);
  }

  private String connected() {
    return said(stage.cluster(), ConditionType.CONNECTED);
  }

  private static String said(HasMetadata object, ConditionType type) {
    return VirtualStage.condition(object, type)
        .map(c -> c.getStatus() + " " + c.getReason())
        .orElse("-");
  }

  private String message() {
    return VirtualStage.condition(stage.cluster(), ConditionType.CONNECTED)
        .map(Condition::getMessage)
        .orElse("-");
  }

  private List<String> eventsOfDependants() {
    return events().filter(text -> !text.startsWith("ProxmoxCluster")).toList();
  }

  private List<String> eventsOfCluster() {
    return events().filter(text -> text.startsWith("ProxmoxCluster")).toList();
  }

  private Stream<String> events() {
    List<Event> events = stage.events();
    return events.subList(told, events.size()).stream()
        .map(
            event ->
                "%s %s: %s"
                    .formatted(
                        event.getInvolvedObject().getKind(),
                        event.getInvolvedObject().getName(),
                        event.getMessage()));
  }
}
