package io.pveha.simulator.world;

import io.pveha.simulator.machine.Certificates;
import io.pveha.simulator.machine.Installation;
import io.pveha.simulator.machine.WorldSpec;
import io.pveha.simulator.membership.Foundation;
import io.pveha.simulator.storage.SharedVolumes;
import io.pveha.simulator.time.SimClock;
import java.util.ArrayList;
import java.util.List;

/** A whole simulated installation with everything that its nodes have. */
public final class World extends Installation {

  private World(WorldSpec spec, SimClock clock, Certificates certificates) {
    super(spec, clock, certificates);
  }

  /** Builds the world at the clock's present time, all nodes on and booted. */
  public static World create(WorldSpec spec, SimClock clock, Certificates certificates) {
    World world = new World(spec, clock, certificates);
    clock.lock().lock();
    try {
      SharedVolumes shared = new SharedVolumes();
      spec.nodes().forEach(node -> world.add(new NodeHost(world, node, shared)));
      Foundation.lay(world);
      world.start();
    } finally {
      clock.lock().unlock();
    }
    return world;
  }

  @Override
  public List<NodeHost> nodes() {
    List<NodeHost> nodes = new ArrayList<>();
    super.nodes().forEach(node -> nodes.add((NodeHost) node));
    return nodes;
  }

  @Override
  public NodeHost node(String name) {
    return (NodeHost) super.node(name);
  }

  /** What really is the case, whatever any node believes. */
  public Truth truth() {
    return read(() -> GroundTruth.of(this));
  }
}
