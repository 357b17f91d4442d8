package io.pveha.simulator.world;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A whole simulated installation: nodes, the network between them, and all that happens there. */
public final class World {

  /** Builds the world at the clock's present time, all nodes on and booted. */
  public static World create(WorldSpec spec, SimClock clock, Certificates certificates) {
    throw new UnsupportedOperationException("not there yet");
  }

  public WorldSpec spec() {
    throw new UnsupportedOperationException("not there yet");
  }

  public SimClock clock() {
    throw new UnsupportedOperationException("not there yet");
  }

  public Instant now() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** All nodes, in the order of the spec, whatever their state. */
  public List<NodeHost> nodes() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The node of that name; refused with the real text when there is none. */
  public NodeHost node(String name) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Whether there is such a node. */
  public boolean hasNode(String name) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Whether the node at {@code from} gets an answer from the node at {@code to} now. */
  public boolean canTalk(String from, String to) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Runs {@code call} holding the world's lock; to be used for reads. */
  public <T> T read(Supplier<T> call) {
    throw new UnsupportedOperationException("not there yet");
  }

  /**
   * Runs {@code call} holding the world's lock. While the node's cluster file system waits for a
   * membership change, the caller waits with it, and the call is tried again afterwards. The caller
   * must not hold the lock.
   */
  public <T> T request(Supplier<T> call) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** As {@link #request}, without waiting. */
  public <T> CompletableFuture<T> submit(Supplier<T> call) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Lets the calling thread wait for simulated time. The caller must not hold the lock. */
  public void sleep(Duration time) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** What really is the case, whatever any node believes. */
  public Truth truth() {
    throw new UnsupportedOperationException("not there yet");
  }
}
