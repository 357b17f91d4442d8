package io.pveha.core.resource;

import static io.pveha.core.resource.FollowedGuest.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties that hold whatever becomes of copies, nodes and rules. */
class FollowedPlacementInvariantsTest {

  private static final int NODES = 5;
  private static final int ROUNDS = 3000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void neverLosesTheOwnNodeNorTheLastOther(long seed) {
    Random random = new Random(seed);
    FollowedGuest guest = new FollowedGuest(NODES);
    for (int round = 0; round < ROUNDS; round++) {
      change(guest, random);

      SortedMap<String, Integer> nodes = guest.nodes();

      String about = "seed %d round %d: %s of %s".formatted(seed, round, nodes, guest.copies);
      assertThat(nodes).as(about).containsKey(guest.own.value());
      assertThat(nodes).as(about).hasSizeGreaterThan(1);
      if (guest.write().preferences().isPresent()) {
        assertThat(guest.choose().preferences()).as("again, " + about).contains(was(guest));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/1", "*/5", "*/15", "*/30", "0/1:00", "0/2:00"})
  void isStableWhileTwoSchedulesRunOnTime(String slow) {
    Random random = new Random(7);
    long step = slow.startsWith("*/") ? Long.parseLong(slow.substring(2)) * 60 : 3600;
    FollowedGuest guest = new FollowedGuest(4).none(4);
    guest.limit = Optional.of(Duration.ofHours(3));
    guest.copy(2, 1, "*/1", 59, 0).copy(3, 1, slow, step - 1, 0);
    guest.write();
    Optional<Preferences> first = guest.choose().preferences();
    for (int round = 0; round < ROUNDS; round++) {
      // Runs are up to 20 s late, and the answer may be up to 40 s behind them.
      long young = random.nextLong(100);
      guest.copy(2, young, "*/1", 60 - young - random.nextInt(20), 0);
      long age = random.nextLong(step + 40);
      guest.copy(3, age, slow, step - age - random.nextInt(20), 0);

      assertThat(guest.write().preferences()).as("round " + round).isEqualTo(first);
    }
  }

  private static Preferences was(FollowedGuest guest) {
    return new Preferences(guest.written.get().nodes(), guest.written.get().strict());
  }

  private static void change(FollowedGuest guest, Random random) {
    int number = 1 + random.nextInt(NODES);
    switch (random.nextInt(9)) {
      case 0 -> guest.limit = Optional.of(Duration.ofMinutes(1 + random.nextInt(60)));
      case 1 -> guest.limit = Optional.empty();
      case 2 -> guest.keptAway.put(node(number), "it is in spec.maintenance");
      case 3 -> guest.keptAway.remove(node(number));
      case 4 -> moveTo(guest, number);
      case 5 -> onOther(guest, number, () -> guest.fresh(number));
      case 6 ->
          onOther(
              guest,
              number,
              () -> guest.failing(number, Duration.ofSeconds(random.nextInt(20_000))));
      case 7 -> onOther(guest, number, () -> guest.fresh(number).offline(number));
      case 8 -> onOther(guest, number, () -> guest.fresh(number).broken(number));
      default -> throw new IllegalStateException();
    }
  }

  private static void onOther(FollowedGuest guest, int number, Runnable change) {
    if (!guest.own.equals(node(number))) {
      change.run();
    }
  }

  /** As after a failover: roles swap. */
  private static void moveTo(FollowedGuest guest, int number) {
    if (!guest.own.equals(node(number))) {
      int former = Integer.parseInt(guest.own.value().substring("node".length()));
      guest.own = node(number);
      guest.none(number).fresh(former);
    }
  }
}
