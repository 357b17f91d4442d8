package io.pveha.simulator.world;

import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.HaRecord;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;

/** Three nodes with a container under HA and replicas, for tests that break them at random. */
public final class FaultyCluster {

  private final TestCluster cluster;

  public FaultyCluster(PveVersion version, long seed) {
    cluster = TestCluster.withPool(version, 3, seed);
    cluster.createContainer("node1", 100);
    cluster.replicate(100, "node2", "node3");
    cluster.manage("ct:100");
    cluster.pass(Duration.ofMinutes(4));
  }

  public Faults faults() {
    return cluster.faults;
  }

  public void pass(Duration time) {
    cluster.pass(time);
  }

  public List<String> violations() {
    return cluster.world.truth().violations();
  }

  public List<String> runningOn() {
    return cluster.guest(100).runningOn();
  }

  /** Everything that the HA daemons did, with time and place. */
  public List<String> history() {
    return cluster.world.haEvents().stream().map(HaRecord::toString).toList();
  }

  /** How the service stands, for the message of a failed test. */
  public String state() {
    return cluster.node("node1").ha().shownState("ct:100")
        + " "
        + cluster.guest(100)
        + " "
        + cluster.node("node1").ha().managerStatus();
  }

  public long membersSeenByAll() {
    return cluster.world.nodes().stream()
        .mapToLong(node -> node.membership().members().size())
        .min()
        .orElse(0);
  }

  /** Everything works again, and a service that ended in error is cleared by its owner. */
  public void mendAll() {
    for (NodeHost node : cluster.world.nodes()) {
      faults().power(node.name(), true);
      faults().network(node.name(), Direction.BOTH, true);
      faults().replication(node.name(), "", false);
      for (NodeHost other : cluster.world.nodes()) {
        if (other != node) {
          faults().between(node.name(), other.name(), true);
        }
      }
    }
    cluster.pass(Duration.ofMinutes(1));
    for (NodeHost node : cluster.world.nodes()) {
      faults().service(node.name(), "pve-cluster", true);
      faults().service(node.name(), "corosync", true);
    }
    cluster.pass(Duration.ofMinutes(5));
    if (cluster.node("node1").ha().shownState("ct:100").equals("error")) {
      setState("disabled");
      cluster.pass(Duration.ofMinutes(1));
      setState("started");
    }
  }

  private void setState(String state) {
    cluster.tell(
        "node1",
        node ->
            node.ha()
                .updateResource(
                    "ct:100",
                    java.util.Map.of("state", state),
                    java.util.Set.of(),
                    java.util.Optional.empty()));
  }
}
