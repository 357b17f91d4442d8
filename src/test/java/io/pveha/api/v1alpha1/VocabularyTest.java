package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Users alert on these words: each is the CamelCase of its constant, and so unique and stable. */
class VocabularyTest {

  static Stream<Enum<?>> words() {
    return Stream.of(ConditionType.values(), NodeConditionType.values(), ConditionReason.values())
        .flatMap(Stream::of);
  }

  @ParameterizedTest
  @MethodSource("words")
  void wordIsTheCamelCaseOfItsConstant(Enum<?> word) {
    String constant = word.toString().replaceAll("(?<=[a-z])(?=[A-Z])", "_");

    assertThat(word.toString()).matches("[A-Z][A-Za-z]*");
    assertThat(constant.toUpperCase(Locale.ROOT)).isEqualTo(word.name());
  }
}
