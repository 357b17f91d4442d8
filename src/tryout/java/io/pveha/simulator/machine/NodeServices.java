package io.pveha.simulator.machine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The services and the power of one node. */
public final class NodeServices {

  /** A row of {@code GET /nodes/NODE/services}. */
  public record Service(
      String name, String description, String state, String unitState, String activeState) {}

  private static final Map<String, String> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put("chrony", "chrony, an NTP client/server");
    KNOWN.put("corosync", "Corosync Cluster Engine");
    KNOWN.put("cron", "Regular background program processing daemon");
    KNOWN.put("ksmtuned", "Kernel Samepage Merging (KSM) Tuning Daemon");
    KNOWN.put("postfix", "Postfix Mail Transport Agent (instance -)");
    KNOWN.put("pve-cluster", "The Proxmox VE cluster filesystem");
    KNOWN.put("pve-firewall", "Proxmox VE firewall");
    KNOWN.put("pve-ha-crm", "PVE Cluster HA Resource Manager Daemon");
    KNOWN.put("pve-ha-lrm", "PVE Local HA Resource Manager Daemon");
    KNOWN.put("pvedaemon", "PVE API Daemon");
    KNOWN.put("pvefw-logger", "Proxmox VE firewall logger");
    KNOWN.put("pveproxy", "PVE API Proxy Server");
    KNOWN.put("pvescheduler", "Proxmox VE scheduler");
    KNOWN.put("pvestatd", "PVE Status Daemon");
    KNOWN.put("qmeventd", "PVE Qemu Event Daemon");
    KNOWN.put("spiceproxy", "PVE SPICE Proxy Server");
    KNOWN.put("sshd", "OpenBSD Secure Shell server");
    KNOWN.put("syslog", "System Logging Service");
    KNOWN.put("systemd-timesyncd", "Network Time Synchronization");
  }

  private final Machine node;
  private final SortedSet<String> stopped = new TreeSet<>();

  NodeServices(Machine node) {
    this.node = node;
  }

  public List<Service> list() {
    return KNOWN.keySet().stream().map(this::service).toList();
  }

  public Service service(String name) {
    if (!KNOWN.containsKey(name)) {
      throw new WorldFailure.Refused("no such service '" + name + "'");
    }
    boolean absent = name.equals("syslog") || name.equals("systemd-timesyncd");
    if (absent) {
      return new Service(name, KNOWN.get(name), "dead", "not-found", "inactive");
    }
    boolean idle = name.equals("corosync") && !node.isClustered();
    boolean runs = isRunning(name) && !idle;
    return new Service(
        name, KNOWN.get(name), runs ? "running" : "dead", "enabled", runs ? "active" : "inactive");
  }

  public boolean isRunning(String name) {
    return node.isUp() && !stopped.contains(name);
  }

  /** Starts the task {@code srvstart}, {@code srvstop}, {@code srvrestart} or {@code srvreload}. */
  public Upid control(String user, String name, String action) {
    service(name);
    String verb = action.toLowerCase(Locale.ROOT);
    return node.tasks()
        .start(
            user,
            "srv" + verb,
            name,
            Duration.ofMillis(500),
            run -> {
              switch (verb) {
                case "start" -> set(name, true);
                case "stop" -> set(name, false);
                case "restart", "reload" -> restart(name);
                default -> throw new WorldFailure.Refused("unknown service command '" + verb + "'");
              }
              run.succeed();
            });
  }

  /** Stops or starts a service at once. */
  public void set(String name, boolean running) {
    service(name);
    if (!node.isUp() || isRunning(name) == running) {
      return;
    }
    if (running) {
      stopped.remove(name);
    } else {
      stopped.add(name);
    }
    node.parts().forEach(part -> part.serviceChanged(name, running));
    switch (name) {
      case "corosync", "pve-cluster" -> {
        if (!running) {
          node.world().corosync().leave(node);
        }
        node.world().corosync().reconsider();
      }
      case "pveproxy", "pvedaemon" -> node.dropConnections(Duration.ZERO);
      default -> {
        // Others are looked at when their work is due.
      }
    }
  }

  private void restart(String name) {
    switch (name) {
      case "pveproxy", "pvedaemon" -> node.restartApi();
      default -> {
        set(name, false);
        node.later(Duration.ofMillis(800), () -> set(name, true));
      }
    }
  }

  void startAll() {
    stopped.clear();
    node.parts().forEach(MachinePart::servicesStarted);
  }

  void lost() {
    stopped.clear();
  }

  /** Goes down in order and comes up again. */
  public void reboot() {
    goDown(true);
  }

  /** Goes down in order and stays off. */
  public void shutdown() {
    goDown(false);
  }

  private void goDown(boolean again) {
    node.log("systemd", "root@pam", 6, again ? "Rebooting." : "Powering off.");
    Runnable sequence = () -> powerOff(again);
    for (int last = node.parts().size() - 1; last >= 0; last--) {
      MachinePart part = node.parts().get(last);
      Runnable next = sequence;
      sequence = () -> part.goDown(again, next);
    }
    sequence.run();
  }

  private void powerOff(boolean again) {
    node.later(
        Duration.ofSeconds(8),
        () -> {
          node.world().corosync().leave(node);
          node.setPower(false);
          if (again) {
            node.setPower(true);
          }
        });
  }

  /** Sends the wake-up packet to another node; returns its MAC. */
  public String wake(String target) {
    Machine sleeper = node.world().node(target);
    sleeper.setPower(true);
    return String.format("52:54:00:00:00:%02X", Math.floorMod(target.hashCode(), 256));
  }
}
