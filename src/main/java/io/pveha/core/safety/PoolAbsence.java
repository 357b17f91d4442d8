package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a pool that a node does not list may be made, by the rule for guests: one that existed
 * once is lost, be its disks blank or not, and is recreated only by an order that is younger than
 * the loss, once per order.
 *
 * @param memory to be saved
 * @param obstacle why it must not be made; empty when it may, or is there
 */
public record PoolAbsence(GuestMemory memory, Optional<Finding> obstacle) {

  /**
   * Judges what a node told by what is remembered.
   *
   * @param pool as in {@code tank on node1}
   * @param listed whether the node lists it
   * @param order what the annotation says that asks to recreate it
   */
  public static PoolAbsence judge(
      GuestMemory memory, String pool, boolean listed, Optional<String> order, Instant now) {
    if (listed) {
      return new PoolAbsence(
          new GuestMemory(
              Optional.of(memory.seenSince().orElse(now)),
              Optional.empty(),
              order.or(memory::recreate)),
          Optional.empty());
    }
    if (memory.seenSince().isEmpty()) {
      return new PoolAbsence(memory, Optional.empty());
    }
    Instant lost = memory.lostSince().orElse(now);
    if (GuestAbsence.isOrdered(memory, order, lost, now)) {
      return new PoolAbsence(
          new GuestMemory(Optional.empty(), Optional.empty(), order), Optional.empty());
    }
    // An order that is older than the loss was not meant for it.
    Optional<String> known =
        memory.lostSince().isEmpty() ? order.or(memory::recreate) : memory.recreate();
    return new PoolAbsence(
        new GuestMemory(memory.seenSince(), Optional.of(lost), known),
        Optional.of(lost(pool, memory.seenSince().get(), lost)));
  }

  private static Finding lost(String pool, Instant since, Instant lost) {
    return Finding.blocks(
        ConditionReason.POOL_LOST,
        ("Pool %s existed since %s and has been gone since %s. Nothing is created in "
                + "its place, also on blank disks: bring its disks back and import it (zpool "
                + "import), or annotate this object with pveha.io/recreate=<time> to recreate "
                + "it empty.")
            .formatted(pool, since, lost));
  }
}
