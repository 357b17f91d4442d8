package io.pveha.core.ha;

import java.time.Instant;

/** The local resource manager of one node. */
public final class LrmDaemon {

  /** Starts the daemon; it tells {@code startup -> wait_for_agent_lock} at once. */
  public LrmDaemon(HaEnvironment world, HaTimings timings) {}

  public LrmStatus.LrmState state() {
    throw new UnsupportedOperationException();
  }

  public LrmStatus.LrmMode mode() {
    throw new UnsupportedOperationException();
  }

  /** One turn, to be had about every 10 s, every 5 s while it waits for its lock. */
  public DaemonTurn iterate(Instant now) {
    throw new UnsupportedOperationException();
  }

  /** Whether jobs are under way, so that an earlier turn would bring results earlier. */
  public boolean hasRunningJobs() {
    throw new UnsupportedOperationException();
  }

  /** Asks the daemon to end; repeated requests are ignored. */
  public void requestShutdown(ShutdownKind kind, Instant now) {
    throw new UnsupportedOperationException();
  }
}
