package io.pveha.simulator.faults;

import io.pveha.simulator.world.ApiFault;
import io.pveha.simulator.world.World;
import java.time.Duration;
import java.util.Map;

/** What an evil hand can do to a world. Each call takes the world's lock itself. */
public final class Faults {

  /** Directions of a node's network. */
  public enum Direction {
    BOTH,
    IN,
    OUT
  }

  public Faults(World world) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Pulls or connects the plug; power on boots the node. */
  public void power(String node, boolean on) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The node's whole network, or one direction of it. */
  public void network(String node, Direction direction, boolean on) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The network between two nodes. */
  public void between(String one, String other, boolean on) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** One corosync link of a node. */
  public void link(String node, int link, boolean on) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** A disk: fails its self-test and, with {@code dead}, gives errors too. */
  public void disk(String node, String devpath, boolean failing, boolean dead) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** A pool's state: ONLINE, DEGRADED, SUSPENDED, FAULTED or UNAVAIL. */
  public void pool(String node, String pool, String state) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** A storage at a node. */
  public void storage(String node, String storage, boolean active) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The node's API. */
  public void api(String node, ApiFault fault) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Replication runs of a job, or of all jobs at a node when {@code job} is empty, fail. */
  public void replication(String node, String job, boolean failing) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The node's clock is off by this much. */
  public void clock(String node, Duration skew) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** A service stops or starts without the API. */
  public void service(String node, String service, boolean running) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The guest's process crashes. */
  public void crash(int vmid) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** An external quorum device with these facts; an empty map removes it. */
  public void qdevice(Map<String, String> facts) {
    throw new UnsupportedOperationException("not there yet");
  }
}
