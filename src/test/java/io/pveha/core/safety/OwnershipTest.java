package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnershipTest {

  private static final Instant T = Instant.parse("2026-11-01T00:00:00Z");

  @Test
  void theOlderObjectOwns() {
    Claimant old = claimant("b", "z", 0, false);
    Claimant young = claimant("a", "a", 1, false);

    assertThat(Ownership.otherOwner(young, List.of(old))).contains(old);
    assertThat(Ownership.otherOwner(old, List.of(young))).isEmpty();
  }

  @Test
  void ofTheSameSecondNamespaceAndNameDecide() {
    Claimant first = claimant("a", "x", 0, false);
    Claimant second = claimant("a", "y", 0, false);
    Claimant third = claimant("b", "a", 0, false);

    assertThat(Ownership.owner(List.of(third, second, first))).contains(first);
    assertThat(Ownership.otherOwner(third, List.of(second, first))).contains(first);
  }

  @Test
  void oneThatIsBeingDeletedYieldsToOneThatStays() {
    Claimant going = claimant("a", "old", 0, true);
    Claimant staying = claimant("a", "new", 9, false);

    assertThat(Ownership.otherOwner(going, List.of(staying))).contains(staying);
    assertThat(Ownership.otherOwner(staying, List.of(going))).isEmpty();
  }

  @Test
  void aloneItOwns() {
    Claimant alone = claimant("a", "x", 0, true);

    assertThat(Ownership.otherOwner(alone, List.of())).isEmpty();
    assertThat(Ownership.otherOwner(alone, List.of(alone))).isEmpty();
    assertThat(Ownership.owner(List.of())).isEmpty();
  }

  @Test
  void aListThatHasItAsItWasBeforeIsNoRival() {
    Claimant now = claimant("a", "x", 0, true);
    Claimant before = claimant("a", "x", 0, false);

    assertThat(Ownership.otherOwner(now, List.of(before))).isEmpty();
  }

  @Test
  void exactlyOneOwnsAndAllOthersNameIt() {
    Random random = new Random(9);
    for (int round = 0; round < 500; round++) {
      List<Claimant> all = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        all.add(claimant("n" + i % 2, "o" + i, random.nextInt(3), random.nextBoolean()));
      }
      Claimant owner = Ownership.owner(all).orElseThrow();
      Collections.shuffle(all, random);
      for (Claimant one : all) {
        if (one.is(owner)) {
          assertThat(Ownership.otherOwner(one, all)).isEmpty();
        } else {
          assertThat(Ownership.otherOwner(one, all)).contains(owner);
        }
      }
    }
  }

  private static Claimant claimant(String namespace, String name, int second, boolean yields) {
    return new Claimant(namespace, name, T.plusSeconds(second), yields);
  }
}
