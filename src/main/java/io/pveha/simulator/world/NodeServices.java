package io.pveha.simulator.world;

import java.util.List;

/** The services and the power of one node. */
public final class NodeServices {

  /** A row of {@code GET /nodes/NODE/services}. */
  public record Service(
      String name, String description, String state, String unitState, String activeState) {}

  public List<Service> list() {
    throw new UnsupportedOperationException("not there yet");
  }

  public Service service(String name) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Starts the task {@code srvstart}, {@code srvstop}, {@code srvrestart} or {@code srvreload}. */
  public Upid control(String user, String name, String action) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Goes down in order and comes up again. */
  public void reboot() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Goes down in order and stays off. */
  public void shutdown() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Sends the wake-up packet to another node; returns its MAC. */
  public String wake(String node) {
    throw new UnsupportedOperationException("not there yet");
  }
}
