package io.pveha.simulator.ha;

import io.pveha.core.ha.LrmStatus;
import io.pveha.core.ha.ManagerStatus;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceRecord;
import io.pveha.core.ha.ServiceState;
import io.pveha.core.placement.ServiceId;
import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.HaEntries;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The status calls of the HA API, as one node answers them. */
public final class HaRows {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Duration DEAD = Duration.ofSeconds(30);

  private final Machine node;
  private final ClusterConfig config;
  private final ManagerStatus manager;

  HaRows(Machine node) {
    this.node = node;
    this.config = node.config();
    this.manager = HaView.managerStatus(config);
  }

  List<SortedMap<String, Object>> current() {
    List<SortedMap<String, Object>> rows = new ArrayList<>();
    boolean quorate = node.membership().quorate();
    SortedMap<String, Object> quorum = row("quorum", "quorum", node.name());
    quorum.put("status", quorate ? "OK" : "No quorum on node '" + node.name() + "'!");
    quorum.put("quorate", quorate);
    rows.add(quorum);
    if (manager.masterNode() != null) {
      SortedMap<String, Object> master = row("master", "master", manager.masterNode());
      String state = isOld(manager.timestamp()) ? "old timestamp - dead?" : "active";
      master.put("status", told(manager.masterNode(), state, manager.timestamp()));
      master.put("timestamp", manager.timestamp().getEpochSecond());
      rows.add(master);
    }
    if (node.version().isNine()) {
      rows.add(fencing());
    }
    for (String name : nodes()) {
      LrmStatus status = HaView.lrmStatus(config, name);
      SortedMap<String, Object> lrm = row("lrm:" + name, "lrm", name);
      if (status.timestamp() == null) {
        lrm.put("status", name + " (unable to read lrm status)");
      } else {
        lrm.put("status", told(name, lrmText(status), status.timestamp()));
        lrm.put("timestamp", status.timestamp().getEpochSecond());
      }
      rows.add(lrm);
    }
    node.part(NodeHa.class).resources().forEach((sid, entry) -> rows.add(service(sid, entry)));
    return rows;
  }

  private SortedSet<String> nodes() {
    SortedSet<String> names = new TreeSet<>(config.section(Section.COROSYNC_NODES).keySet());
    if (names.isEmpty()) {
      names.add(node.name());
    }
    return names;
  }

  private SortedMap<String, Object> fencing() {
    SortedMap<String, Object> row = row("fencing", "fencing", node.name());
    String armed = "armed";
    if (manager.disarm() != null) {
      armed = manager.disarm().state();
      row.put("resource_mode", manager.disarm().mode().word());
    } else if (config.section(Section.HA_RESOURCES).isEmpty()) {
      armed = "standby";
    }
    row.put("armed-state", armed);
    row.put("status", armed);
    return row;
  }

  private String lrmText(LrmStatus status) {
    if (isOld(status.timestamp())) {
      return "old timestamp - dead?";
    }
    return switch (status.state()) {
      case WAIT_FOR_AGENT_LOCK -> "idle";
      case ACTIVE -> status.mode() == LrmStatus.LrmMode.ACTIVE ? "active" : status.mode().word();
      case MAINTENANCE -> "maintenance mode";
      case LOST_AGENT_LOCK -> "lost agent lock";
    };
  }

  private boolean isOld(Instant timestamp) {
    return Duration.between(timestamp, node.clockNow()).compareTo(DEAD) > 0;
  }

  private static String told(String name, String state, Instant timestamp) {
    return name + " (" + state + ", " + TIME.format(timestamp) + ")";
  }

  private static SortedMap<String, Object> row(String id, String type, String name) {
    SortedMap<String, Object> row = new TreeMap<>();
    row.put("id", id);
    row.put("type", type);
    row.put("node", name);
    return row;
  }

  private SortedMap<String, Object> service(String sid, Map<String, String> entry) {
    ServiceRecord record = manager.services().get(ServiceId.of(sid));
    String home =
        GuestConfig.node(config, GuestConfig.vmid(sid)).orElse(record == null ? "" : record.node());
    SortedMap<String, Object> row = row("service:" + sid, "service", home);
    String state = shown(config, sid);
    row.put("sid", sid);
    row.put("state", state);
    row.put("status", sid + " (" + home + ", " + state + ")");
    row.put("request_state", HaEntries.requested(entry).word());
    row.put("max_restart", (long) HaEntries.number(entry, "max_restart"));
    row.put("max_relocate", (long) HaEntries.number(entry, "max_relocate"));
    if (record != null) {
      row.put("crm_state", record.state().word());
    }
    if (node.version().isNine()) {
      row.put("failback", !"0".equals(entry.get("failback")));
    }
    if (entry.get("group") != null) {
      row.put("group", entry.get("group"));
    }
    if (entry.get("comment") != null) {
      row.put("comment", entry.get("comment"));
    }
    return row;
  }

