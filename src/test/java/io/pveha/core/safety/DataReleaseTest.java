package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data is destroyed only by a word that names the very object, now. */
class DataReleaseTest {

  @ParameterizedTest
  @CsvSource({
    "uid-1, uid-1, true",
    "' uid-1 ', uid-1, true",
    "uid-1, uid-2, false",
    "true, uid-1, false",
    "'', uid-1, false",
    ", uid-1, false",
    "uid-1, , false",
    ", , false"
  })
  void isGivenByTheUidOfTheObjectOnly(String word, String uid, boolean given) {
    assertThat(DataRelease.isGiven(word, uid)).isEqualTo(given);
    assertThat(Abandonment.isGiven(word, uid)).isEqualTo(given);
  }
}
