package io.pveha.simulator.machine;

import io.pveha.core.ha.HaDaemon;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * The node's watchdog: a daemon that opened it and does not update it for 60 s stops the
 * multiplexer from serving the device, which resets the node 10 s after it was served last.
 */
public final class Watchdog {

  private static final Duration CLIENT = Duration.ofSeconds(60);
  private static final Duration DEVICE = Duration.ofSeconds(10);

  private final Machine node;
  private final Map<HaDaemon, Instant> clients = new EnumMap<>(HaDaemon.class);

  Watchdog(Machine node) {
    this.node = node;
  }

  public void update(HaDaemon daemon) {
    Instant stamp = node.world().now();
    clients.put(daemon, stamp);
    node.later(CLIENT.plusMillis(1), () -> look(daemon, stamp));
  }

  public void close(HaDaemon daemon) {
    clients.remove(daemon);
  }

  void clear() {
    clients.clear();
  }

  boolean isOpen() {
    return !clients.isEmpty();
  }

  private void look(HaDaemon daemon, Instant stamp) {
    if (!stamp.equals(clients.get(daemon))) {
      return;
    }
    node.log("watchdog-mux", "root@pam", 3, "client watchdog expired - disable watchdog updates");
    node.later(DEVICE, node::reset);
  }
}
