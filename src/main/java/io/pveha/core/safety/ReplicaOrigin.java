package io.pveha.core.safety;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether a replica is proven to be an older copy of the very disks that its guest has now, so that
 * it may be destroyed to be copied again. A guest that was recreated or restored under its old
 * number has no snapshot in common with the replica either, and the replica may be the last good
 * copy of what was lost. Properties:
 *
 * <ol>
 *   <li>the node of the guest itself tells of a run of the job that succeeded: Proxmox forgets runs
 *       when the guest's configuration goes, and when the guest comes to another node;
 *   <li>the guest was listed at every look since that run;
 *   <li>each disk of the replica is one of the guest's, and no larger;
 *   <li>what can't be looked at proves nothing.
 * </ol>
 */
public final class ReplicaOrigin {

  private ReplicaOrigin() {}

  /**
   * Why it is not proven; empty when it is.
   *
   * @param toldSync start of the last run that succeeded, as the guest's node tells now
   * @param gap when the guest was last found to be missing from the list of guests
   * @param disks bytes of the guest's disks, by volume id; empty when they can't be listed
   * @param copies the same of the replica
   */
  public static Optional<String> doubt(
      Optional<Instant> toldSync,
      Optional<ListGap> gap,
      Map<String, Long> disks,
      Map<String, Long> copies) {
    if (toldSync.isEmpty()) {
      return Optional.of("no run has succeeded from where the guest is now");
    }
    if (gap.filter(each -> !each.isOverBy(toldSync.get())).isPresent()) {
      return Optional.of(
          gap.get().overAfter().isPresent()
              ? ("the guest was not listed at %s, and the last run at %s is not "
                      + "certainly later, by the clocks of its node and ours")
                  .formatted(gap.get().at(), toldSync.get())
              : "the guest was not listed at %s, and the clock of its node is not known, so the last run at %s proves nothing"
                  .formatted(gap.get().at(), toldSync.get()));
    }
    if (disks.isEmpty() || copies.isEmpty()) {
      return Optional.of(
          "the disks of the %s are not listed".formatted(disks.isEmpty() ? "guest" : "replica"));
    }
    for (Map.Entry<String, Long> copy : new TreeMap<>(copies).entrySet()) {
      Long size = disks.get(copy.getKey());
      if (size == null) {
        return Optional.of("the guest has no disk %s, the replica has".formatted(copy.getKey()));
      }
      if (size < copy.getValue()) {
        return Optional.of(
            "disk %s of the guest has %d bytes, the replica %d"
                .formatted(copy.getKey(), size, copy.getValue()));
      }
    }
    return Optional.empty();
  }
}
