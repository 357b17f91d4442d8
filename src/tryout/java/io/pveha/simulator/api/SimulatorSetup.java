package io.pveha.simulator.api;

import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.storage.NodeDisks;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives a cluster that exists from the start what one usually has. */
final class SimulatorSetup {

  private static final String NAME = "tank";

  private SimulatorSetup() {}

  /** A pool on the spare disk of every node, and one storage entry that all of them share. */
  static void pools(World world) {
    Map<NodeHost, Upid> tasks = new LinkedHashMap<>();
    for (NodeHost node : world.nodes()) {
      tasks.put(node, world.request(() -> create(node)));
    }
    tasks.forEach(
        (node, upid) -> {
          while (world.read(() -> node.tasks().task(upid.toString()).isRunning())) {
            world.sleep(Duration.ofMillis(200));
          }
        });
    List<String> names = new ArrayList<>();
    world.nodes().forEach(node -> names.add(node.name()));
    Map<String, String> storage =
        Map.of(
            "type", "zfspool",
            "pool", NAME,
            "content", "images,rootdir",
            "sparse", "1",
            "nodes", String.join(",", names));
    world.request(() -> world.nodes().get(0).storage().create(NAME, storage));
  }

  private static Upid create(NodeHost node) {
    List<String> free =
        node.disks().list().stream()
            .filter(disk -> disk.used() == null)
            .map(NodeDisks.Disk::devpath)
            .limit(1)
            .toList();
    NodeDisks.CreatePool request =
        new NodeDisks.CreatePool(NAME, "single", free, 12, "on", false, Map.of());
    return node.disks().createPool("root@pam", request);
  }
}
