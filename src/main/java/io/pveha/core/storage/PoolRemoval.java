package io.pveha.core.storage;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.storage.PoolStep.DestroyPool;
import io.pveha.core.storage.PoolStep.RemoveStorage;
import java.time.Instant;
import java.util.List;

/** Plans what goes when a pool's object is deleted; never called for policy Retain. */
public final class PoolRemoval {

  private PoolRemoval() {}

  /**
   * Plans.
   *
   * @param destroy whether the pools go too, with their data; the storage entry always goes
   * @param guestsOnStorage guests with a disk on the storage; while there are any, nothing goes
   */
  public static Plan<PoolStep> plan(
      WantedPool wanted,
      boolean destroy,
      PoolFacts facts,
      List<Integer> guestsOnStorage,
      Memory memory,
      Instant factsAt,
      Instant now) {
    Gate<PoolStep> gate = new Gate<>(memory, factsAt, now);
    boolean ours =
        facts
            .storage()
            .filter(s -> s.type().equals("zfspool"))
            .flatMap(PoolFacts.Storage::pool)
            .filter(wanted.name()::equals)
            .isPresent();
    if (ours && !guestsOnStorage.isEmpty()) {
      gate.want(new RemoveStorage(wanted.storage().id()));
      gate.find(
          Finding.blocks(
              Reason.STORAGE_IN_USE,
              "Guests %s have disks on storage %s; move or remove them, or set deletionPolicy: Retain."
                  .formatted(guestsOnStorage, wanted.storage().id())));
      return gate.blocked();
    }
    if (ours) {
      gate.want(new RemoveStorage(wanted.storage().id()));
    }
    if (destroy) {
      for (WantedPool.Node node : wanted.nodes()) {
        destroy(wanted, facts, node, ours, gate);
      }
    }
    return gate.plan();
  }

  private static void destroy(
      WantedPool wanted,
      PoolFacts facts,
      WantedPool.Node node,
      boolean afterStorage,
      Gate<PoolStep> gate) {
    if (facts.members().containsKey(node.name()) && !facts.nodes().containsKey(node.name())) {
      // Not seen is not gone: to let go of a pool unseen would leave it behind without a word.
      gate.find(
          Finding.delays(
              Reason.WAITING_FOR_NODE,
              "%s can't be asked for its pool now; bring it back online, or set deletionPolicy:"
                      .formatted(node.name())
                  + " Retain."));
    } else if (hasIt(wanted, facts, node)) {
      DestroyPool step = new DestroyPool(node.name(), wanted.name());
      if (afterStorage) {
        gate.wantLater(step);
      } else {
        gate.want(step);
      }
    }
  }

  private static boolean hasIt(WantedPool wanted, PoolFacts facts, WantedPool.Node node) {
    PoolFacts.Node found = facts.nodes().get(node.name());
    return found != null
        && found
            .pool()
            .filter(pool -> PoolLayout.fits(wanted.raidLevel(), pool.layout()))
            .isPresent();
  }
}
