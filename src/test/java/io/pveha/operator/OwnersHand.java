package io.pveha.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.Repair;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.simulator.config.GuestKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * An owner who takes the guest of the reference story or its storage away by hand, reads what the
 * operator says of it, and does one of the things that it names.
 */
final class OwnersHand {

  private static final Pattern REPAIR_WORD = Pattern.compile(ApiNames.REPAIR + "=(\\S+)\\.(?= |$)");

  /** A restore takes some seconds, and the operator some more to see it. */
  private static final Duration BETWEEN_TRIES = Duration.ofMinutes(2);

  private final VirtualStage stage;
  private final String archive;
  private boolean asked;
  private boolean released;
  private Instant nextTry = Instant.EPOCH;

  /** One who has a backup of the guest, which is on node1 now. */
  OwnersHand(VirtualStage stage) {
    this.stage = stage;
    this.archive =
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
  }

  /** Whether the guest that is or was there last may be recreated. */
  boolean asked() {
    return asked;
  }

  /** Destroys the guest, wherever it is. */
  void losesGuest() {
    if (calls(
        ApiRequest.delete("/nodes/%s/lxc/100".formatted(home()))
            .with("purge", true)
            .with("force", true))) {
      asked = false;
    }
  }

  /** Has it recreated, or restores it, once the operator says that it is lost. */
  void seesTo(Random random) {
    if (stage.guest() == null
        || !VirtualStage.isBecause(
            stage.guest(), ConditionType.STALLED, ConditionReason.GUEST_LOST.text())
        || asked
        || stage.time.instant().isBefore(nextTry)) {
      return;
    }
    nextTry = stage.time.instant().plus(BETWEEN_TRIES);
    if (random.nextBoolean()) {
      asked = true;
      stage.annotate(
          stage.guest(),
          ApiNames.RECREATE,
          stage.time.instant().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS).toString());
    } else {
      calls(
          ApiRequest.post("/nodes/node1/lxc")
              .with("vmid", 100)
              .with("ostemplate", archive)
              .with("restore", true)
              .with("unprivileged", true)
              .with("storage", "tank"));
    }
  }

  /** Disables the storage entry, or enables it again. */
  void enablesStorage(boolean on) {
    ApiRequest entry = ApiRequest.put("/storage/tank");
    calls(on ? entry.with("delete", "disable") : entry.with("disable", true));
  }

  /** Whether the operator waits for a word on replicas that are in the way. */
  boolean hasToRelease() {
    return VirtualStage.isBecause(
        stage.replication(), ConditionType.READY, ConditionReason.CHAIN_BROKEN.text());
  }

  /** Lets replicas go that are in the way, by the words that the operator names. */
  void releasesBrokenChains() {
    if (!hasToRelease()) {
      return;
    }
    if (stage.replication().getSpec().repair() != Repair.RECREATE) {
      stage.apply(
          stage
              .manifests()
              .replicationYaml()
              .replace("rpoSeconds: 120", "rpoSeconds: 120\n  repair: Recreate"));
    }
    released = true;
    List<String> words = repairWords(stage);
    if (!words.isEmpty()) {
      stage.annotate(stage.replication(), ApiNames.REPAIR, String.join(",", words));
    }
  }

  /** Whether replicas that were in the way may be gone, and their jobs recreated. */
  boolean released() {
    return released;
  }

  /** What names the replicas that are in the way. */
  static List<String> repairWords(VirtualStage stage) {
    return VirtualStage.condition(stage.replication(), ConditionType.READY)
        .map(Condition::getMessage)
        .map(REPAIR_WORD::matcher)
        .map(words -> words.results().map(word -> word.group(1)).toList())
        .orElse(List.of());
  }

  private String home() {
    return stage.truth().guests().stream()
        .filter(guest -> guest.vmid() == 100)
        .flatMap(guest -> guest.runningOn().stream())
        .findFirst()
        .orElse("node1");
  }

  /** Where it can't be done now, nothing is. */
  private boolean calls(ApiRequest request) {
    try {
      new ByHand(stage).on("node1").call(request);
      return true;
    } catch (ProxmoxFailure notNow) {
      System.out.printf("OwnersHand: %s%n", notNow.getMessage());
      return false;
    }
  }
}
