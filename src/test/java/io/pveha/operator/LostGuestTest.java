package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A guest that was there and is gone is lost: nothing is made in its place unless its owner asks.
 */
class LostGuestTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nothingIsMadeInItsPlaceUntilItsOwnerAsks(PveVersion version) {
    try (VirtualStage stage = reference(version)) {
      assertThat(stage.guest().reported().presence().seenSince()).isNotNull();

      destroy(stage);
      awaitLost(stage);
      Instant lost = stage.guest().reported().presence().lostSince();
      stage.pass(LONG);
      stage.restartOperator();
      stage.pass(LONG);

      assertLost(stage);
      assertThat(made(stage)).hasSize(1);
      assertThat(addedToHa(stage)).hasSize(1);
      assertThat(stage.guest().reported().presence().lostSince()).isEqualTo(lost);
      assertThat(stage.events())
          .filteredOn(event -> ConditionReason.GUEST_LOST.text().equals(event.getReason()))
          .singleElement()
          .extracting(Event::getType)
          .isEqualTo("Warning");

      // A time before the loss is no answer to it.
      stage.annotate(stage.guest(), ApiNames.RECREATE, lost.minusSeconds(60).toString());
      stage.pass(SOON);
      assertLost(stage);
      assertThat(made(stage)).hasSize(1);

      String order = stage.time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
      stage.annotate(stage.guest(), ApiNames.RECREATE, order);
      stage.until("the guest", () -> isReady(stage), SOON);
      assertThat(made(stage)).hasSize(2);
      assertThat(stage.guest().reported().presence().recreate()).isEqualTo(order);

      // The same order, still written there, makes nothing a second time.
      stage.pass(SOON);
      destroy(stage);
      awaitLost(stage);
      stage.pass(LONG);
      assertLost(stage);
      assertThat(made(stage)).hasSize(2);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** docs/operations.md, "Restoring a guest from a backup under the operator". */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aGuestThatIsRestoredUnderItsNumberIsAsBefore(PveVersion version) {
    try (VirtualStage stage = reference(version)) {
      String archive =
          stage
              .simulator
              .world()
              .read(
                  () ->
                      stage
                          .simulator
                          .world()
                          .node("node1")
                          .backups()
                          .make(GuestKind.CT, 100, "local"));
      destroy(stage);
      awaitLost(stage);

      new ByHand(stage)
          .on("node1")
          .call(
              ApiRequest.post("/nodes/node1/lxc")
                  .with("vmid", 100)
                  .with("ostemplate", archive)
                  .with("restore", true)
                  .with("unprivileged", true)
                  .with("storage", "tank"));
      stage.until("the guest", () -> isReady(stage), SOON);

      assertThat(made(stage)).hasSize(1);
      assertThat(addedToHa(stage)).hasSize(2);
      assertThat(stage.guest().reported().presence().lostSince()).isNull();
      assertThat(VirtualStage.is(stage.guest(), ConditionType.IN_REQUESTED_STATE, "True")).isTrue();
      releaseOldReplicas(stage);
      stage.awaitReference();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** A configuration file that was moved away leaves its resource in HA behind. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void whatNoListShowsWhileHaListsItIsNotVisible(PveVersion version) {
    try (VirtualStage stage = reference(version)) {
      hideGuests(stage, true);
      stage.until(
          "it is told",
          () -> VirtualStage.is(stage.guest(), ConditionType.GUEST_PRESENT, "Unknown"),
          SOON);
      stage.pass(LONG);

      for (ConditionType type :
          List.of(
              ConditionType.GUEST_PRESENT,
              ConditionType.MANAGED,
              ConditionType.IN_REQUESTED_STATE)) {
        assertThat(VirtualStage.is(stage.guest(), type, "Unknown")).as(type.text()).isTrue();
      }
      assertThat(made(stage)).hasSize(1);
      assertThat(addedToHa(stage)).hasSize(1);
      assertThat(stage.guest().reported().presence().lostSince()).isNull();

      hideGuests(stage, false);
      stage.until("it is seen again", () -> isReady(stage), SOON);
      assertThat(made(stage)).hasSize(1);
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static VirtualStage reference(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.awaitReference();
    return stage;
  }

  private static void hideGuests(VirtualStage stage, boolean hide) {
    for (Map.Entry<String, String> who :
        Map.of("users", "operator@pve", "tokens", "operator@pve!pveha").entrySet()) {
      new ByHand(stage)
          .on("node1")
          .call(
              ApiRequest.put("/access/acl")
                  .with("path", "/vms")
                  .with("roles", "HaOperatorGuests")
                  .with(who.getKey(), who.getValue())
                  .with("delete", hide ? Boolean.TRUE : null));
    }
  }

  private static void destroy(VirtualStage stage) {
    String node = stage.guest().reported().node();
    new ByHand(stage)
        .on(node)
        .call(
            ApiRequest.delete("/nodes/%s/lxc/100".formatted(node))
                .with("purge", true)
                .with("force", true));
  }

  /** Those of the lost guest share nothing with the restored one; they go by their owner's word. */
  private static void releaseOldReplicas(VirtualStage stage) {
    stage.until(
        "the old replicas are told to be in the way",
        () ->
            VirtualStage.isBecause(
                stage.replication(), ConditionType.DEGRADED, ConditionReason.CHAIN_BROKEN.text()),
        SOON);
    stage.apply(
        stage
            .manifests()
            .replicationYaml()
            .replace("rpoSeconds: 120", "rpoSeconds: 120\n  repair: Recreate"));
    stage.until("both words are named", () -> OwnersHand.repairWords(stage).size() == 2, SOON);
    stage.annotate(
        stage.replication(), ApiNames.REPAIR, String.join(",", OwnersHand.repairWords(stage)));
  }

  private static void awaitLost(VirtualStage stage) {
    stage.until(
        "it is lost",
        () ->
            VirtualStage.isBecause(
                stage.guest(), ConditionType.STALLED, ConditionReason.GUEST_LOST.text()),
        SOON);
  }

  private static void assertLost(VirtualStage stage) {
    HaResource guest = stage.guest();
    for (ConditionType type :
        List.of(
            ConditionType.READY,
            ConditionType.GUEST_PRESENT,
            ConditionType.MANAGED,
            ConditionType.IN_REQUESTED_STATE)) {
      Condition condition = VirtualStage.condition(guest, type).orElseThrow();
      assertThat(condition.getStatus()).as(type.text()).isEqualTo("False");
      assertThat(condition.getReason()).isEqualTo(ConditionReason.GUEST_LOST.text());
    }
    assertThat(VirtualStage.is(guest, ConditionType.STALLED, "True")).isTrue();
  }

  private static boolean isReady(VirtualStage stage) {
    return VirtualStage.is(stage.guest(), ConditionType.READY, "True");
  }

  private static List<String> made(VirtualStage stage) {
    return stage.writes().stream()
        .map(VirtualWire.Write::what)
        .filter(what -> what.matches("POST /nodes/[^/]+/lxc"))
        .toList();
  }

  private static List<String> addedToHa(VirtualStage stage) {
    return stage.writes().stream()
        .map(VirtualWire.Write::what)
        .filter(what -> what.equals("POST /cluster/ha/resources"))
        .toList();
  }
}
