package io.pveha.core.ha;

import java.util.List;

/** What looking at a service makes the manager do, in this order. */
sealed interface ServiceStep {

  /** Tell something. */
  record Say(HaEvent event) implements ServiceStep {}

  /** The owner asked for a stop: it stays stopped. */
  record RequestStopped() implements ServiceStep {}

  /** A lock that its dead node left on the guest. */
  record RemoveGuestLock() implements ServiceStep {}

  /** Take the guest configuration from the dead node; wrong when it is not there. */
  record TakeConfiguration(String from, String to) implements ServiceStep {}

  /**
   * The outcome of one look.
   *
   * @param record what is known of the service from now on
   */
  record Decision(ServiceRecord record, List<ServiceStep> steps) {}
}
