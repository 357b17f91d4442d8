package io.pveha.core.ha;

import java.time.Instant;

/** The cluster resource manager of one node. */
public final class CrmDaemon {

  /** State of a CRM daemon. */
  public enum CrmState {
    WAIT_FOR_QUORUM,
    SLAVE,
    MASTER,
    LOST_MANAGER_LOCK;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Starts the daemon; it tells {@code startup -> wait_for_quorum} at once. */
  public CrmDaemon(HaEnvironment world, HaTimings timings) {}

  public CrmState state() {
    throw new UnsupportedOperationException();
  }

  /** One turn, to be had about every 10 s. */
  public DaemonTurn iterate(Instant now) {
    throw new UnsupportedOperationException();
  }

  /** Asks the daemon to end; it acts on its next turn. */
  public void requestShutdown() {
    throw new UnsupportedOperationException();
  }
}
