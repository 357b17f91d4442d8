package io.pveha.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CountTest {

  @Test
  void saysOneThingAsOneAndSeveralAsSeveral() {
    assertThat(Count.of(0, "job")).isEqualTo("0 jobs");
    assertThat(Count.of(1, "job")).isEqualTo("1 job");
    assertThat(Count.of(2, "job")).isEqualTo("2 jobs");
    assertThat(Count.are(1, "vote")).isEqualTo("1 vote is");
    assertThat(Count.are(2, "vote")).isEqualTo("2 votes are");
  }

  @Test
  void saysHowOften() {
    assertThat(Count.times(1)).isEqualTo("once");
    assertThat(Count.times(2)).isEqualTo("twice");
    assertThat(Count.times(3)).isEqualTo("3 times");
  }

  /** Texts that people read, of stories in virtual time. */
  @Test
  void noStorySpeaksOfOneThings() throws IOException {
    try (Stream<Path> stories = Files.list(Path.of("src/test/resources/golden"))) {
      assertThat(stories)
          .isNotEmpty()
          .allSatisfy(
              story ->
                  assertThat(Files.readString(story))
                      .doesNotContainPattern("(?<![\\d.-])1 (job|guest|node|vote|step|time)s"));
    }
  }
}
