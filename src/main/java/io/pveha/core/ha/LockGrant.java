package io.pveha.core.ha;

/** Answer to asking for a lock. */
public enum LockGrant {
  /** Somebody else has it, or the asking node is not quorate. */
  REFUSED,
  /** It is ours now; it was free or had expired (even if we had been its last holder). */
  TAKEN,
  /** It was ours and is for another lock life. */
  RENEWED;

  public boolean isGranted() {
    return this != REFUSED;
  }
}
