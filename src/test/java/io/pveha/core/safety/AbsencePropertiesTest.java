package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.DarkWorld.Without;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In random worlds, seen with random privileges that are lost and given back, through members of
 * which one lags: no step passes the guard that full sight would not plan. A planner that makes all
 * that is not listed, and removes all that has lost its guest, shows what the guard alone is worth.
 */
class AbsencePropertiesTest {

  private static final int SEEDS = 300;

  private static final DarkWorld.Planner NAIVE =
      new DarkWorld.Planner() {
        @Override
        public List<Move> plan(Map<Listing, Set<String>> lists) {
          return naive(lists);
        }

        /** A job that only the lagging member still lists, of a guest that has left the pool. */
        @Override
        public boolean isHarmless(Step step, Map<Listing, Set<String>> now) {
          return step.action().equals("RemoveJob")
              && !now.get(Listing.REPLICATION_JOBS).contains(step.subject() + "-0")
              && !now.get(Listing.POOL_MEMBERS).contains("prod/" + step.subject());
        }
      };

  @Test
  void noStepPassesThatFullSightWouldNotPlan() {
    LongStream.range(0, SEEDS)
        .forEach(
            seed ->
                assertThat(new DarkWorld(seed, NAIVE).violations(Optional.empty()))
                    .as("seed %d", seed)
                    .isEmpty());
  }

  @Test
  void aWorldThatIsSeenInFullIsWorkedOn() {
    assertThat(LongStream.range(0, SEEDS).map(seed -> passed(seed)).sum()).isPositive();
  }

  private static long passed(long seed) {
    DarkWorld world = new DarkWorld(seed, NAIVE);
    world.violations(Optional.empty());
    return world.passed();
  }

  @ParameterizedTest
  @EnumSource(Without.class)
  void eachPartOfTheGuardIsNeeded(Without part) {
    assertThat(
            LongStream.range(0, SEEDS)
                .filter(seed -> !new DarkWorld(seed, NAIVE).violations(Optional.of(part)).isEmpty())
                .findFirst())
        .as("a seed at which %s is missed", part)
        .isPresent();
  }

  /** Makes one thing, or removes what is left of one. */
  private record Move(String action, String subject, List<Absence> assumesAbsent)
      implements Step, RestsOnAbsence {

    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String sentence() {
      return action + " " + subject + ".";
    }
  }

  /** Makes what is not listed, removes the jobs of what has left the pool. */
  private static List<Move> naive(Map<Listing, Set<String>> lists) {
    List<Move> steps = new ArrayList<>();
    for (String guest : DarkWorld.GUESTS) {
      make(steps, lists, Listing.GUESTS, guest);
      make(steps, lists, Listing.HA_RESOURCES, "ct:" + guest);
      make(steps, lists, Listing.REPLICATION_JOBS, guest + "-0");
      String member = "prod/" + guest;
      if (lists.get(Listing.REPLICATION_JOBS).contains(guest + "-0")
          && !lists.get(Listing.POOL_MEMBERS).contains(member)) {
        steps.add(new Move("RemoveJob", guest, List.of(Absence.of(Listing.POOL_MEMBERS, member))));
      }
    }
    make(steps, lists, Listing.STORAGES, "tank");
    return steps;
  }

  private static void make(
      List<Move> steps, Map<Listing, Set<String>> lists, Listing listing, String key) {
    if (!lists.get(listing).contains(key)) {
      steps.add(new Move("Make" + listing, key, List.of(Absence.of(listing, key))));
    }
  }
}
