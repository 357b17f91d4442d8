package io.pveha.operator.polling;

import io.pveha.core.safety.AbsenceLog;
import io.pveha.core.safety.Sight;
import java.util.Set;

/**
 * The latest facts of both lanes together, with what may be concluded from them: everybody who
 * belongs to a cluster asks for it, and it is worked out once. Each watcher has one of its own. It
 * says nothing that an observation does not: one is equal to any other.
 */
final class FactsTogether {

  private static final Set<SlowQuestion> EVERYTHING = Set.of(SlowQuestion.values());

  private record Seen(FastFacts fast, SlowFacts slow, AbsenceLog absences, Sight sight) {}

  private volatile Seen seen;
  private volatile ClusterFacts latest;

  ClusterFacts of(FastFacts fast, SlowFacts slow, HealthFacts health, AbsenceLog absences) {
    Sight sight = sight(fast, slow, absences);
    ClusterFacts known = latest;
    if (known == null
        || known.fast() != fast
        || known.slow() != slow
        || known.health() != health
        || known.sight() != sight) {
      known = new ClusterFacts(fast, slow, health, sight, EVERYTHING);
      latest = known;
    }
    return known;
  }

  private Sight sight(FastFacts fast, SlowFacts slow, AbsenceLog absences) {
    Seen known = seen;
    if (known == null
        || known.fast() != fast
        || known.slow() != slow
        || known.absences() != absences) {
      known = new Seen(fast, slow, absences, Seeing.of(fast, slow, absences));
      seen = known;
    }
    return known.sight();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FactsTogether;
  }

  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "";
  }
}
