package io.pveha.core.safety;

import java.util.Optional;

/**
 * Whose a replication job of Proxmox is, seen from one ReplicationJob. What does not have its mark
 * is never removed for it.
 */
public enum JobOwner {
  /** It has the mark: it is changed, and it goes as the deletion policy says. */
  OURS,
  /**
   * It may be taken over where its target is wanted, by writing the mark: it was made for this
   * object before jobs had marks, or it has the mark of another ReplicationJob of the namespace,
   * which has no claim to the guest any more. It ends with the mark.
   */
  CLAIMABLE,
  /** It is somebody else's: it is neither changed nor removed until it has the mark. */
  FOREIGN;

  /**
   * Judges a job of a guest that this object has the say over.
   *
   * @param self the mark of this object
   * @param comment of the job; null when it has none
   * @param known whether this object's status names the job as its own
   */
  public static JobOwner of(JobMark self, String comment, boolean known) {
    Optional<JobMark> mark = JobMark.in(comment);
    if (mark.isPresent()) {
      return mark.get().equals(self)
          ? OURS
          : mark.get().namespace().equals(self.namespace()) ? CLAIMABLE : FOREIGN;
    }
    return known && (comment == null || comment.isBlank()) ? CLAIMABLE : FOREIGN;
  }
}
