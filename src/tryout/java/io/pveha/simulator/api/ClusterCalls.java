package io.pveha.simulator.api;

import io.pveha.simulator.api.declare.PropertyString;
import io.pveha.simulator.machine.NodeLog;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.membership.ClusterMember;
import io.pveha.simulator.replication.CalendarSchedule;
import io.pveha.simulator.world.NodeOverview;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Version, status, options, log and calendar of the cluster. */
final class ClusterCalls {

  private static final Set<String> STRUCTURED =
      Set.of(
          "bwlimit",
          "crs",
          "ha",
          "migration",
          "next-id",
          "notify",
          "replication",
          "tag-style",
          "u2f",
          "user-tag-access",
          "webauthn");

  /** What is shown without {@code Sys.Audit}. */
  private static final Set<String> FOR_ALL = Set.of("console", "tag-style");

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ClusterCalls() {}

  static void register(CallTable table) {
    table.on("GET /version", ClusterCalls::version);
    table.on("GET /cluster/status", ClusterCalls::status);
    table.on("GET /cluster/options", ClusterCalls::options);
    table.on("PUT /cluster/options", ClusterCalls::setOptions);
    table.on("GET /cluster/nextid", ClusterCalls::nextId);
    table.on("GET /cluster/log", ClusterCalls::log);
    table.on("GET /cluster/jobs/schedule-analyze", ClusterCalls::analyze);
  }

  static Object version(Call call) {
    PveVersion version = call.host().version();
    return Row.of("version", version.manager())
        .put("release", version.release())
        .put("repoid", version.isNine() ? "7d8f2c1e4b6a9053" : "9a1b7c3d5e2f4068")
        .done();
  }

  private static Object status(Call call) {
    ClusterMember.Status status = call.host().cluster().status();
    List<Object> rows = new ArrayList<>();
    status
        .head()
        .ifPresent(
            head ->
                rows.add(
                    Row.of("id", "cluster")
                        .put("type", "cluster")
                        .put("name", head.name())
                        .put("nodes", head.nodes())
                        .put("version", head.version())
                        .put("quorate", head.quorate())
                        .done()));
    for (ClusterMember.Row row : status.rows()) {
      rows.add(
          Row.of("id", "node/" + row.name())
              .put("type", "node")
              .put("name", row.name())
              .put("nodeid", row.nodeId())
              .put("ip", row.ip())
              .put("online", row.online())
              .put("local", row.local())
              .put("level", "")
              .done());
    }
    return rows;
  }

  private static Object options(Call call) {
    boolean all = call.may("Sys.Audit", "/");
    Row row = Row.of("allowed-tags", List.of());
    if (all) {
      row.put(NodeOverview.NOTES, "").put("mac_prefix", "BC:24:11");
    }
    call.host().overview().options().entrySet().stream()
        .filter(option -> all || FOR_ALL.contains(option.getKey()))
        .forEach(
            option ->
                row.put(
                    option.getKey(),
                    STRUCTURED.contains(option.getKey())
                        ? structured(option.getKey(), option.getValue())
                        : option.getValue()));
    row.numeric("max_workers");
    return row.done();
  }

  private static Map<String, Object> structured(String key, String value) {
    return Row.of(PropertyString.read("type", value))
        .numeric("ha-rebalance-on-start", "ha-auto-rebalance", "lower", "upper")
        .done();
  }

  private static Object setOptions(Call call) {
    call.host().overview().setOptions(call.params().without("delete"), call.params().set("delete"));
    return null;
  }

  private static Object nextId(Call call) {
    if (call.params().has("vmid")) {
      int wanted = call.params().number("vmid");
      boolean taken =
          call.host().overview().guests().stream().anyMatch(guest -> guest.vmid() == wanted);
      if (taken) {
        throw ApiFailure.badParameter("vmid", "VM " + wanted + " already exists");
      }
      return Integer.toString(wanted);
    }
    return Integer.toString(call.host().overview().nextId());
  }

  private static Object log(Call call) {
    boolean all = call.may("Sys.Syslog", "/");
    return Row.each(
        call.host().overview().clusterLog(call.params().number("max", 50)).stream()
            .filter(line -> all || line.user().equals(call.caller().user()))
            .toList(),
        ClusterCalls::line);
  }

  private static Row line(NodeLog.LogLine line) {
    return Row.of("id", line.uid() + ":" + line.node())
        .put("uid", line.uid())
        .put("time", line.time())
        .put("node", line.node())
        .put("user", line.user())
        .put("tag", line.tag())
        .put("pri", line.priority())
        .put("pid", line.pid())
        .put("msg", line.message());
  }

  private static Object analyze(Call call) {
    Instant now = call.host().clockNow();
    Instant start =
        call.params()
            .maybe("starttime")
            .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
            .orElse(now);
    return Row.each(
        schedule(call).next(start, call.params().number("iterations", 10)),
        event -> Row.of("timestamp", event.getEpochSecond()).put("utc", UTC.format(event)));
  }

  /** The parameter {@code schedule}; refused with 400 when it is none. */
  static CalendarSchedule schedule(Call call) {
    try {
      return CalendarSchedule.parse(call.params().text("schedule"));
    } catch (IllegalArgumentException wrong) {
      throw ApiFailure.badParameter("schedule", "invalid format - " + wrong.getMessage());
    }
  }
}
