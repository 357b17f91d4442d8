package io.pveha.core.ha;

/**
 * Whether an LRM has managed its first write. A real LRM knows it of itself; the LRMs of Proxmox's
 * regression suite, which run in one process, share the knowledge.
 */
public final class FirstWrite {

  private boolean done;

  public boolean isDone() {
    return done;
  }

  void done() {
    done = true;
  }
}