  /** {@code starting} rather than {@code started} until the LRM said that the guest runs. */
  public static String shown(ClusterConfig config, String sid) {
    Map<String, String> entry = config.entry(Section.HA_RESOURCES, sid).orElse(null);
    ServiceRecord record = HaView.managerStatus(config).services().get(ServiceId.of(sid));
    if (entry == null) {
      return record == null ? "not found" : "deleting";
    }
    RequestedState requested = HaEntries.requested(entry);
    if (requested == RequestedState.IGNORED) {
      return "ignored";
    }
    if (record == null) {
      return "queued";
    }
    return switch (record.state()) {
      case STARTED -> record.running() ? "started" : "starting";
      case REQUEST_START, REQUEST_START_BALANCE -> "starting";
      case REQUEST_STOP -> "stopping";
      case STOPPED -> requested == RequestedState.DISABLED ? "disabled" : "stopped";
      case ERROR -> requested == RequestedState.DISABLED ? "clearing error flag" : "error";
      case MIGRATE, RELOCATE, FREEZE, FENCE, RECOVERY -> record.state().word();
    };
  }

  SortedMap<String, Object> managerStatus() {
    SortedMap<String, Object> all = new TreeMap<>();
    SortedMap<String, Object> status = new TreeMap<>();
    if (manager.masterNode() != null) {
      status.put("master_node", manager.masterNode());
      status.put("timestamp", manager.timestamp().getEpochSecond());
      SortedMap<String, Object> states = new TreeMap<>();
      manager.nodes().forEach((name, state) -> states.put(name, state.word()));
      status.put("node_status", states);
      SortedMap<String, Object> requests = new TreeMap<>();
      manager
          .maintenanceRequests()
          .forEach(name -> requests.put(name, new TreeMap<>(Map.of("maintenance", 1L))));
      if (!requests.isEmpty()) {
        status.put("node_request", requests);
      }
      SortedMap<String, Object> services = new TreeMap<>();
      manager.services().forEach((sid, record) -> services.put(sid.value(), facts(record)));
      status.put("service_status", services);
      if (manager.disarm() != null) {
        status.put(
            "disarm",
            new TreeMap<>(
                Map.of(
                    "mode", manager.disarm().mode().word(),
                    "state", manager.disarm().state())));
      }
    }
    all.put("manager_status", status);
    SortedMap<String, Object> agents = new TreeMap<>();
    for (String name : nodes()) {
      LrmStatus lrm = HaView.lrmStatus(config, name);
      SortedMap<String, Object> facts = new TreeMap<>();
      if (lrm.timestamp() != null) {
        facts.put("state", lrm.state().word());
        facts.put("mode", lrm.mode().word());
        facts.put("timestamp", lrm.timestamp().getEpochSecond());
        SortedMap<String, Object> results = new TreeMap<>();
        lrm.results()
            .forEach(
                (uid, result) ->
                    results.put(
                        uid,
                        new TreeMap<>(
                            Map.of(
                                "sid", result.sid().value(),
                                "state", result.state().word(),
                                "exit_code", (long) result.exitCode()))));
        facts.put("results", results);
      }
      agents.put(name, facts);
    }
    all.put("lrm_status", agents);
    SortedMap<String, Object> quorum = new TreeMap<>();
    quorum.put("node", node.name());
    quorum.put("quorate", node.membership().quorate() ? "1" : "0");
    all.put("quorum", quorum);
    return all;
  }

  private static SortedMap<String, Object> facts(ServiceRecord record) {
    SortedMap<String, Object> facts = new TreeMap<>();
    facts.put("state", record.state().word());
    facts.put("node", record.node());
    facts.put("uid", record.uid());
    if (record.target() != null) {
      facts.put("target", record.target());
    }
    if (!record.failedNodes().isEmpty()) {
      facts.put("failed_nodes", record.failedNodes());
    }
    if (record.maintenanceNode() != null) {
      facts.put("maintenance_node", record.maintenanceNode());
    }
    if (record.state() == ServiceState.STARTED && record.running()) {
      facts.put("running", 1L);
    }
    if (record.order() != null) {
      facts.put(
          "cmd",
          record.order().isMove()
              ? List.of(record.order().verb().word(), record.order().target())
              : List.of("stop", (long) record.order().timeout()));
    }
    return facts;
  }

  /** Services that a rule keeps together with this one, or apart from it. */
  static List<String> partners(ClusterConfig config, String sid, boolean together) {
    SortedSet<String> partners = new TreeSet<>();
    config
        .section(Section.HA_RULES)
        .forEach(
            (id, entry) -> {
              List<String> resources = HaEntries.words(entry.getOrDefault("resources", ""));
              boolean positive = "positive".equals(entry.get("affinity"));
              if ("resource-affinity".equals(entry.get("type"))
                  && !"1".equals(entry.get("disable"))
                  && positive == together
                  && resources.contains(sid)) {
                partners.addAll(resources);
              }
            });
    partners.remove(sid);
    return List.copyOf(partners);
  }
}
