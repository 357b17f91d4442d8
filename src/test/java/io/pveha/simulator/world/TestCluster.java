package io.pveha.simulator.world;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.Certificates;
import io.pveha.simulator.machine.NodeTasks;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldSpec;
import io.pveha.simulator.storage.NodeDisks;
import io.pveha.simulator.time.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A world in virtual time with words for what tests do to it. */
public final class TestCluster {

  public static final Instant START = Instant.parse("2026-01-05T10:00:20Z");
  public static final String USER = "root@pam";
  public static final String TEMPLATE = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

  public final VirtualClock clock = new VirtualClock(START);
  public final World world;
  public final Faults faults;

  public TestCluster(WorldSpec spec) {
    world = World.create(spec, clock, Certificates.none());
    faults = new Faults(world);
  }

  public static TestCluster bare(PveVersion version, int nodes) {
    return new TestCluster(WorldSpec.bare(version, nodes, 1));
  }

  public static TestCluster formed(PveVersion version, int nodes) {
    return new TestCluster(WorldSpec.formed(version, nodes, 1));
  }

  /** Three nodes with the pool {@code tank} on each and its storage. */
  public static TestCluster withPool(PveVersion version, int nodes, long seed) {
    TestCluster cluster = new TestCluster(WorldSpec.formed(version, nodes, seed));
    for (NodeHost node : cluster.world.nodes()) {
      cluster.createPool(node.name());
    }
    cluster.on(
        "node1", node -> node.storage().create("tank", Map.of("type", "zfspool", "pool", "tank")));
    return cluster;
  }

  public void createPool(String node) {
    run(
        node,
        host ->
            host.disks()
                .createPool(
                    USER,
                    new NodeDisks.CreatePool(
                        "tank", "single", List.of("/dev/sdb"), 12, "on", false, Map.of())));
  }

  public NodeHost node(String name) {
    return world.node(name);
  }

  public <T> T on(String node, Function<NodeHost, T> call) {
    return world.request(() -> call.apply(world.node(node)));
  }

  public void tell(String node, java.util.function.Consumer<NodeHost> call) {
    world.request(
        () -> {
          call.accept(world.node(node));
          return null;
        });
  }

  /** Starts a task and lets time pass until it is over; returns its exit status. */
  public String run(String node, Function<NodeHost, Upid> call) {
    return outcome(node, on(node, call));
  }

  public String outcome(String node, Upid upid) {
    Supplier<NodeTasks.Task> task = () -> world.node(node).tasks().task(upid.toString());
    clock.advanceUntil(() -> !task.get().isRunning(), Duration.ofMinutes(5));
    return task.get().exitStatus();
  }

  public void createContainer(String node, int vmid) {
    String outcome =
        run(
            node,
            host ->
                host.guests()
                    .create(
                        USER,
                        GuestKind.CT,
                        vmid,
                        Map.of("rootfs", "tank:8", "hostname", "web" + vmid, "memory", "512"),
                        Optional.of(TEMPLATE),
                        true));
    if (!outcome.equals("OK")) {
      throw new IllegalStateException(outcome);
    }
    clock.advanceUntil(() -> answers(vmid, node), Duration.ofSeconds(30));
  }

  public void replicate(int vmid, String... targets) {
    int number = 0;
    for (String target : targets) {
      String id = vmid + "-" + number++;
      tell(
          "node1",
          node ->
              node.replication()
                  .create(id, Map.of("target", target, "schedule", "*/1", "type", "local")));
    }
  }

  public void manage(String sid) {
    tell("node1", node -> node.ha().createResource(sid, Map.of("state", "started")));
  }

  public boolean answers(int vmid, String node) {
    return guest(vmid).answersOn().contains(node);
  }

  public Truth.GuestTruth guest(int vmid) {
    return world.truth().guests().stream()
        .filter(each -> each.vmid() == vmid)
        .findFirst()
        .orElseThrow();
  }

  public String master() {
    return world.nodes().stream()
        .filter(node -> node.ha().isMaster())
        .map(NodeHost::name)
        .findFirst()
        .orElse(null);
  }

  public void pass(Duration time) {
    clock.advance(time);
  }

  public void pass(long seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }
}
