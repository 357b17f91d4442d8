package io.pveha.simulator.api;

import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a simulated cluster is to be.
 *
 * @param version the release on all nodes
 * @param nodes how many
 * @param bare whether they stand alone, with their spare disks free; else they are a cluster with
 *     the pool and storage {@code tank} on the spare disk of each
 * @param speed simulated seconds per real second; 0 for a clock that stands still unless told
 * @param port of the first node's API, the next ones follow; 0 for any free ones
 * @param adminPort of the administration; 0 for the first node's plus 900
 * @param seed of everything random in the world
 * @param record where to write requests and answers
 * @param rootPassword of {@code root@pam}
 * @param refusalDelay how long a refused login is kept waiting for its 401
 */
public record SimulatorOptions(
    PveVersion version,
    int nodes,
    boolean bare,
    double speed,
    int port,
    int adminPort,
    long seed,
    Optional<Path> record,
    String rootPassword,
    Duration refusalDelay) {

  /** Measured on the real software. */
  private static final Duration REFUSAL_DELAY = Duration.ofSeconds(3);

  /** Three bare nodes of 9.1 at their own pace, on free ports. */
  public static SimulatorOptions standard() {
    return new SimulatorOptions(
        PveVersion.V9_1, 3, true, 1, 0, 0, 1, Optional.empty(), "simulated-root", REFUSAL_DELAY);
  }

  public SimulatorOptions withVersion(PveVersion changed) {
    return new SimulatorOptions(
        changed, nodes, bare, speed, port, adminPort, seed, record, rootPassword, refusalDelay);
  }

  public SimulatorOptions withNodes(int changed) {
    return new SimulatorOptions(
        version, changed, bare, speed, port, adminPort, seed, record, rootPassword, refusalDelay);
  }

  public SimulatorOptions withBare(boolean changed) {
    return new SimulatorOptions(
        version, nodes, changed, speed, port, adminPort, seed, record, rootPassword, refusalDelay);
  }

  public SimulatorOptions withSpeed(double changed) {
    return new SimulatorOptions(
        version, nodes, bare, changed, port, adminPort, seed, record, rootPassword, refusalDelay);
  }

  /** The clock stands still until it is advanced, or a request has to wait for simulated time. */
  public SimulatorOptions withVirtualTime() {
    return withSpeed(0);
  }

  public SimulatorOptions withPort(int changed) {
    return new SimulatorOptions(
        version, nodes, bare, speed, changed, adminPort, seed, record, rootPassword, refusalDelay);
  }

  public SimulatorOptions withAdminPort(int changed) {
    return new SimulatorOptions(
        version, nodes, bare, speed, port, changed, seed, record, rootPassword, refusalDelay);
  }

  public SimulatorOptions withSeed(long changed) {
    return new SimulatorOptions(
        version, nodes, bare, speed, port, adminPort, changed, record, rootPassword, refusalDelay);
  }

  public SimulatorOptions withRecord(Path changed) {
    return new SimulatorOptions(
        version,
        nodes,
        bare,
        speed,
        port,
        adminPort,
        seed,
        Optional.ofNullable(changed),
        rootPassword,
        refusalDelay);
  }

  public SimulatorOptions withRootPassword(String changed) {
    return new SimulatorOptions(
        version, nodes, bare, speed, port, adminPort, seed, record, changed, refusalDelay);
  }

  public SimulatorOptions withRefusalDelay(Duration changed) {
    return new SimulatorOptions(
        version, nodes, bare, speed, port, adminPort, seed, record, rootPassword, changed);
  }

  boolean isVirtual() {
    return speed == 0;
  }
}
