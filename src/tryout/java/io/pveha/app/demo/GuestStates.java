package io.pveha.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import io.pveha.proxmox.rest.NodeConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The guest as a surviving node's HA manager sees it, and as it really is. */
final class GuestStates {

  /** A state in Proxmox HA. */
  record HaState(String state, String node) {}

  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(1), Duration.ofSeconds(2));

  private final Simulator simulator;
  private final int vmid;
  private final HaCalls survivor;

  /**
   * Begins to watch.
   *
   * @param doomed node that will be lost, so another one is asked
   */
  GuestStates(Simulator simulator, int vmid, String doomed, Clock clock) {
    this.simulator = simulator;
    this.vmid = vmid;
    this.survivor = new HaCalls(connection(survivor(doomed), clock));
  }

  /** What the HA manager says now; empty when it does not say. */
  Optional<HaState> current() {
    try {
      return Optional.ofNullable(
              survivor.managerStatus().get().manager().serviceStatus().get("ct:" + vmid))
          .map(service -> new HaState(service.state(), service.node()));
    } catch (ProxmoxFailure noAnswer) {
      return Optional.empty();
    }
  }

  /** Whether a node other than the guest's holds a replica. */
  static boolean hasReplica(Simulator simulator, int vmid) {
    return guest(simulator.truth(), vmid).map(guest -> holders(guest) > 1).orElse(false);
  }

  private static long holders(JsonNode guest) {
    return StreamSupport.stream(guest.path("copies").spliterator(), false)
        .filter(copy -> copy.path("lastWrite").asLong() > 0)
        .map(copy -> copy.path("node").asText())
        .distinct()
        .count();
  }

  /** Number of the last write that the copy on this node holds now. */
  static long lastWrite(Simulator simulator, int vmid, String node) {
    return guest(simulator.truth(), vmid).stream()
        .flatMap(guest -> StreamSupport.stream(guest.path("copies").spliterator(), false))
        .filter(copy -> copy.path("node").asText().equals(node))
        .mapToLong(copy -> copy.path("lastWrite").asLong())
        .max()
        .orElse(0);
  }

  /** Number of the last write that an earlier run left in the copy that runs on this node now. */
  static long inheritedWrites(Simulator simulator, int vmid, String node) {
    return guest(simulator.truth(), vmid).stream()
        .flatMap(guest -> StreamSupport.stream(guest.path("copies").spliterator(), false))
        .filter(copy -> copy.path("node").asText().equals(node))
        .flatMap(copy -> StreamSupport.stream(copy.path("history").spliterator(), false))
        .filter(writes -> !writes.path("node").asText().equals(node))
        .mapToLong(writes -> writes.path("last").asLong())
        .max()
        .orElse(0);
  }

  /** Whether this node's CRM is the HA master now. */
  static boolean isHaMaster(Simulator simulator, String node) {
    return StreamSupport.stream(simulator.truth().path("nodes").spliterator(), false)
        .filter(row -> row.path("name").asText().equals(node))
        .anyMatch(row -> row.path("haMaster").asBoolean());
  }

  private static Optional<JsonNode> guest(JsonNode truth, int vmid) {
    return StreamSupport.stream(truth.path("guests").spliterator(), false)
        .filter(guest -> guest.path("vmid").asInt() == vmid)
        .findFirst();
  }

  private JsonNode survivor(String doomed) {
    return StreamSupport.stream(simulator.state().path("nodes").spliterator(), false)
        .filter(node -> !node.path("name").asText().equals(doomed))
        .findFirst()
        .orElseThrow(() -> new DemoFailure("there is no node beside " + doomed));
  }

  private NodeConnection connection(JsonNode node, Clock clock) {
    JsonNode info = simulator.info();
    URI url =
        StreamSupport.stream(info.path("nodes").spliterator(), false)
            .filter(row -> row.path("name").equals(node.path("name")))
            .map(row -> URI.create(row.path("url").asText()))
            .findFirst()
            .orElseThrow();
    return new NodeConnection(
        new Endpoint(
            url.getHost(), url.getPort(), new Trust.Fingerprint(node.path("fingerprint").asText())),
        new Credentials.ApiToken(
            info.path("tokenId").asText(), new Secret(info.path("tokenSecret").asText())),
        PATIENCE,
        clock);
  }
}
