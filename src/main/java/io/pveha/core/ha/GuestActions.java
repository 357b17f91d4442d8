package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.util.Optional;

/** The guests of one node, in the hands of its LRM. */
public interface GuestActions {

  /** Whether the guest runs on this node now. */
  boolean isRunning(ServiceId sid);

  /** Kind of the lock that its configuration carries ({@code backup}, {@code migrate} ...). */
  Optional<String> guestLock(ServiceId sid);

  /** Removes a left-over lock; called by the manager for a guest that it recovers. */
  void removeGuestLock(ServiceId sid);

  /**
   * Checks whether a move can begin at all; called once per attempt. False fails the job before
   * anything was done to the guest.
   */
  default boolean prepareMove(ServiceId sid, String target) {
    return true;
  }

  /**
   * Begins an action; it may be over at once. DONE for a start or stop means the attempt is over:
   * whether it worked is asked with {@link #isRunning}. DONE for a move means the configuration is
   * on the target. Guests with a lock are never handed over.
   */
  GuestAction.Progress begin(GuestAction action);

  /** Asks after an action that was UNDER_WAY. */
  GuestAction.Progress progress(GuestAction action);
}
