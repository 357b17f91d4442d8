package io.pveha.simulator.api;

import io.pveha.simulator.machine.NodeTasks;
import io.pveha.simulator.machine.Upid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Tasks: lists, state, log, stop. */
final class TaskCalls {

  private TaskCalls() {}

  static void register(CallTable table) {
    table.on("GET /cluster/tasks", TaskCalls::clusterTasks);
    table.on("GET /nodes/{node}/tasks", TaskCalls::tasks);
    table.on("GET /nodes/{node}/tasks/{upid}", call -> Row.index("name", "log", "status"));
    table.on("GET /nodes/{node}/tasks/{upid}/status", TaskCalls::status);
    table.on("GET /nodes/{node}/tasks/{upid}/log", TaskCalls::log);
    table.on("DELETE /nodes/{node}/tasks/{upid}", TaskCalls::stop);
  }

  private static Row row(NodeTasks.Task task) {
    Upid upid = task.upid();
    return Row.of("upid", upid.toString())
        .put("node", upid.node())
        .put("pid", upid.pid())
        .put("pstart", upid.pstart())
        .put("starttime", upid.starttime())
        .put("type", upid.type())
        .put("id", upid.id())
        .put("user", upid.user());
  }

  private static Row listed(NodeTasks.Task task) {
    Row row = row(task);
    task.end()
        .ifPresent(
            end -> row.put("endtime", end.getEpochSecond()).put("status", task.exitStatus()));
    return row;
  }

  private static Object clusterTasks(Call call) {
    boolean all = call.may("Sys.Audit", "/");
    // A token's own tasks carry its full name, which is compared with that of the user.
    List<NodeTasks.Task> tasks =
        call.host().overview().clusterTasks().stream()
            .filter(task -> all || task.upid().user().equals(call.caller().user()))
            .toList();
    return Row.each(tasks, task -> listed(task).put("saved", task.isRunning() ? "0" : "1"));
  }

  private static Object tasks(Call call) {
    Parameters params = call.params();
    boolean all = call.may("Sys.Audit", "/nodes/" + call.host().name());
    String source = params.text("source", "archive");
    long since = Long.parseLong(params.text("since", "0"));
    long until = Long.parseLong(params.text("until", Long.toString(Long.MAX_VALUE)));
    String vmid = params.text("vmid");
    List<NodeTasks.Task> wanted = new ArrayList<>();
    for (NodeTasks.Task task : call.host().tasks().list()) {
      Upid upid = task.upid();
      boolean matches =
          (all || isOwn(call, upid))
              && (source.equals("all") || source.equals("active") == task.isRunning())
              && upid.type().contains(params.text("typefilter", ""))
              && upid.user().contains(params.text("userfilter", ""))
              && upid.starttime() >= since
              && upid.starttime() <= until
              && (vmid == null || upid.id().equals(vmid))
              && (!params.flag("errors") || isError(task))
              && hasStatus(task, params.set("statusfilter"));
      if (matches) {
        wanted.add(task);
      }
    }
    int start = params.number("start", 0);
    int limit = params.number("limit", 50);
    int count = limit == 0 ? Integer.MAX_VALUE : limit;
    return Row.each(wanted.stream().skip(start).limit(count).toList(), TaskCalls::listed);
  }

  private static boolean isError(NodeTasks.Task task) {
    return !task.isRunning() && !task.exitStatus().equals("OK");
  }

  private static boolean hasStatus(NodeTasks.Task task, Set<String> filter) {
    if (filter.isEmpty() || task.isRunning()) {
      return filter.isEmpty() || filter.contains("unknown");
    }
    String status = task.exitStatus();
    String kind = status.equals("OK") ? "ok" : status.startsWith("WARNINGS") ? "warning" : "error";
    return filter.contains(kind);
  }

  private static boolean isOwn(Call call, Upid upid) {
    return upid.user().equals(call.caller().id()) || upid.user().equals(call.caller().user());
  }

  private static NodeTasks.Task task(Call call, String privilege) {
    String text = call.params().text("upid");
    Upid upid =
        Upid.parse(text)
            .orElseThrow(
                () ->
                    ApiFailure.badParameter("upid", "unable to parse worker upid '" + text + "'"));
    if (!isOwn(call, upid)) {
      call.need(privilege, "/nodes/" + call.host().name());
    }
    return call.host().tasks().task(text);
  }

  private static Object status(Call call) {
    NodeTasks.Task task = task(call, "Sys.Audit");
    Row row = row(task).put("status", task.isRunning() ? "running" : "stopped");
    if (!task.isRunning()) {
      row.put("exitstatus", task.exitStatus());
    }
    return row.done();
  }

  private static Object log(Call call) {
    List<String> lines = task(call, "Sys.Audit").lines();
    return lines(call, lines);
  }

  /** Numbered lines, as many as asked for. */
  static Object lines(Call call, List<String> lines) {
    if (lines.isEmpty()) {
      return List.of(Row.of("n", 1).put("t", "no content").done());
    }
    int start = Math.min(call.params().number("start", 0), lines.size());
    int limit = call.params().number("limit", 50);
    int end = limit == 0 ? lines.size() : Math.min(lines.size(), start + limit);
    return Row.each(
        IntStream.range(start, end).boxed().toList(),
        at -> Row.of("n", at + 1).put("t", lines.get(at)));
  }

  private static Object stop(Call call) {
    task(call, "Sys.Modify");
    call.host().tasks().stop(call.params().text("upid"));
    return null;
  }
}
