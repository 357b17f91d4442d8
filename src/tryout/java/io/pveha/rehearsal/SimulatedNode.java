package io.pveha.rehearsal;

import io.pveha.core.ha.CrmDaemon;
import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.LrmDaemon;
import io.pveha.core.placement.ServiceId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One node of the simulated hardware. */
final class SimulatedNode {

  /** Why its daemons are being ended. */
  enum Mark {
    NONE(null),
    REBOOT("reboot"),
    SHUTDOWN("shutdown");

    private final String actor;

    Mark(String actor) {
      this.actor = actor;
    }

    String actor() {
      return actor;
    }
  }

  final String name;
  final Map<HaDaemon, Long> clock = new EnumMap<>(HaDaemon.class);
  final Map<HaDaemon, Long> watchdogs = new EnumMap<>(HaDaemon.class);
  final Set<ServiceId> running = new TreeSet<>();
  boolean power;
  boolean network;
  boolean storeWorks = true;
  boolean refreshWorks = true;
  boolean restartLrm;
  Mark mark = Mark.NONE;
  CrmDaemon crm;
  LrmDaemon lrm;

  SimulatedNode(String name, Scenario.Node start) {
    this.name = name;
    this.power = start.power();
    this.network = start.network();
    setClocks(0);
  }

  boolean isOnline() {
    return power && network;
  }

  boolean hasExpiredWatchdog(long now, Duration life) {
    for (long stamp : watchdogs.values()) {
      if (now - stamp > life.toSeconds()) {
        return true;
      }
    }
    return false;
  }

  void setClocks(long time) {
    clock.put(HaDaemon.CRM, time);
    clock.put(HaDaemon.LRM, time);
  }

  String actor(HaDaemon daemon) {
    return name + "/" + daemon.word();
  }
}
