package io.pveha.simulator.ha;

import io.pveha.core.ha.GuestAction;
import io.pveha.core.ha.GuestAction.Progress;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.ServiceId;
import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.HaEntries;
import io.pveha.simulator.guests.GuestMove;
import io.pveha.simulator.guests.GuestRunner;
import io.pveha.simulator.guests.NodeGuests;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.TaskRun;
import io.pveha.simulator.machine.Upid;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What an LRM has its workers do to the guests of its node; each is a task of root@pam. */
final class HaGuestWork {

  private static final String USER = "root@pam";

  private final Machine node;
  private final Map<String, Progress> jobs = new HashMap<>();

  HaGuestWork(Machine node) {
    this.node = node;
  }

  void forget() {
    jobs.clear();
  }

  Progress begin(GuestAction action) {
    jobs.put(action.job(), Progress.UNDER_WAY);
    int vmid = GuestConfig.vmid(action.sid().value());
    GuestKind kind = action.sid().type().equals("vm") ? GuestKind.VM : GuestKind.CT;
    boolean hard = action.timeout() != null && action.timeout() == 0;
    String verb =
        switch (action.kind()) {
          case START -> "start";
          case STOP -> hard ? "stop" : "shutdown";
          case MOVE_LIVE, MOVE_OFFLINE -> "migrate";
        };
    Upid upid =
        node.tasks()
            .start(
                USER,
                NodeGuests.type(kind, verb),
                Integer.toString(vmid),
                Duration.ofMillis(100),
                run -> carryOut(action, kind, vmid, hard, result -> over(action, run, result)));
    node.tasks()
        .onEnd(
            upid,
            good ->
                jobs.computeIfPresent(
                    action.job(), (job, now) -> good ? Progress.DONE : failed(action)));
    return Progress.UNDER_WAY;
  }

  private static Progress failed(GuestAction action) {
    return switch (action.kind()) {
      // Whether it worked is asked with isRunning.
      case START, STOP -> Progress.DONE;
      case MOVE_LIVE, MOVE_OFFLINE -> Progress.FAILED;
    };
  }

  private void carryOut(
      GuestAction action, GuestKind kind, int vmid, boolean hard, Consumer<String> done) {
    switch (action.kind()) {
      case START -> node.part(GuestRunner.class).start(vmid, done);
      case STOP -> node.part(GuestRunner.class).stop(vmid, hard, () -> done.accept(null));
      case MOVE_LIVE -> moveLive(action.target(), kind, vmid, done);
      case MOVE_OFFLINE -> new GuestMove(node, kind, vmid).move(action.target(), false, done);
    }
  }

  /** Only a running VM moves while it runs; a container is shut down for it. */
  private void moveLive(String target, GuestKind kind, int vmid, Consumer<String> done) {
    GuestMove move = new GuestMove(node, kind, vmid);
    boolean running = node.part(GuestRunner.class).isRunning(vmid);
    if (running && kind == GuestKind.CT) {
      node.part(GuestRunner.class).stop(vmid, false, () -> move.move(target, false, done));
    } else {
      move.move(target, running, done);
    }
  }

  private static void over(GuestAction action, TaskRun run, String failure) {
    if (!run.isRunning()) {
      return;
    }
    if (failure == null) {
      run.succeed();
    } else {
      run.fail(action.kind().name().startsWith("MOVE") ? "migration aborted: " + failure : failure);
    }
  }

  Progress progress(GuestAction action) {
    Progress progress = jobs.getOrDefault(action.job(), Progress.FAILED);
    if (progress != Progress.UNDER_WAY) {
      jobs.remove(action.job());
    }
    return progress;
  }

  LoadFigures loads(ClusterConfig config) {
    Map<String, Load> nodes = new HashMap<>();
    for (Machine each : node.world().nodes()) {
      nodes.put(each.name(), new Load(each.spec().cores(), each.spec().memoryBytes()));
    }
    Map<ServiceId, Load> configured = new HashMap<>();
    Map<ServiceId, Load> measured = new HashMap<>();
    Map<ServiceId, String> running = new HashMap<>();
    HaEntries.services(config)
        .forEach(
            (sid, service) -> {
              int vmid = GuestConfig.vmid(sid.value());
              Map<String, String> entry = GuestConfig.entry(config, vmid).orElseThrow();
              double cores = Double.parseDouble(entry.getOrDefault("cores", "1"));
              double memory = Double.parseDouble(entry.getOrDefault("memory", "512")) * (1 << 20);
              configured.put(sid, new Load(cores, memory));
              measured.put(sid, new Load(cores / 10, memory / 4));
              boolean runs =
                  node.world().hasNode(service.node())
                      && node.world().node(service.node()).part(GuestRunner.class).isRunning(vmid);
              if (runs) {
                running.put(sid, service.node());
              }
            });
    return new LoadFigures(nodes, configured, measured, running);
  }
}
