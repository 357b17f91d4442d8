package io.pveha.operator.pool;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.HaResourceStatus.Presence;
import io.pveha.api.v1alpha1.PoolState;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.GuestMemory;
import io.pveha.core.safety.PoolAbsence;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.host.OrderAnnotation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which pools were ever there.
 *
 * @param remembered by node what is to be saved; what there is nothing to say of is missing
 * @param lost why a pool is not made where it was
 */
record PoolPresence(Map<NodeName, Presence> remembered, Map<NodeName, Finding> lost) {

  private static final OrderAnnotation RECREATE = new OrderAnnotation(ApiNames.RECREATE);

  /** Those of no pool that was ever seen. */
  private static final Set<PoolState> UNSEEN =
      EnumSet.of(PoolState.UNKNOWN, PoolState.MISSING, PoolState.CREATING);

  static PoolPresence of(ZfsPool pool, WantedPool wanted, PoolFacts facts, Instant now) {
    Map<NodeName, Presence> remembered = new TreeMap<>();
    Map<NodeName, Finding> lost = new TreeMap<>();
    for (WantedPool.Node node : wanted.nodes()) {
      GuestMemory memory = memory(pool.reported().node(node.name().value()), now);
      PoolFacts.Node found = facts.nodes().get(node.name());
      if (memory.seenSince().isEmpty() && isExpected(wanted, facts, node.name())) {
        memory =
            new GuestMemory(
                Optional.of(now.truncatedTo(ChronoUnit.SECONDS)),
                Optional.empty(),
                memory.recreate());
      }
      if (found != null) {
        PoolAbsence absence =
            PoolAbsence.judge(
                memory,
                "%s on %s".formatted(wanted.name(), node.name()),
                found.pool().isPresent(),
                RECREATE.value(pool),
                now.truncatedTo(ChronoUnit.SECONDS));
        memory = absence.memory();
        absence.obstacle().ifPresent(why -> lost.put(node.name(), why));
      }
      if (!memory.equals(GuestMemory.EMPTY)) {
        remembered.put(
            node.name(),
            new Presence(
                memory.seenSince().orElse(null),
                memory.lostSince().orElse(null),
                memory.recreate().orElse(null)));
      }
    }
    return new PoolPresence(remembered, lost);
  }

  /**
   * An entry that names a node says that the pool was there: the operator puts a node on it only
   * when its pool is there, and a status may have been lost.
   */
  private static boolean isExpected(WantedPool wanted, PoolFacts facts, NodeName node) {
    return facts
        .storage()
        .filter(entry -> entry.isZfsOn(wanted.name()))
        .filter(entry -> entry.nodes().contains(node.value()))
        .isPresent();
  }

  /** Before this was saved, a pool that was reported with its health had been seen. */
  private static GuestMemory memory(Optional<ZfsPoolStatus.Node> row, Instant now) {
    Presence saved = row.map(ZfsPoolStatus.Node::presence).orElse(null);
    if (saved == null) {
      return new GuestMemory(
          row.filter(node -> node.state() != null && !UNSEEN.contains(node.state()))
              .map(unused -> now.truncatedTo(ChronoUnit.SECONDS)),
          Optional.empty(),
          Optional.empty());
    }
    return new GuestMemory(
        Optional.ofNullable(saved.seenSince()),
        Optional.ofNullable(saved.lostSince()),
        Optional.ofNullable(saved.recreate()));
  }
}
