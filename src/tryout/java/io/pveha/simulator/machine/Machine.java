package io.pveha.simulator.machine;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.WorldSpec.NodeSpec;
import io.pveha.simulator.time.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One node: power, network, services, tasks and its part of the cluster file system. What else it
 * has are its parts. Reads answer from the node's own view; writes go through its cluster file
 * system. All calls hold the world's lock: see {@link Installation#request}.
 */
public class Machine {

  /** What a client finds when it opens a connection to the node's API. */
  public enum FrontDoor {
    /** The API answers. */
    OPEN,
    /** Packets get lost: powered off, booting, or the network is cut. */
    SILENT,
    /** The host is up and nothing listens: the web service restarts or was stopped. */
    REFUSED
  }

  private enum Power {
    OFF,
    BOOTING,
    UP
  }

  private final Installation world;
  private final NodeSpec spec;
  private final NodeTasks tasks = new NodeTasks(this);
  private final NodeServices services = new NodeServices(this);
  private final Watchdog watchdog = new Watchdog(this);
  private final NodeLog log = new NodeLog(this);
  private final NodeFaults faults = new NodeFaults();
  private final List<MachinePart> parts = new ArrayList<>();
  private final Map<Class<?>, Object> roles = new IdentityHashMap<>();

  private Power power = Power.OFF;
  private long boot;
  private Instant bootedAt;
  private Instant resetAt;
  private ClusterConfig config;
  private int certificateGeneration = 1;
  private String certificateAuthority;
  private int apiGeneration = 1;
  private Instant apiBackAt = Instant.MIN;
  private ApiFault apiFault = ApiFault.NONE;
  private Duration clockSkew = Duration.ZERO;

  protected Machine(Installation world, NodeSpec spec) {
    this.world = world;
    this.spec = spec;
  }

  public String name() {
    return spec.name();
  }

  /** The address of the first link. */
  public String ip() {
    return spec.addresses().get(0);
  }

  public NodeSpec spec() {
    return spec;
  }

  public PveVersion version() {
    return world.spec().version();
  }

  public FrontDoor frontDoor() {
    if (!isUp() || !world.network().isConnected(name())) {
      return FrontDoor.SILENT;
    }
    return isServing() ? FrontDoor.OPEN : FrontDoor.REFUSED;
  }

  /** Grows each time all open connections to the API break; the HTTP layer closes older ones. */
  public int apiGeneration() {
    return apiGeneration;
  }

  /** Slowness and failures that the HTTP layer has to act out. */
  public ApiFault apiFault() {
    return apiFault;
  }

  /** {@link ApiFault#NONE} puts it right. */
  public void setApiFault(ApiFault fault) {
    apiFault = fault;
  }

  /** The certificate that the API serves now. */
  public Certificates.Certificate certificate() {
    return new Certificates.Certificate(name(), certificateGeneration, certificateAuthority);
  }

  public String fingerprint() {
    return world.certificates().fingerprint(certificate());
  }

  /** The password of this node's {@code root@pam}. */
  public String rootPassword() {
    return world.spec().rootPassword();
  }

  /** When the running system was booted; empty while it is off or booting. */
  public Optional<Instant> bootedAt() {
    return isUp() ? Optional.of(bootedAt) : Optional.empty();
  }

  /** The node's clock, which a fault may have shifted. */
  public Instant clockNow() {
    return world.now().plus(clockSkew);
  }

  /** Shifts the node's clock against the true time. */
  public void setClockSkew(Duration skew) {
    clockSkew = skew;
  }

  /** The configuration as this node sees it; possibly an old one. */
  public ClusterConfig config() {
    return config;
  }

  /** Membership and quorum as this node sees them. */
  public Membership membership() {
    return world.corosync().membership(this);
  }

  /** Tasks that ran here. */
  public NodeTasks tasks() {
    return tasks;
  }

  /** Systemd services and power. */
  public NodeServices services() {
    return services;
  }

  /** What faults make it tell. */
  public NodeFaults faults() {
    return faults;
  }

  /** The installation that it belongs to. */
  public Installation world() {
    return world;
  }

  /** Equips it with a part, found by the roles that it has for the others. */
  protected <T extends MachinePart> void install(T part, List<Class<? super T>> itsRoles) {
    parts.add(part);
    itsRoles.forEach(role -> roles.put(role, part));
  }

  /** The part that has this role. */
  public <T> T part(Class<T> role) {
    return role.cast(Objects.requireNonNull(roles.get(role), role::getName));
  }

  List<MachinePart> parts() {
    return parts;
  }

  public Watchdog watchdog() {
    return watchdog;
  }

  public boolean isPowered() {
    return power != Power.OFF;
  }

  /** Whether its services run. */
  public boolean isUp() {
    return power == Power.UP;
  }

  boolean isServing() {
    return isUp()
        && services.isRunning("pveproxy")
        && services.isRunning("pvedaemon")
        && !world.now().isBefore(apiBackAt);
  }

