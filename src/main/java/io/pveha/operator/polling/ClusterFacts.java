package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Sight;
import io.pveha.core.safety.WriteGrounds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a formed cluster.
 *
 * @param sight what may be concluded from what its lists lack
 * @param needs questions on whose answers rests what is made of it
 */
public record ClusterFacts(
    FastFacts fast, SlowFacts slow, HealthFacts health, Sight sight, Set<SlowQuestion> needs) {

  public ClusterFacts {
    needs = Set.copyOf(needs);
  }

  /** What somebody makes of it rests on these questions only, and is as old as their answers. */
  public ClusterFacts restingOn(Set<SlowQuestion> questions) {
    return new ClusterFacts(fast, slow, health, sight, questions);
  }

  /** When the oldest part was asked for: facts prove no absence of what came later. */
  public Instant at() {
    Instant slowAt = slow.at(needs);
    return fast.oldest().isBefore(slowAt) ? fast.oldest() : slowAt;
  }

  /** Why nothing may rest on it, with the call that fails; empty while it may. */
  public Optional<Finding> tooOld() {
    return slow.tooOld(needs);
  }

  /** What writing rests on, as far as the cluster could be asked. */
  WriteGrounds grounds(Optional<Finding> unseen) {
    return new WriteGrounds(
        unseen,
        fast.doubt(),
        tooOld(),
        fast.oldest(),
        // Without the quorum the rest is not asked for, and nothing is written.
        Optional.of(slow.at()).filter(unused -> fast.isQuorate()),
        sight);
  }

  /** All members by name, and whether they are confirmed online. */
  public Map<NodeName, Boolean> members() {
    return fast.membership().online();
  }

  /** Names of all members. */
  public List<NodeName> names() {
    return List.copyOf(members().keySet());
  }
}
