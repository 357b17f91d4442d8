package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cluster says which privileges its token lacks, what for, and how it is given them. */
class PermittedTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aPrivilegeThatIsTakenAwayIsNamedUntilItIsGivenBack(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.PERMITTED, "True")).isTrue();

      Grants grants = new Grants(stage);
      grants.role("HaOperatorPools", "/pool", false);
      stage.until("it is told", () -> isPermitted(stage, "False"), SOON);

      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.PERMITTED))
          .hasValueSatisfying(
              condition -> {
                assertThat(condition.getReason())
                    .isEqualTo(ConditionReason.PERMISSION_DENIED.text());
                assertThat(condition.getMessage())
                    .contains("Pool.Audit on /pool, for seeing which guests a resource pool has")
                    .contains(
                        "pveum acl modify /pool --roles HaOperatorPools --users operator@pve"
                            + " --tokens 'operator@pve!pveha'");
              });
      assertThat(stage.events())
          .anySatisfy(
              event -> {
                assertThat(event.getType()).isEqualTo("Warning");
                assertThat(event.getMessage())
                    .contains("Permitted is False")
                    .contains("Pool.Audit");
              });

      grants.role("HaOperatorPools", "/pool", true);
      stage.until("it is told", () -> isPermitted(stage, "True"), SOON);
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static boolean isPermitted(VirtualStage stage, String status) {
    return VirtualStage.is(stage.cluster(), ConditionType.PERMITTED, status);
  }
}
