package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNotesTest {

  private static final OwnerMark MARK =
      new OwnerMark(
          "prod/cluster-a",
          "0b7f8a52-6f0e-4f0e-9a55-0b2c54f2d7a1",
          Instant.parse("2026-01-05T08:00:00.750Z"),
          false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "no end",
        "# Rack 7\n\ncall *Ann* first\n",
        "\n\n  leading and trailing  \n\n\n",
        "<!-- a comment of others -->\n",
        "text <!-- pveha.io/owner: not at the beginning of a line -->\n",
        "windows\r\nlines\r\n",
        "ünï – \u2028 \t<b>&amp;</b>\n"
      })
  void whatIsNoMarkStaysByteForByte(String text) {
    ClusterNotes notes = new ClusterNotes(text);
    ClusterNotes marked = notes.with(MARK, mark -> false);
    assertThat(marked.text()).endsWith(text).contains("prod/cluster-a");
    assertThat(marked.marks()).containsExactly(MARK);
    assertThat(marked.damaged()).isEmpty();
    assertThat(marked.without(MARK::equals)).isEqualTo(notes);
    assertThat(marked.without(mark -> false)).isEqualTo(marked);
  }

  @Test
  void aMarkIsFoundWhereverAPersonMovedIt() {
    String moved = "first\n" + MARK.line() + "  \nlast";
    assertThat(new ClusterNotes(moved).marks()).containsExactly(MARK);
    assertThat(new ClusterNotes(moved).without(MARK::equals).text()).isEqualTo("first\nlast");
  }

  @Test
  void aMarkTakenOverReplacesThatOneOnly() {
    OwnerMark other = new OwnerMark("b/b", "uid-b", MARK.since(), false);
    OwnerMark third = new OwnerMark("c/c", "uid-c", MARK.since(), true);
    ClusterNotes notes = new ClusterNotes("a\n" + other.line() + "\n" + third.line() + "\nb\n");
    ClusterNotes after = notes.with(MARK, other::equals);
    assertThat(after.marks()).isEqualTo(List.of(MARK, third));
    assertThat(after.text()).endsWith("a\n" + third.line() + "\nb\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- pveha.io/owner",
        "<!-- pveha.io/owner: ProxmoxCluster prod/cluster-a, id -->",
        "<!-- pveha.io/owner: ProxmoxCluster a/b, id x@2026-13-45T99:99:99Z. -->",
        "<!-- pveha.io/owner: ProxmoxCluster a/b, id x@2026-01-05T08:00:00Z. no end"
      })
  void aDamagedMarkIsNoMarkAndNotNothing(String line) {
    ClusterNotes notes = new ClusterNotes("a\n" + line + "\nb");
    assertThat(notes.marks()).isEmpty();
    assertThat(notes.damaged()).hasValueSatisfying(shown -> assertThat(line).startsWith(shown));
    assertThat(notes.without(mark -> true)).isEqualTo(notes);
  }

  @Test
  void eachClaimHasAnIdOfItsOwn() {
    OwnerMark later =
        new OwnerMark(MARK.owner(), MARK.uid(), MARK.since().plusSeconds(1), MARK.tookOver());
    assertThat(MARK.id()).isEqualTo("0b7f8a52-6f0e-4f0e-9a55-0b2c54f2d7a1@2026-01-05T08:00:00Z");
    assertThat(later.id()).isNotEqualTo(MARK.id());
  }
}