  public boolean isClustered() {
    return !config.section(Section.COROSYNC_NODES).isEmpty();
  }

  boolean runsCorosync() {
    return isUp()
        && isClustered()
        && services.isRunning("corosync")
        && services.isRunning("pve-cluster");
  }

  /** Takes over a state of the cluster file system that others (or nobody else) share. */
  public void adopt(ClusterConfig state) {
    config = state;
  }

  /**
   * Writes through the cluster file system.
   *
   * @param section the file that is locked for it; null for a plain write
   */
  public void write(Section section, UnaryOperator<ClusterConfig> change) {
    checkWritable(section);
    world.corosync().replicate(this, change.apply(config));
  }

  /** Fails, or makes the caller wait, as a write would now. Nothing may have been changed yet. */
  public void checkWritable(Section section) {
    if (!isUp()) {
      throw new WorldFailure.Dropped();
    }
    if (!services.isRunning("pve-cluster")) {
      throw new WorldFailure.Refused("ipcc_send_rec[1] failed: Connection refused");
    }
    if (!isClustered()) {
      return;
    }
    if (world.corosync().isUnsettled(this)) {
      throw new WorldFailure.Waiting(this);
    }
    if (!membership().quorate()) {
      throw new WorldFailure.NoQuorum(
          section == null
              ? "cluster not ready - no quorum?"
              : "cfs-lock '" + section.lockName() + "' error: no quorum!");
    }
  }

  /** Runs {@code step} after {@code delay}, unless the node was switched off or reset meanwhile. */
  public SimClock.Scheduled later(Duration delay, Runnable step) {
    long bootOfStep = boot;
    return world
        .clock()
        .schedule(
            delay,
            () -> {
              if (boot == bootOfStep) {
                runWhenSettled(step, bootOfStep);
              }
            });
  }

  private void runWhenSettled(Runnable step, long bootOfStep) {
    try {
      step.run();
    } catch (WorldFailure.Waiting waiting) {
      Runnable again =
          () -> {
            if (boot == bootOfStep) {
              runWhenSettled(step, bootOfStep);
            }
          };
      world.waitForMembership(waiting.node(), again, lost -> again.run());
    } catch (WorldFailure failed) {
      log("systemd", "root@pam", 3, failed.getMessage());
    }
  }

  /** Begins as a machine that has been running for a while. */
  void startInstalled() {
    power = Power.UP;
    boot++;
    bootedAt = world.now();
    services.startAll();
  }

  /** The plug: on boots, off kills everything at once. */
  public void setPower(boolean on) {
    if (on && power == Power.OFF) {
      power = Power.BOOTING;
      boot++;
      later(world.spec().timings().nodeBoot().plus(world.between(0, 2)), this::booted);
    } else if (!on && power != Power.OFF) {
      powerLost();
    }
  }

  /** When the watchdog reset it last. */
  public Optional<Instant> resetAt() {
    return Optional.ofNullable(resetAt);
  }

  /** The watchdog's reset: off and on. */
  void reset() {
    resetAt = world.now();
    powerLost();
    setPower(true);
  }

  private void booted() {
    power = Power.UP;
    bootedAt = world.now();
    dropConnections(Duration.ZERO);
    log("systemd", "root@pam", 6, "Startup finished.");
    services.startAll();
    world.corosync().reconsider();
    parts.forEach(MachinePart::booted);
  }

  private void powerLost() {
    power = Power.OFF;
    boot++;
    parts.forEach(MachinePart::powerLost);
    watchdog.clear();
    services.lost();
    tasks.lost();
    apiGeneration++;
    world.corosync().reconsider();
    world.nodeLost(this);
  }

  /** All API connections break, and new ones are refused for {@code time}. */
  public void dropConnections(Duration time) {
    apiGeneration++;
    Instant back = world.now().plus(time);
    if (back.isAfter(apiBackAt)) {
      apiBackAt = back;
    }
  }

  public void restartApi() {
    dropConnections(world.spec().timings().apiRestart());
  }

  /** Has a new certificate made by the authority of the present database. */
  public void renewCertificate() {
    certificateGeneration++;
    certificateAuthority = config.lineage();
  }

  /** A new certificate is made, told to the others, and shown from now on. */
  public void replaceCertificate() {
    checkWritable(null);
    renewCertificate();
    write(null, this::withCertificate);
    restartApi();
  }

  /** The configuration with the fingerprint of the present certificate. */
  public ClusterConfig withCertificate(ClusterConfig state) {
    if (certificateAuthority == null) {
      certificateAuthority = state.lineage();
    }
    return state.with(
        Section.CERTIFICATES,
        name(),
        Map.of(
            "generation", Integer.toString(certificateGeneration),
            "fingerprint", fingerprint()));
  }

  /** Writes a line into this node's part of the cluster log; members see it. */
  public void log(String tag, String user, int priority, String message) {
    log.add(tag, user, priority, message);
  }

  /** Its lines of the cluster log, newest first. */
  public List<NodeLog.LogLine> log() {
    return log.lines();
  }
}
