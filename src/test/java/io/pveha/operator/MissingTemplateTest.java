package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A container is not asked for before its template is there; Proxmox would fail half-way. */
class MissingTemplateTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void saysSoAndAsksForNothing(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      String right = stage.manifests().guestYaml();
      stage.apply(right.replace("debian-12-standard", "debian-99-standard"));

      stage.until(
          "the reason",
          () ->
              VirtualStage.isBecause(
                  stage.guest(), ConditionType.READY, ConditionReason.TEMPLATE_NOT_FOUND.text()),
          Duration.ofMinutes(10));
      assertThat(stage.writes()).noneMatch(write -> write.what().contains("/lxc"));

      stage.apply(right);
      stage.awaitReference();
    }
  }
}
