package io.pveha.simulator.api.web;

/** How a server meets the outside. */
public enum Reach {
  /** Requests are answered. Leaves by the cable or the power being pulled, or a restart. */
  OPEN,
  /**
   * As if the cable were pulled: nothing is answered, nothing is refused. What was under way is
   * lost and broken off once the server is reached again.
   */
  SILENT,
  /** Nobody listens: connections are refused, existing ones are broken at once. */
  CLOSED
}
