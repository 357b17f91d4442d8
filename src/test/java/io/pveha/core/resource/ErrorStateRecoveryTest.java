package io.pveha.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.StepKey;
import io.pveha.core.resource.ErrorStateRecovery.Advice;
import io.pveha.core.resource.ErrorStateRecovery.Patient;
import io.pveha.core.resource.ErrorStateRecovery.Sight;
import io.pveha.core.resource.StartFailure.Cause;
import io.pveha.core.resource.StartFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorStateRecoveryTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String NO_POOL = "zfs error: cannot open 'tank': no such pool";
  private static final Sight WELL =
      new Sight(
          Map.of("tank", true),
          Map.of("tank", true),
          Optional.of(Set.of("tank:subvol-100-disk-0", "tank/subvol-100-disk-0")),
          Optional.empty());
  private static final Sight ILL =
      new Sight(
          Map.of("tank", false),
          Map.of("tank", false),
          Optional.of(Set.of()),
          Optional.of("backup"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zfs error: cannot open 'tank': no such pool | POOL | tank",
        "zfs error: cannot open 'tank': pool I/O is currently suspended | POOL | tank",
        "cannot import 'tank/data': no such pool available | POOL | tank",
        "zfs error: cannot open 'tank/a': pool I/O is currently suspended | POOL | tank",
        "cannot open 'tank': dataset does not exist | POOL | tank",
        "command '/sbin/zpool status -P nix' failed: exit code 1 | POOL | nix",
        "command 'zpool import -d /dev/disk/by-id/ -o cachefile=none nix' failed: x | POOL | nix",
        "zfs error: cannot open 'tank/subvol-100-disk-0': dataset does not exist | DATASET |"
            + " tank/subvol-100-disk-0",
        "zfs error: cannot open 'tank/vm/vm-100-disk-0': dataset does not exist | DATASET |"
            + " tank/vm/vm-100-disk-0",
        "storage 'nas' is not online | STORAGE | nas",
        "could not activate storage 'tank', zfs error: cannot import 'tank' | STORAGE | tank",
        "storage 'tank' is not available on node 'node2' | STORAGE | tank",
        "volume 'tank:subvol-100-disk-0' does not exist | VOLUME | tank:subvol-100-disk-0",
        "CT is locked (backup) | LOCK | backup",
      })
  void readsWhatKeptItFromStarting(String text, Kind kind, String name) {
    assertThat(new StartFailure(NOW, text).cause()).contains(new Cause(kind, name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zfs error: cannot open 'tank': no such pool",
        "zfs error: cannot open 'tank/subvol-100-disk-0': dataset does not exist",
        "storage 'tank' is not online",
        "volume 'tank:subvol-100-disk-0' does not exist",
        "CT is locked (backup)",
      })
  void clearsItOnlyWhenTheCauseIsGone(String text) {
    assertThat(examine(text, ILL, true).plan().now()).isEmpty();

    Advice advice = examine(text, WELL, true);

    assertThat(advice.plan().now()).singleElement().isInstanceOf(ResourceStep.ClearError.class);
    assertThat(advice.cause()).isPresent();
  }

  @Test
  void leavesAloneWhatItDoesNotUnderstandAndSaysWhy() {
    Advice advice = examine("exit code 1", WELL, true);

    assertThat(advice.plan().now()).isEmpty();
    assertThat(advice.words()).isEqualTo("Its last start failed: exit code 1.");
  }

  @Test
  void namesADatasetThatIsMissingAndDoesNotBlameThePool() {
    Sight lost =
        new Sight(
            Map.of("tank", true), Map.of("tank", true), Optional.of(Set.of()), Optional.empty());

    Advice advice =
        examine(
            "zfs error: cannot open 'tank/subvol-100-disk-0': dataset does not exist", lost, true);

    assertThat(advice.plan().now()).isEmpty();
    assertThat(advice.words())
        .contains("dataset tank/subvol-100-disk-0, which is missing on node1")
        .contains("restore it")
        .doesNotContain("pool");
    assertThat(new StartFailure(NOW, "cannot open 'tank/x': dataset is busy").cause()).isEmpty();
  }

  @Test
  void leavesAloneWhatNobodySaw() {
    Sight unseen = new Sight(Map.of(), Map.of(), Optional.empty(), Optional.empty());

    assertThat(examine(NO_POOL, unseen, true).plan().now()).isEmpty();
    assertThat(examine("volume 'tank:x' does not exist", unseen, true).plan().now()).isEmpty();
  }

  @Test
  void doesNothingWhileTheNodeIsNotSurelyOnline() {
    assertThat(examine(NO_POOL, WELL, false).plan().now()).isEmpty();
  }

  @Test
  void believesOnlyWhatWasSeenAfterTheFailure() {
    Patient early = patient("started", new StartFailure(NOW.plusSeconds(1), NO_POOL), WELL, true);

    assertThat(ErrorStateRecovery.examine(early, List.of(), Memory.EMPTY, NOW).plan().now())
        .isEmpty();
  }

  @Test
  void keepsToItsBudgetAndSaysSo() {
    List<Instant> twice = List.of(NOW.minus(Duration.ofHours(1)), NOW.minus(Duration.ofHours(23)));
    List<Instant> onceToday =
        List.of(NOW.minus(Duration.ofHours(1)), NOW.minus(Duration.ofHours(25)));

    assertThat(examine(twice, Memory.EMPTY).plan().now()).isEmpty();
    assertThat(examine(twice, Memory.EMPTY).words()).contains("twice within a day");
    assertThat(examine(onceToday, Memory.EMPTY).plan().now()).isNotEmpty();
  }

  @Test
  void countsARecoveryOnceThatTakesTwoAttempts() {
    PendingStep begun =
        new PendingStep(
            new StepKey("ClearHaError", "ct:100"),
            Optional.empty(),
            Optional.empty(),
            NOW.minusSeconds(60),
            NOW.minusSeconds(40),
            1);
    List<Instant> counted = List.of(NOW.minusSeconds(60), NOW.minus(Duration.ofHours(2)));

    Advice advice = examine(counted, new Memory(List.of(begun), Map.of()));

    assertThat(advice.cause()).isEmpty();
    assertThat(advice.plan().now()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, false, true",
    "false, false, false, false",
    "true, true, false, false",
    "true, false, true, false"
  })
  void clearsWhatAMoveLeftHalfWayWhereItCanDoNoHarm(
      boolean online, boolean running, boolean locked, boolean cleared) {
    Sight sight =
        new Sight(
            Map.of(),
            Map.of(),
            Optional.empty(),
            locked ? Optional.of("migrate") : Optional.empty());
    Patient patient =
        new Patient(
            "ct:100",
            new NodeName("node1"),
            "started",
            true,
            Optional.of(new ErrorStateRecovery.Elsewhere(new NodeName("node2"), online, running)),
            Optional.empty(),
            sight,
            NOW);

    Advice advice = ErrorStateRecovery.examine(patient, List.of(), Memory.EMPTY, NOW);

    assertThat(advice.plan().now()).hasSize(cleared ? 1 : 0);
    assertThat(advice.cause().isPresent()).isEqualTo(cleared);
    assertThat(advice.words()).startsWith("It is on node2, where an interrupted move left it");
  }

  @Test
  void waitsInDisabledForTheManager() {
    Advice advice =
        ErrorStateRecovery.examine(
            patient("disabled", new StartFailure(NOW.minusSeconds(60), NO_POOL), WELL, false),
            List.of(),
            Memory.EMPTY,
            NOW);

    assertThat(advice.plan().now()).isEmpty();
    assertThat(advice.plan().isDone()).isFalse();
  }

  private static Advice examine(String text, Sight sight, boolean online) {
    return ErrorStateRecovery.examine(
        patient("started", new StartFailure(NOW.minusSeconds(60), text), sight, online),
        List.of(),
        Memory.EMPTY,
        NOW);
  }

  private static Advice examine(List<Instant> recoveries, Memory memory) {
    return ErrorStateRecovery.examine(
        patient("started", new StartFailure(NOW.minusSeconds(60), NO_POOL), WELL, true),
        recoveries,
        memory,
        NOW);
  }

  private static Patient patient(
      String requested, StartFailure failure, Sight sight, boolean online) {
    return new Patient(
        "ct:100",
        new NodeName("node1"),
        requested,
        online,
        Optional.empty(),
        Optional.of(failure),
        sight,
        NOW);
  }
}
