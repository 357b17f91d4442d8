package io.pveha.proxmox;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import io.pveha.proxmox.rest.ClusterConnection;
import io.pveha.proxmox.rest.NodeConnection;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A simulated cluster in virtual time, reached as the product reaches real nodes. */
final class SimulatedNodes implements AutoCloseable {

  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(2), Duration.ofSeconds(10));

  private final SimulatedCluster simulated;

  private SimulatedNodes(SimulatedCluster simulated) {
    this.simulated = simulated;
  }

  static SimulatedNodes start(String release, boolean bare, Optional<Path> record) {
    return new SimulatedNodes(
        SimulatedCluster.start(
            SimulatorOptions.standard()
                .withVersion(PveVersion.of(release))
                .withBare(bare)
                .withVirtualTime()
                .withRecord(record.orElse(null)),
            START));
  }

  SimulatedCluster simulated() {
    return simulated;
  }

  SimulatorInfo.Node node(String name) {
    return simulated.info().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The certificate that a node shows now. */
  String fingerprint(String node) {
    return simulated.world().read(() -> simulated.world().node(node).fingerprint());
  }

  Endpoint endpoint(String node, String fingerprint) {
    String[] address = node(node).address().split(":");
    return new Endpoint(
        address[0], Integer.parseInt(address[1]), new Trust.Fingerprint(fingerprint));
  }

  ProxmoxApi root(String node) {
    return as(
        new Credentials.Login("root@pam", new Secret(simulated.info().rootPassword())),
        node,
        fingerprint(node));
  }

  ProxmoxApi operator(String node) {
    return as(token(), node, fingerprint(node));
  }

  Credentials.ApiToken token() {
    return new Credentials.ApiToken(
        simulated.info().tokenId(), new Secret(simulated.info().tokenSecret()));
  }

  ProxmoxApi as(Credentials credentials, String node, String fingerprint) {
    return new NodeConnection(endpoint(node, fingerprint), credentials, PATIENCE, clock());
  }

  /** Through whichever member answers. */
  ProxmoxApi cluster(String... members) {
    return new ClusterConnection(List.of(members).stream().map(this::operator).toList(), clock());
  }

  void pass(Duration time) {
    simulated.virtualClock().advance(time);
    simulated.adapt();
  }

  /** Lets time pass until the task has ended. */
  TaskCalls.TaskStatus ended(ProxmoxApi api, Upid task) {
    TaskCalls tasks = new TaskCalls(api);
    for (int second = 0; second < 300; second++) {
      TaskCalls.TaskStatus status = tasks.status(task).get();
      if (!status.isRunning()) {
        return status;
      }
      pass(Duration.ofSeconds(1));
    }
    throw new AssertionError("does not end: " + task);
  }

  static NodeName name(int number) {
    return new NodeName("node" + number);
  }

  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return simulated.virtualClock().now();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Override
  public void close() {
    simulated.close();
  }
}
