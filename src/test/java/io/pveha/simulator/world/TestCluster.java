package io.pveha.simulator.world;

import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.world.NodeGuests.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A world in virtual time with words for what tests do to it. */
final class TestCluster {

  static final Instant START = Instant.parse("2026-01-05T10:00:20Z");
  static final String USER = "root@pam";
  static final String TEMPLATE = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

  final VirtualClock clock = new VirtualClock(START);
  final World world;
  final Faults faults;

  TestCluster(WorldSpec spec) {
    world = World.create(spec, clock, Certificates.none());
    faults = new Faults(world);
  }

  static TestCluster bare(PveVersion version, int nodes) {
    return new TestCluster(WorldSpec.bare(version, nodes, 1));
  }

  static TestCluster formed(PveVersion version, int nodes) {
    return new TestCluster(WorldSpec.formed(version, nodes, 1));
  }

  /** Three nodes with the pool {@code tank} on each and its storage. */
  static TestCluster withPool(PveVersion version, int nodes, long seed) {
    TestCluster cluster = new TestCluster(WorldSpec.formed(version, nodes, seed));
    for (NodeHost node : cluster.world.nodes()) {
      cluster.createPool(node.name());
    }
    cluster.on(
        "node1", node -> node.storage().create("tank", Map.of("type", "zfspool", "pool", "tank")));
    return cluster;
  }

  void createPool(String node) {
    run(
        node,
        host ->
            host.disks()
                .createPool(
                    USER,
                    new NodeDisks.CreatePool(
                        "tank", "single", List.of("/dev/sdb"), 12, "on", false, Map.of())));
  }

  NodeHost node(String name) {
    return world.node(name);
  }

  <T> T on(String node, Function<NodeHost, T> call) {
    return world.request(() -> call.apply(world.node(node)));
  }

  void tell(String node, java.util.function.Consumer<NodeHost> call) {
    world.request(
        () -> {
          call.accept(world.node(node));
          return null;
        });
  }

  /** Starts a task and lets time pass until it is over; returns its exit status. */
  String run(String node, Function<NodeHost, Upid> call) {
    return outcome(node, on(node, call));
  }

  String outcome(String node, Upid upid) {
    Supplier<NodeTasks.Task> task = () -> world.node(node).tasks().task(upid.toString());
    clock.advanceUntil(() -> !task.get().isRunning(), Duration.ofMinutes(5));
    return task.get().exitStatus();
  }

  void createContainer(String node, int vmid) {
    String outcome =
        run(
            node,
            host ->
                host.guests()
                    .create(
                        USER,
                        Kind.CT,
                        vmid,
                        Map.of("rootfs", "tank:8", "hostname", "web" + vmid, "memory", "512"),
                        Optional.of(TEMPLATE),
                        true));
    if (!outcome.equals("OK")) {
      throw new IllegalStateException(outcome);
    }
    clock.advanceUntil(() -> answers(vmid, node), Duration.ofSeconds(30));
  }

  void replicate(int vmid, String... targets) {
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

  void manage(String sid) {
    tell("node1", node -> node.ha().createResource(sid, Map.of("state", "started")));
  }

  boolean answers(int vmid, String node) {
    return guest(vmid).answersOn().contains(node);
  }

  Truth.GuestTruth guest(int vmid) {
    return world.truth().guests().stream()
        .filter(each -> each.vmid() == vmid)
        .findFirst()
        .orElseThrow();
  }

  String master() {
    return world.nodes().stream()
        .filter(node -> node.ha().isMaster())
        .map(NodeHost::name)
        .findFirst()
        .orElse(null);
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  void pass(long seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }
}
