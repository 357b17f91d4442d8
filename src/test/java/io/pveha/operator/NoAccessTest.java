package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Role {@code NoAccess} on one object: Proxmox leaves both the object out of its lists and the path
 * out of what it says the token may do.
 */
class NoAccessTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void whatOneEntryHidesIsNotTakenForGone(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      Grants grants = new Grants(stage);
      int before = stage.writes().size();

      for (String path : List.of("/vms/100", "/storage/tank", "/pool/prod", "/nodes/node2")) {
        grants.keptOut(path, true);
        stage.until("it is told of " + path, () -> isPermitted(stage, "False"), SOON);
        stage.pass(SOON);

        assertThat(VirtualStage.condition(stage.cluster(), ConditionType.PERMITTED))
            .hasValueSatisfying(
                told -> {
                  assertThat(told.getReason()).isEqualTo(ConditionReason.PERMISSION_DENIED.text());
                  assertThat(told.getMessage())
                      .contains(".Audit on %s, for ".formatted(path))
                      .contains(
                          "pveum acl delete %s --roles NoAccess --tokens 'operator@pve!pveha'"
                              .formatted(path));
                });
        assertThat(stage.writes()).as(path).hasSize(before);
        assertThat(wrongAdvice(stage)).as(path).isEmpty();

        grants.keptOut(path, false);
        stage.until("it is told of " + path, () -> isPermitted(stage, "True"), SOON);
        stage.awaitReference();
        assertThat(stage.writes()).as(path).hasSize(before);
      }
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** What nobody may see is neither lost nor in the way. */
  private static List<String> wrongAdvice(VirtualStage stage) {
    return Stream.of(
            stage.cluster().reported().conditions(),
            stage.pool().reported().conditions(),
            stage.guest().reported().conditions(),
            stage.replication().reported().conditions())
        .flatMap(List::stream)
        .map(Condition::getMessage)
        .filter(
            words ->
                words.contains("Restore it")
                    || words.contains("Make storage")
                    || words.contains("is not active"))
        .toList();
  }

  private static boolean isPermitted(VirtualStage stage, String status) {
    return VirtualStage.is(stage.cluster(), ConditionType.PERMITTED, status);
  }
}
