package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  @Test
  void theFirstSelectionAndGrowthNeedNoWord() {
    Selection first = look(Selection.NONE, Set.of(100), "", 0);
    Selection grown = look(first, Set.of(100, 101), "", 1);

    assertThat(first.missing()).isEmpty();
    assertThat(grown.missing()).isEmpty();
    assertThat(grown.guests()).containsExactly(100, 101);
  }

  @Test
  void whatDropsOutIsMissingUntilItsOwnerSaysSo() {
    Selection shrunk = look(look(Selection.NONE, Set.of(100, 101), "", 0), Set.of(100), "", 5);
    Selection later = look(shrunk, Set.of(100), "yes", 50);
    Selection released = look(later, Set.of(100), " 2026-01-05T08:00:05Z\n", 60);

    assertThat(later).isEqualTo(shrunk);
    assertThat(shrunk.missing()).containsExactly(101);
    assertThat(released.missing()).isEmpty();
    assertThat(look(released, Set.of(100), "", 61).everMeant())
        .as("nothing of it is left")
        .containsExactly(100);
  }

  @Test
  void whatIsReleasedStaysSoWhileSomethingOfItIsLeft() {
    Set<Integer> held = Set.of(100, 101);
    Selection shrunk = look(look(Selection.NONE, held, "", 0), Set.of(), held, "", 5);
    Selection released = look(shrunk, Set.of(), held, "2026-01-05T08:00:05Z", 6);
    Selection begun = look(released, Set.of(), Set.of(101), "", 7);
    Selection ended = look(begun, Set.of(), Set.of(), "", 8);

    assertThat(shrunk.missing()).isEqualTo(held);
    assertThat(released.released()).isEqualTo(held);
    assertThat(begun.released()).containsExactly(101);
    assertThat(begun.missing()).isEmpty();
    assertThat(ended).isEqualTo(Selection.NONE);
  }

  @Test
  void aWordThatStaysReleasesNoLaterShrinking() {
    String word = "2026-01-05T08:00:05Z";
    Selection all = look(Selection.NONE, Set.of(100, 101), "", 0);
    Selection released = look(look(all, Set.of(100), "", 5), Set.of(100), word, 6);
    Selection back = look(released, Set.of(100, 101), word, 7);
    Selection again = look(back, Set.of(100), word, 8);
    Selection more = look(again, Set.of(), word, 9);

    assertThat(again.missing()).containsExactly(101);
    assertThat(look(again, Set.of(100), word, 9).missing()).containsExactly(101);
    assertThat(more.missing()).containsExactly(100, 101);
    assertThat(more.since()).contains(NOW.plusSeconds(9));
  }

  @Test
  void aWordForSomeDoesNotReleaseOneThatDropsOutMeanwhile() {
    Selection two = look(look(Selection.NONE, Set.of(100, 101), "", 0), Set.of(100), "", 5);
    Selection late = look(two, Set.of(), Set.of(100, 101), "2026-01-05T08:00:05Z", 6);

    assertThat(late.released()).containsExactly(101);
    assertThat(late.missing()).containsExactly(100);
  }

  @Test
  void whatIsProvenGoneOrAnothersIsForgotten() {
    Selection shrunk =
        look(Selection.NONE, Set.of(100, 101), "", 0)
            .look(Set.of(100), Set.of(), vmid -> vmid == 101, Optional.empty(), NOW);

    assertThat(shrunk.missing()).isEmpty();
    assertThat(look(shrunk, Set.of(100), "", 9).missing()).isEmpty();
  }

  @Test
  void nothingIsReleasedWithoutAWordWhateverIsShown() {
    Random random = new Random(9);
    for (int world = 0; world < 300; world++) {
      Selection selection = Selection.NONE;
      Set<Integer> meant = new TreeSet<>();
      for (int look = 0; look < 12; look++) {
        Set<Integer> shown = new HashSet<>();
        for (int vmid = 100; vmid < 106; vmid++) {
          if (random.nextBoolean()) {
            shown.add(vmid);
          }
        }
        meant.addAll(shown);
        selection = look(selection, shown, meant, "word", look);
        assertThat(selection.released()).isEmpty();
        assertThat(selection.everMeant()).isEqualTo(meant);
      }
    }
  }

  private static Selection look(Selection former, Set<Integer> fitting, String word, int second) {
    return look(former, fitting, Set.of(), word, second);
  }

  private static Selection look(
      Selection former, Set<Integer> fitting, Set<Integer> holding, String word, int second) {
    return former.look(fitting, holding, vmid -> false, Optional.of(word), NOW.plusSeconds(second));
  }
}
