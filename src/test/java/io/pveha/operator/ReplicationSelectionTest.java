package io.pveha.operator;

import static io.pveha.operator.ReplicationStoriesTest.awaitReady;
import static io.pveha.operator.ReplicationStoriesTest.fullCopies;
import static io.pveha.operator.ReplicationStoriesTest.jobs;
import static io.pveha.operator.ReplicationStoriesTest.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.Truth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which guests are replicated, by whom, and what is left when that ends. */
class ReplicationSelectionTest {

  private static final Duration LONG = Duration.ofMinutes(15);
  private static final String TEMPLATE = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestsComeAndGoByTheirTag(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      create(stage, 201, "silver", "tank");
      stage.apply(selecting(stage, "Delete"));
      stage.until("one guest", () -> vmids(stage, "gold").equals(List.of(200, 200)), LONG);
      tag(stage, 201, "gold");
      stage.until(
          "two guests", () -> vmids(stage, "gold").equals(List.of(200, 200, 201, 201)), LONG);
      awaitHealthy(stage, "gold", "4/4");

      tag(stage, 200, "silver");
      SelectionShrinksTest.awaitShrunk(stage);
      SelectionShrinksTest.accept(stage);
      stage.until("one of them gone", () -> vmids(stage, "gold").equals(List.of(201, 201)), LONG);
      stage.until(
          "its replicas gone, as deletionPolicy: Delete says",
          () -> copies(stage, 200).equals(List.of("node1")),
          LONG);
      assertThat(copies(stage, 201)).hasSize(3);
      assertThat(copies(stage, 100)).hasSize(3);
    }
  }

  @Test
  void aGuestThatLeavesKeepsItsJobsUnlessDeletionSaysOtherwise() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      stage.apply(selecting(stage, "Retain"));
      stage.until("one guest", () -> vmids(stage, "gold").equals(List.of(200, 200)), LONG);
      awaitHealthy(stage, "gold", "2/2");
      tag(stage, 200, "silver");
      SelectionShrinksTest.awaitShrunk(stage);
      SelectionShrinksTest.accept(stage);
      stage.until(
          "nobody",
          () ->
              VirtualStage.isBecause(
                  stage.get(ReplicationJob.class, "gold"), ConditionType.READY, "NoGuestSelected"),
          LONG);
      stage.pass(Duration.ofMinutes(2));

      assertThat(copies(stage, 200)).hasSize(3);
      assertThat(stage.get(ReplicationJob.class, "gold").reported().jobs()).isEmpty();
    }
  }

  @Test
  void theOlderOfTwoForOneGuestOwnsItAndTheOtherSaysSo() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      tag(stage, 100, "gold");
      create(stage, 200, "gold", "tank");
      stage.apply(selecting(stage, "Delete"));
      stage.apply(stage.manifests().replicationYaml().replace("name: web", "name: younger"));
      stage.until("its own guest", () -> vmids(stage, "gold").equals(List.of(200, 200)), LONG);
      stage.until(
          "its replicas",
          () -> "2/2".equals(stage.get(ReplicationJob.class, "gold").reported().jobsHealthy()),
          LONG);
      stage.until(
          "the younger twin stands back",
          () ->
              VirtualStage.isBecause(
                  stage.get(ReplicationJob.class, "younger"), ConditionType.STALLED, "JobTaken"),
          LONG);

      for (String name : List.of("gold", "younger")) {
        assertThat(
                VirtualStage.isBecause(
                    stage.get(ReplicationJob.class, name), ConditionType.STALLED, "JobTaken"))
            .isTrue();
        assertThat(ready(stage, name).getMessage())
            .contains("guest 100 to ReplicationJob " + stage.namespace + "/web");
      }
      assertThat(JobMarksTest.comment(stage, "100-0"))
          .isEqualTo("pveha: " + stage.namespace + "/web");
      assertThat(fullCopies(stage)).isEqualTo(4);

      stage.client.resource(stage.get(ReplicationJob.class, "younger")).delete();
      stage.client.resource(stage.replication()).delete();
      stage.until(
          "the selector takes over",
          () -> vmids(stage, "gold").equals(List.of(100, 100, 200, 200)),
          LONG);
      assertThat(fullCopies(stage)).as("with the replicas that are there").isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aGuestWithoutADiskThatCanBeReplicatedSaysSo(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      stage
          .simulator
          .world()
          .request(
              () -> {
                stage
                    .simulator
                    .world()
                    .node("node1")
                    .storage()
                    .create(
                        "scratch",
                        Map.of("type", "dir", "path", "/scratch", "content", "images,rootdir"));
                return null;
              });
      create(stage, 200, "gold", "scratch");
      stage.apply(selecting(stage, "Retain"));
      stage.until(
          "the reason",
          () ->
              VirtualStage.isBecause(
                  stage.get(ReplicationJob.class, "gold"),
                  ConditionType.READY,
                  "NothingToReplicate"),
          LONG);

      assertThat(ready(stage, "gold").getMessage()).contains("Guest 200", "scratch:");
      assertThat(ReplicationStoriesTest.jobWrites(stage)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void deletingKeepsAllByDefault(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      stage.client.resource(stage.replication()).delete();
      stage.until("its end", () -> stage.replication() == null, LONG);
      stage.pass(Duration.ofMinutes(2));

      assertThat(copies(stage, 100)).hasSize(3);
      assertThat(ReplicationStoriesTest.jobWrites(stage)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void keepReplicasRemovesTheJobsOnly(PveVersion version) {
    try (VirtualStage stage = deleting(version, "KeepReplicas")) {
      stage.faults().power("node3", false);
      stage.pass(Duration.ofSeconds(30));
      stage.client.resource(stage.replication()).delete();
      stage.until("its end", () -> stage.replication() == null, LONG);

      assertThat(copies(stage, 100)).hasSize(3);
      assertThat(stage.truth().destroyed()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void deleteWaitsForATargetThatIsOfflineAndSaysSo(PveVersion version) {
    try (VirtualStage stage = deleting(version, "Delete")) {
      stage.faults().power("node3", false);
      stage.pass(Duration.ofSeconds(30));
      stage.client.resource(stage.replication()).delete();
      stage.pass(Duration.ofMinutes(4));
      assertThat(jobs(stage)).extracting(Job::target).containsExactly("node3");
      assertThat(message(stage, ConditionType.READY))
          .contains("node3 has to be online", "pveha.io/abandon=");

      stage.faults().power("node3", true);
      stage.until("its end", () -> stage.replication() == null, LONG);
      assertThat(copies(stage, 100)).containsExactly("node1");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void deleteTakesNoReplicaWhileTheGuestMayHaveToComeBackFromIt(PveVersion version) {
    try (VirtualStage stage = deleting(version, "Delete")) {
      stage.faults().power("node1", false);
      stage.pass(Duration.ofSeconds(20));
      stage.client.resource(stage.replication()).delete();
      stage.until(
          "the guest elsewhere", () -> !ReplicationStoriesTest.at(stage).equals("node1"), LONG);
      assertThat(stage.truth().destroyed()).isEmpty();
      stage.pass(Duration.ofMinutes(3));
      stage.faults().power("node1", true);
      stage.until("its end", () -> stage.replication() == null, LONG);
      assertThat(copies(stage, 100)).containsExactly(ReplicationStoriesTest.at(stage));
    }
  }

  static VirtualStage deleting(PveVersion version, String policy) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.apply(
        stage
            .manifests()
            .replicationYaml()
            .replace("rpoSeconds: 120", "rpoSeconds: 120\n  deletionPolicy: " + policy));
    stage.awaitReference();
    awaitReady(stage, "2/2");
    return stage;
  }

  static String selecting(VirtualStage stage, String policy) {
    return stage
        .manifests()
        .replicationYaml()
        .replace("name: web", "name: gold")
        .replace("guest: {vmid: 100}", "selector: {tags: [gold]}\n  deletionPolicy: " + policy);
  }

  static void create(VirtualStage stage, int vmid, String tags, String storage) {
    stage
        .simulator
        .world()
        .request(
            () ->
                stage
                    .simulator
                    .world()
                    .node("node1")
                    .guests()
                    .create(
                        "root@pam",
                        GuestKind.CT,
                        vmid,
                        Map.of("rootfs", storage + ":4", "hostname", "g" + vmid, "tags", tags),
                        Optional.of(TEMPLATE),
                        true));
    stage.until("guest " + vmid, () -> !copies(stage, vmid).isEmpty(), LONG);
    stage.pass(Duration.ofSeconds(20));
  }

  static void tag(VirtualStage stage, int vmid, String tags) {
    stage
        .simulator
        .world()
        .request(
            () -> {
              stage
                  .simulator
                  .world()
                  .node("node1")
                  .guests()
                  .configure(
                      GuestKind.CT,
                      vmid,
                      Map.of("tags", tags),
                      java.util.Set.of(),
                      Optional.empty());
              return null;
            });
  }

  static List<Integer> vmids(VirtualStage stage, String name) {
    return stage.get(ReplicationJob.class, name).reported().jobs().stream()
        .map(Job::vmid)
        .sorted()
        .toList();
  }

  static void awaitHealthy(VirtualStage stage, String name, String healthy) {
    stage.until(
        name + " " + healthy,
        () ->
            healthy.equals(stage.get(ReplicationJob.class, name).reported().jobsHealthy())
                && VirtualStage.is(
                    stage.get(ReplicationJob.class, name), ConditionType.READY, "True"),
        LONG);
  }

  static Condition ready(VirtualStage stage, String name) {
    return VirtualStage.condition(stage.get(ReplicationJob.class, name), ConditionType.READY)
        .orElseThrow();
  }

  /** A narrower spec.targets, and jobs that somebody made by hand, under the default policy. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void retainLeavesJobsThatAreNotWantedWithTheirReplicas(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      assertThat(copies(stage, 100)).hasSize(3);
      stage.apply(
          stage.manifests().replicationYaml().replace("{allOthers: true}", "{nodes: [node2]}"));
      stage.until(
          "what stays to be said",
          () -> message(stage, ConditionType.READY).contains("is not in spec.targets"),
          LONG);
      stage.pass(Duration.ofMinutes(3));

      assertThat(copies(stage, 100)).hasSize(3);
      assertThat(message(stage, ConditionType.READY)).contains("pvesr delete", "node3");
      assertThat(VirtualStage.is(stage.replication(), ConditionType.READY, "True")).isTrue();
    }
  }

  static List<String> copies(VirtualStage stage, int vmid) {
    return stage.truth().guests().stream()
        .filter(guest -> guest.vmid() == vmid)
        .flatMap(guest -> guest.copies().stream())
        .map(Truth.Copy::node)
        .sorted()
        .toList();
  }
}
