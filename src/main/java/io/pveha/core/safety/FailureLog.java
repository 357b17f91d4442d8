package io.pveha.core.safety;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Since when things are said to fail. One answer may be wrong: something follows from it only when
 * a later one says the same.
 *
 * @param since when each was first said to fail, without a word to the contrary since
 * @param sure those of which a later look said so too
 */
public record FailureLog(Map<String, Instant> since, Set<String> sure) {

  /** What is wrong for a moment is told right by then. */
  public static final Duration LONG_ENOUGH = AbsenceLog.LONG_ENOUGH;

  public static final FailureLog NONE = new FailureLog(Map.of(), Set.of());

  public FailureLog {
    since = Collections.unmodifiableMap(new TreeMap<>(since));
    sure = Collections.unmodifiableSet(new TreeSet<>(sure));
  }

  /**
   * With one more look.
   *
   * @param failing all that fail by it
   */
  public FailureLog look(Collection<String> failing, Instant at) {
    Map<String, Instant> known = new TreeMap<>();
    Set<String> settled = new TreeSet<>();
    for (String name : failing) {
      Instant first = since.getOrDefault(name, at);
      known.put(name, first);
      if (!first.plus(LONG_ENOUGH).isAfter(at)) {
        settled.add(name);
      }
    }
    return new FailureLog(known, settled);
  }

  /** The same without the times. */
  public FailureLog timeless() {
    Map<String, Instant> same = new TreeMap<>(since);
    same.replaceAll((name, at) -> Instant.EPOCH);
    return new FailureLog(same, sure);
  }
}
