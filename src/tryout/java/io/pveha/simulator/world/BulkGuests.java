package io.pveha.simulator.world;

import io.pveha.simulator.world.NodeGuests.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One task that starts, stops or moves many guests of a node. */
public final class BulkGuests {

  private static final Duration GLANCE = Duration.ofSeconds(1);

  private final NodeHost node;
  private final String user;

  public BulkGuests(NodeHost node, String user) {
    this.node = node;
    this.user = user;
  }

  /**
   * Starts those that start on boot.
   *
   * @param vmids only these; empty for all
   * @param force also those that do not start on boot
   */
  public Upid startAll(Set<Integer> vmids, boolean force) {
    return task(
        "startall",
        vmids,
        guest -> {
          boolean wanted =
              force || "1".equals(node.guests().config(guest.kind(), guest.vmid()).get("onboot"));
          return wanted && guest.status().equals("stopped") && !guest.template()
              ? node.guests().start(user, guest.kind(), guest.vmid())
              : null;
        });
  }

  /** Shuts down those that run. */
  public Upid stopAll(Set<Integer> vmids, Optional<Duration> timeout, boolean forceStop) {
    return task(
        "stopall",
        vmids,
        guest ->
            guest.status().equals("running")
                ? node.guests()
                    .shutdown(
                        user,
                        guest.kind(),
                        guest.vmid(),
                        new NodeGuests.StopOptions(timeout, forceStop, false))
                : null);
  }

  /** Moves them to another node, running ones as they can be moved. */
  public Upid migrateAll(String target, Set<Integer> vmids, boolean withLocalDisks) {
    return task(
        "migrateall",
        vmids,
        guest -> {
          boolean running = guest.status().equals("running");
          NodeGuests.Migrate request =
              new NodeGuests.Migrate(
                  target,
                  running && guest.kind() == Kind.VM,
                  running && guest.kind() == Kind.CT,
                  withLocalDisks,
                  false);
          return node.guests().migrate(user, guest.kind(), guest.vmid(), request);
        });
  }

  private Upid task(String type, Set<Integer> vmids, Function<NodeGuests.Status, Upid> forOne) {
    return node.tasks()
        .start(
            user,
            type,
            "",
            Duration.ofMillis(200),
            run -> {
              List<Upid> begun = new ArrayList<>();
              for (Kind kind : Kind.values()) {
                for (NodeGuests.Status guest : node.guests().list(kind)) {
                  if (vmids.isEmpty() || vmids.contains(guest.vmid())) {
                    begin(run, guest, forOne, begun);
                  }
                }
              }
              waitFor(run, begun);
            });
  }

  private static void begin(
      TaskRun run,
      NodeGuests.Status guest,
      Function<NodeGuests.Status, Upid> forOne,
      List<Upid> begun) {
    try {
      Upid upid = forOne.apply(guest);
      if (upid != null) {
        run.log(guest.kind().name() + " " + guest.vmid() + ": " + upid);
        begun.add(upid);
      }
    } catch (WorldFailure.Refused refused) {
      run.log(guest.kind().name() + " " + guest.vmid() + ": " + refused.getMessage());
    }
  }

  private void waitFor(TaskRun run, List<Upid> begun) {
    boolean busy = begun.stream().anyMatch(upid -> node.tasks().task(upid.toString()).isRunning());
    if (busy) {
      run.then(GLANCE, () -> waitFor(run, begun));
    } else {
      run.succeed();
    }
  }
}
