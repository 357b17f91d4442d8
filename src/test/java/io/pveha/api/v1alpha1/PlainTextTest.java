package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {

  private static final int LONG = 100;

  @Test
  void wordsStayAsTheyAre() {
    assertThat(PlainText.of("Grüße an ct:100, 🦆!", LONG)).isEqualTo("Grüße an ct:100, 🦆!");
    assertThat(PlainText.of("", LONG)).isEmpty();
    assertThat(PlainText.of(null, LONG)).isNull();
  }

  @Test
  void whatBreaksALineIsABlank() {
    assertThat(PlainText.of("a\r\n2026-01-05 ERROR\u2028b\u0085c\td  e", LONG))
        .isEqualTo("a 2026-01-05 ERROR b\\u0085c d e");
  }

  /** Escape, null, delete, bidi override and isolate, zero width, byte order mark, lone half. */
  @ParameterizedTest
  @CsvSource({"001b", "0000", "007f", "202e", "2066", "200b", "200f", "feff", "d83e", "009b"})
  void whatATerminalObeysIsShown(String hex) {
    String text = "x" + (char) Integer.parseInt(hex, 16) + "y";

    assertThat(PlainText.of(text, LONG)).isEqualTo("x\\u" + hex + "y");
  }

  @Test
  void whatIsTooLongIsCut() {
    assertThat(PlainText.of("a".repeat(200), 50)).hasSize(50).endsWith("a ...");
    assertThat(PlainText.of("🦆".repeat(200), 51)).hasSizeLessThanOrEqualTo(51).endsWith("🦆 ...");
    assertThat(PlainText.of("\n".repeat(100_000) + "end", 50)).isEqualTo(" end");
  }
}
