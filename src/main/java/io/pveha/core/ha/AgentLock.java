package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;

/**
 * The lock that an LRM works under, and the watchdog that resets its node when the lock is not
 * renewed: whoever takes the lock later knows that the guests of this node are dead.
 */
final class AgentLock {

  private final HaEnvironment world;
  private final HaLock lock;
  private boolean watched;

  AgentLock(HaEnvironment world) {
    this.world = world;
    this.lock = HaLock.agentOf(world.node());
  }

  /** Takes or renews the lock and, only if that worked, the watchdog. */
  boolean isGranted() {
    LockGrant grant = world.lock(lock);
    if (!grant.isGranted()) {
      return false;
    }
    if (grant == LockGrant.TAKEN) {
      world.emit(HaDaemon.LRM, HaEvent.info(Kind.LOCK, "node", world.node(), "name", "agent"));
    }
    if (watched) {
      world.updateWatchdog(HaDaemon.LRM);
    } else {
      world.openWatchdog(HaDaemon.LRM);
      watched = true;
    }
    return true;
  }

  /** Nobody has to fear for guests of this node any more. */
  void letGo() {
    closeWatchdog();
    world.unlock(lock);
  }

  /** Ends watching without giving the lock back. */
  void closeWatchdog() {
    if (watched) {
      world.closeWatchdog(HaDaemon.LRM);
      watched = false;
    }
  }
}
