package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.TaskRun;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One task that starts, stops or moves many guests of a node. */
public final class BulkGuests {

  private static final Duration GLANCE = Duration.ofSeconds(1);

  private final Machine node;
  private final String user;

  public BulkGuests(Machine node, String user) {
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
              force
                  || "1"
                      .equals(
                          node.part(NodeGuests.class)
                              .config(guest.kind(), guest.vmid())
                              .get("onboot"));
          return wanted && guest.status().equals("stopped") && !guest.template()
              ? node.part(NodeGuests.class).start(user, guest.kind(), guest.vmid())
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
                ? node.part(NodeGuests.class)
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
                  running && guest.kind() == GuestKind.VM,
                  running && guest.kind() == GuestKind.CT,
                  withLocalDisks,
                  false);
          return node.part(NodeGuests.class).migrate(user, guest.kind(), guest.vmid(), request);
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
              for (GuestKind kind : GuestKind.values()) {
                for (NodeGuests.Status guest : node.part(NodeGuests.class).list(kind)) {
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
