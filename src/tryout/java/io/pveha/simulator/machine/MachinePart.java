package io.pveha.simulator.machine;

/** Something of a node that lives and dies with its power and its services. */
public interface MachinePart {

  /** The services were started, at boot or because the node begins as one that runs. */
  default void servicesStarted() {}

  /** The node has booted. */
  default void booted() {}

  /** A service of this name was started or stopped. */
  default void serviceChanged(String service, boolean running) {}

  /**
   * The node is about to reboot or to power off in good order.
   *
   * @param again whether it reboots
   * @param ready to be run when this part is ready for that
   */
  default void goDown(boolean again, Runnable ready) {
    ready.run();
  }

  /** The power is gone; everything in memory is lost. */
  default void powerLost() {}
}
