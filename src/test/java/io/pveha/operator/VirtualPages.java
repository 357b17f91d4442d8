package io.pveha.operator;

import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import io.pveha.operator.probe.ProbeClient;
import io.pveha.simulator.api.SimulatedCluster;
import java.net.URI;
import java.util.Optional;

/**
 * Asks the simulated guests themselves: {@code http://192.0.2.100/} is the page of guest 100. It
 * takes no time.
 */
final class VirtualPages implements ProbeClient {

  private final SimulatedCluster simulator;

  VirtualPages(SimulatedCluster simulator) {
    this.simulator = simulator;
  }

  @Override
  public Optional<String> ask(Probe probe) {
    String host =
        probe.http() == null ? probe.tcp().host() : URI.create(probe.http().url()).getHost();
    int vmid = Integer.parseInt(host.substring(host.lastIndexOf('.') + 1));
    boolean answers =
        simulator
            .world()
            .read(
                () ->
                    simulator.world().nodes().stream()
                        .anyMatch(
                            node ->
                                node.isUp()
                                    && simulator.world().network().isConnected(node.name())
                                    && node.guests().answers(vmid)));
    return answers ? Optional.empty() : Optional.of("the connection was refused");
  }
}
