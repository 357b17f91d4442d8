package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PveVersionTest {

  @ParameterizedTest
  @CsvSource({
    "9.0.0~16, true", "9.0.0~17, true", "9.0.0, true", "9.1.2, true", "10.0, true",
    "9.0.1~1, true", "9.0.0~15, false", "9.0.0~2, false", "8.4.1, false", "7.4-4, false",
    "9.0-1, true", "rubbish, false", "'', false"
  })
  void knowsWhichVersionsUnderstandRules(String version, boolean understands) {
    assertThat(
            PveVersion.parse(version)
                .filter(parsed -> parsed.isAtLeast(PveVersion.FIRST_WITH_RULES))
                .isPresent())
        .isEqualTo(understands);
  }
}
