package io.pveha.simulator.api;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.replication.NodeReplication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/** Replication jobs and their state. */
final class ReplicationCalls {

  private ReplicationCalls() {}

  static void register(CallTable table) {
    table.on("GET /cluster/replication", ReplicationCalls::jobs);
    table.on("POST /cluster/replication", ReplicationCalls::create);
    table.on("GET /cluster/replication/{id}", ReplicationCalls::job);
    table.on("PUT /cluster/replication/{id}", ReplicationCalls::update);
    table.on("DELETE /cluster/replication/{id}", ReplicationCalls::delete);
    table.on("GET /nodes/{node}/replication", ReplicationCalls::states);
    table.on(
        "GET /nodes/{node}/replication/{id}",
        call -> Row.index("name", "schedule_now", "log", "status"));
    table.on("GET /nodes/{node}/replication/{id}/status", ReplicationCalls::state);
    table.on("GET /nodes/{node}/replication/{id}/log", ReplicationCalls::log);
    table.on("POST /nodes/{node}/replication/{id}/schedule_now", ReplicationCalls::scheduleNow);
  }

  private static String guest(String id) {
    return id.substring(0, id.lastIndexOf('-'));
  }

  private static String guestOf(Call call) {
    return Call.vms(guest(call.params().text("id")));
  }

  /** In 8.x the declared rule says all. */
  private static void needToWrite(Call call) {
    if (call.isNine()) {
      call.need("VM.Replicate", guestOf(call));
    }
    if (call.params().has("schedule")) {
      ClusterCalls.schedule(call);
    }
  }

  private static Row row(String id, Map<String, String> properties) {
    return Row.of("id", id)
        .put("type", "local")
        .put("guest", Integer.valueOf(guest(id)))
        .put("jobnum", Integer.valueOf(id.substring(id.lastIndexOf('-') + 1)))
        .putAll(properties)
        .numeric("guest", "jobnum", "rate", "disable");
  }

  private static Object jobs(Call call) {
    List<Object> rows = new ArrayList<>();
    call.host()
        .config()
        .section(Section.REPLICATION)
        .forEach(
            (id, properties) -> {
              if (call.may("VM.Audit", Call.vms(guest(id)))) {
                rows.add(row(id, properties).done());
              }
            });
    return rows;
  }

  private static Object job(Call call) {
    call.need("VM.Audit", guestOf(call));
    String id = call.params().text("id");
    SortedMap<String, String> properties =
        call.host()
            .config()
            .entry(Section.REPLICATION, id)
            .orElseThrow(() -> ApiFailure.died("no such replication job '" + id + "'"));
    return row(id, properties)
        .put("digest", call.host().config().digest(Section.REPLICATION))
        .done();
  }

  private static Object create(Call call) {
    needToWrite(call);
    call.host().replication().create(call.params().text("id"), call.params().without("id"));
    return null;
  }

  private static Object update(Call call) {
    needToWrite(call);
    call.host()
        .replication()
        .update(
            call.params().text("id"),
            call.params().without("id", "delete", "digest"),
            call.params().set("delete"),
            call.params().maybe("digest"));
    return null;
  }

  private static Object delete(Call call) {
    needToWrite(call);
    boolean keep = call.params().flag("keep");
    boolean force = call.params().flag("force");
    if (keep && force) {
      throw ApiFailure.badParameter("force", "conflicts with option 'keep'");
    }
    call.host().replication().delete(call.params().text("id"), keep, force);
    return null;
  }

  private static Object states(Call call) {
    OptionalInt guest = call.params().maybeNumber("guest");
    List<NodeReplication.JobStatus> jobs =
        call.host().replication().status(guest).stream()
            .filter(job -> call.may("VM.Audit", Call.vms(job.guest())))
            .toList();
    return Row.each(jobs, ReplicationCalls::state);
  }

  private static Object state(Call call) {
    call.need("VM.Audit", guestOf(call));
    return state(call.host().replication().status(call.params().text("id"))).done();
  }

  private static Row state(NodeReplication.JobStatus job) {
    Row row =
        Row.of("id", job.id())
            .put("type", "local")
            .put("guest", job.guest())
            .put("jobnum", job.jobNumber())
            .put("vmtype", job.kind().api())
            .maybe("source", job.source())
            .put("target", job.target())
            .put("schedule", job.schedule())
            .put("last_sync", job.lastSync())
            .put("last_try", job.lastTry())
            .put("next_sync", job.nextSync())
            .put("fail_count", job.failCount())
            .maybe("error", job.error())
            .maybe("comment", job.comment())
            .maybe("remove_job", job.removeJob());
    Optional.ofNullable(job.duration())
        .ifPresent(duration -> row.put("duration", duration.toMillis() / 1000.0));
    if (job.rate() > 0) {
      row.put("rate", job.rate());
    }
    if (job.disabled()) {
      row.put("disable", true);
    }
    return job.pid() > 0 ? row.put("pid", job.pid()) : row;
  }

  private static Object log(Call call) {
    if (!call.may("Sys.Audit", "/nodes/" + call.host().name())) {
      call.need("VM.Audit", guestOf(call));
    }
    return TaskCalls.lines(call, call.host().replication().log(call.params().text("id")));
  }

  private static Object scheduleNow(Call call) {
    needToWrite(call);
    call.host().replication().scheduleNow(call.params().text("id"));
    return "";
  }
}
