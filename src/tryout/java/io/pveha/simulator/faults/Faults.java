package io.pveha.simulator.faults;

import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.WorldSpec;
import io.pveha.simulator.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What an evil hand can do to a world. Each call takes the world's lock itself. */
public final class Faults {

  /** Directions of a node's network. */
  public enum Direction {
    BOTH,
    IN,
    OUT
  }

  private final World world;

  public Faults(World world) {
    this.world = world;
  }

  /** Pulls or connects the plug; power on boots the node. */
  public void power(String node, boolean on) {
    act(() -> world.node(node).setPower(on));
  }

  /** The node's whole network, or one direction of it. */
  public void network(String node, Direction direction, boolean on) {
    act(
        () -> {
          world.node(node);
          if (direction != Direction.OUT) {
            world.network().setIncoming(node, on);
          }
          if (direction != Direction.IN) {
            world.network().setOutgoing(node, on);
          }
        });
  }

  /** The network between two nodes. */
  public void between(String one, String other, boolean on) {
    act(
        () -> {
          world.node(one);
          world.node(other);
          world.network().setBetween(one, other, on);
        });
  }

  /** One corosync link of a node. */
  public void link(String node, int link, boolean on) {
    act(() -> world.network().setLink(world.node(node).name(), link, on));
  }

  /** A disk: fails its self-test and, with {@code dead}, gives errors too. */
  public void disk(String node, String devpath, boolean failing, boolean dead) {
    act(() -> world.node(node).disks().setDiskFault(devpath, failing, dead));
  }

  /** A blank disk is put in; one of a serial number that is there is another path of that disk. */
  public void attachDisk(String node, WorldSpec.DiskSpec disk) {
    act(() -> world.node(node).disks().attach(disk));
  }

  /** A disk is gone, and a blank one of this serial number stands in its place. */
  public void blankDisk(String node, String devpath, String serial) {
    act(() -> world.node(node).disks().replace(devpath, serial));
  }

  /** A solid-state disk has this much of its life left. */
  public void wear(String node, String devpath, int percentLeft) {
    act(() -> world.node(node).disks().setWearout(devpath, percentLeft));
  }

  /** The kernel names two disks of a node the other way round, as it may after a boot. */
  public void diskNames(String node, String one, String other) {
    act(() -> world.node(node).disks().swapNames(one, other));
  }

  /** Something uses this share of the node's memory, 0 to 1; negative lets go of it. */
  public void memory(String node, double share) {
    act(() -> world.node(node).faults().fillMemory(share));
  }

  /** Something uses this share of the node's root file system, 0 to 1; negative lets go of it. */
  public void rootDisk(String node, double share) {
    act(() -> world.node(node).faults().fillRoot(share));
  }

  /** The node's certificate says that it ends then; the one it shows stays as it is. */
  public void certificateEnds(String node, Instant end) {
    act(() -> world.node(node).faults().certificateEnds(end));
  }

  /** The node gets a new certificate and shows it, as when ACME renews it. */
  public void renewCertificate(String node) {
    act(() -> world.node(node).replaceCertificate());
  }

  /** The node says of another that it is online, or is not, whatever corosync tells it. */
  public void lie(String node, String about, boolean online) {
    act(() -> world.node(node).faults().lie(world.node(about).name(), online));
  }

  /** The node says again what corosync tells it. */
  public void tellTruth(String node) {
    act(() -> world.node(node).faults().tellTruth());
  }

  /** A pool's state: ONLINE, DEGRADED, SUSPENDED, FAULTED or UNAVAIL. */
  public void pool(String node, String pool, String state) {
    act(() -> world.node(node).disks().setPoolState(pool, state));
  }

  /** A storage at a node. */
  public void storage(String node, String storage, boolean active) {
    act(() -> world.node(node).storage().setFault(storage, active));
  }

  /** The node's API. */
  public void api(String node, ApiFault fault) {
    act(() -> world.node(node).setApiFault(fault));
  }

  /** Replication runs of a job, or of all jobs at a node when {@code job} is empty, fail. */
  public void replication(String node, String job, boolean failing) {
    act(() -> world.node(node).replication().setFailing(any(job), failing ? "" : null));
  }

  /** The same with the words that the runs fail with. */
  public void replication(String node, String job, String words) {
    act(() -> world.node(node).replication().setFailing(any(job), words));
  }

  private static String any(String job) {
    return job.isEmpty() ? "*" : job;
  }

  /** The replica of a job, as a node knows it, has no snapshot in common with its source. */
  public void breakChain(String node, String job) {
    act(() -> world.node(node).replication().breakChain(job));
  }

  /** The node's clock is off by this much. */
  public void clock(String node, Duration skew) {
    act(() -> world.node(node).setClockSkew(skew));
  }

  /** A service stops or starts without the API. */
  public void service(String node, String service, boolean running) {
    act(() -> world.node(node).services().set(service, running));
  }

  /** The guest's process crashes. */
  public void crash(int vmid) {
    act(() -> world.nodes().forEach(node -> node.guests().crash(vmid)));
  }

  /** An external quorum device with these facts; an empty map removes it. */
  public void qdevice(Map<String, String> facts) {
    act(() -> world.setQuorumDevice(facts));
  }

  private void act(Runnable deed) {
    world.read(
        () -> {
          deed.run();
          return null;
        });
  }
}
