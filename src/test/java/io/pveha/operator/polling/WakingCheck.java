package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Holds that nobody sleeps through a change that matters: whenever what an object reads differs
 * after a change of anything, it was woken.
 */
public final class WakingCheck {

  private static final ResourceID CLUSTER = new ResourceID("c", "ns");
  private static final int SEEDS = 60;
  private static final int CHANGES = 120;

  /**
   * An object.
   *
   * @param reads all that it reads of a cluster, as one value
   */
  public record Subject(String name, Concern concern, Function<ClusterFacts, Object> reads) {}

  private WakingCheck() {}

  /** Lets clusters change in any way, and checks each change. */
  public static void nobodySleepsThrough(Watchers.Kind kind, List<Subject> subjects) {
    int woken = 0;
    int changed = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      ChangingCluster cluster = new ChangingCluster(seed);
      Set<String> rung = new HashSet<>();
      try (Watchers watchers = watchers(kind, subjects, rung)) {
        for (int i = 0; i < CHANGES; i++) {
          Observation before = cluster.seen();
          Map<String, Object> read = read(subjects, before);
          Observation now = cluster.next();
          rung.clear();
          watchers.wake(CLUSTER, before, now, Set.of());
          List<String> asleep = new ArrayList<>();
          for (Map.Entry<String, Object> after : read(subjects, now).entrySet()) {
            if (!Objects.equals(after.getValue(), read.get(after.getKey()))) {
              changed++;
              if (!rung.contains(after.getKey())) {
                asleep.add(
                    "%s%n  before %s%n  now    %s"
                        .formatted(after.getKey(), read.get(after.getKey()), after.getValue()));
              }
            }
          }
          assertThat(asleep).as("asleep, with seed %d after change %d", seed, i).isEmpty();
          woken += rung.size();
        }
      }
    }
    assertThat(changed).as("changes that matter to somebody").isPositive();
    assertThat(woken)
        .as("woken, of so many chances")
        .isBetween(changed, (int) (SEEDS * CHANGES * subjects.size() * 0.8));
  }

  private static Map<String, Object> read(List<Subject> subjects, Observation seen) {
    Map<String, Object> read = new TreeMap<>();
    subjects.forEach(
        subject ->
            read.put(subject.name(), seen.facts().map(facts -> subject.reads().apply(facts))));
    return read;
  }

  private static Watchers watchers(Watchers.Kind kind, List<Subject> subjects, Set<String> rung) {
    Watchers watchers = new Watchers(Pace.DEFAULT, Clock.systemUTC());
    watchers.onWake(kind, id -> rung.add(id.getName()));
    subjects.forEach(
        subject ->
            watchers.concern(
                kind, new ResourceID(subject.name(), "ns"), CLUSTER, subject.concern()));
    return watchers;
  }
}
