package io.pveha.proxmox;

import java.time.Duration;

/**
 * How long to wait for a node.
 *
 * @param connect until it accepts the connection
 * @param answer until it has answered; Proxmox itself waits 30 s for another node, and it should
 *     come to say so
 */
public record Patience(Duration connect, Duration answer) {

  /** For calls whose answer matters more than their speed. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(3), Duration.ofSeconds(33));
}
