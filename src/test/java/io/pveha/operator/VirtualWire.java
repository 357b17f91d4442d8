package io.pveha.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.operator.connection.Connector;
import io.pveha.proxmox.Answering;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.rest.NodeConnection;
import io.pveha.proxmox.rest.Transport;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.world.NodeHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Real connections to the simulated nodes, but for silence: a node that does not answer is waited
 * for in virtual time, as long as in reality.
 */
final class VirtualWire implements Connector {

  /** What a call takes at least; without it all would happen at one instant. */
  private static final Duration LATENCY = Duration.ofMillis(5);

  /** How long a node waits for one behind it. */
  private static final Duration BEHIND = Duration.ofMillis(2600);

  /** How long a node waits for one behind it that takes the request and does not answer. */
  private static final Duration HUNG = Duration.ofSeconds(30);

  /** How long Proxmox keeps those waiting whose login it refuses. */
  private static final Duration REFUSED = SimulatorOptions.standard().refusalDelay();

  private static final Pattern MEANT = Pattern.compile("^/nodes/([^/]+)/");

  private static final Patience REAL_PATIENCE =
      new Patience(Duration.ofSeconds(20), Duration.ofSeconds(60));

  /** A request that wants to change something, and when it was sent. */
  record Write(Instant at, String node, ApiRequest request) {
    String what() {
      return request.method() + " " + request.path();
    }

    /** Whether it marks the cluster as somebody's own. */
    boolean isOwnerMark() {
      return what().equals(Recording.OWNER_MARK) && request.parameters().containsKey("description");
    }
  }

  private final SimulatedCluster simulator;
  private final VirtualTime time;
  private VirtualAskers askers;
  private final List<Write> writes = new ArrayList<>();
  private final List<Write> answered = new ArrayList<>();
  private final Set<String> cut = new HashSet<>();
  private int requests;
  private BiConsumer<String, ApiRequest> asked = (node, request) -> {};
  private Consumer<String> beforeWrite = write -> {};
  private Consumer<String> afterWrite = write -> {};

  private Changed changed = (node, request, answer) -> answer;
  private Predicate<ApiRequest> hanging = request -> false;

  /** What becomes of the answer of a node on its way: a member that lags, a proxy that filters. */
  @FunctionalInterface
  interface Changed {
    JsonNode on(String node, ApiRequest request, JsonNode answer);
  }

  VirtualWire(SimulatedCluster simulator, VirtualTime time) {
    this.simulator = simulator;
    this.time = time;
  }

  /** Who asks from now on. */
  void askers(VirtualAskers present) {
    askers = present;
  }

  /** Whether the operator has lost its way to this node, which others may have. */
  void cut(String node, boolean cutOff) {
    if (cutOff) {
      cut.add(node);
    } else {
      cut.remove(node);
    }
  }

  /** All that was asked to be changed, oldest first; logging in is no change. */
  List<Write> writes() {
    return List.copyOf(writes);
  }

  /** Those of them that a node took on. */
  List<Write> answered() {
    return List.copyOf(answered);
  }

  /** Changes answers to questions from now on. */
  void change(Changed how) {
    changed = how;
  }

  /** Questions that no node answers from now on, while it answers others. */
  void hang(Predicate<ApiRequest> which) {
    hanging = which;
  }

  /** Told of each request from now on, whatever becomes of it. */
  void asked(BiConsumer<String, ApiRequest> listener) {
    asked = listener;
  }

  /** How many requests were sent to any node. */
  int requests() {
    return requests;
  }

  /** Told of each write before it is sent, and after its answer. */
  void around(Consumer<String> before, Consumer<String> after) {
    beforeWrite = before;
    afterWrite = after;
  }

  @Override
  public ProxmoxApi connect(Endpoint endpoint, Credentials credentials) {
    NodeHost node = simulator.world().node(nodeAt(endpoint));
    Transport transport = new InMemoryTransport(simulator, node, endpoint, REAL_PATIENCE);
    NodeConnection connection = new NodeConnection(endpoint, credentials, transport, time);
    return new Answering(
        request -> {
          requests++;
          asked.accept(node.name(), request);
          time.advance(LATENCY);
          boolean silent =
              cut.contains(node.name())
                  || simulator.world().read(node::frontDoor) == Machine.FrontDoor.SILENT;
          if (silent) {
            askers.silent(Patience.DEFAULT.connect());
            throw new ProxmoxFailure.Unreachable(
                endpoint.authority() + " does not accept connections");
          }
          if (simulator.world().read(node::apiFault).kind() == ApiFault.Kind.HANGING
              || hanging.test(request)) {
            askers.silent(Patience.DEFAULT.answer());
            throw late(endpoint, request);
          }
          if (isForAnother(node, request)) {
            askers.silent(BEHIND);
            throw ProxmoxFailure.Unreachable.behind(
                "%s: the node meant does not answer (595, %s)"
                    .formatted(endpoint.authority(), request));
          }
          if (isForOneThatHangs(node, request)) {
            askers.silent(HUNG);
            throw ProxmoxFailure.Unreachable.behind(
                "%s: the node meant does not answer (596, %s)"
                    .formatted(endpoint.authority(), request));
          }
          if (!request.method().isWrite()) {
            return changed.on(node.name(), request, answer(connection, request));
          }
          Write write = new Write(time.instant(), node.name(), request);
          writes.add(write);
          beforeWrite.accept(write.what());
          try {
            JsonNode answer = answer(connection, request);
            answered.add(write);
            return answer;
          } finally {
            afterWrite.accept(write.what());
          }
        });
  }

  private JsonNode answer(ProxmoxApi connection, ApiRequest request) {
    try {
      return connection.call(request);
    } catch (ProxmoxFailure.LoginRejected refused) {
      askers.silent(REFUSED);
      throw refused;
    }
  }

  /** Whether it is for a node that is silent to the one asked, which waits for it then. */
  private boolean isForAnother(NodeHost node, ApiRequest request) {
    Matcher meant = MEANT.matcher(request.path());
    return meant.find()
        && simulator.world().hasNode(meant.group(1))
        && simulator.world().read(() -> isSilentTo(node.name(), meant.group(1)));
  }

  private boolean isForOneThatHangs(NodeHost node, ApiRequest request) {
    Matcher meant = MEANT.matcher(request.path());
    return meant.find()
        && !meant.group(1).equals(node.name())
        && simulator.world().hasNode(meant.group(1))
        && simulator.world().read(simulator.world().node(meant.group(1))::apiFault).kind()
            == ApiFault.Kind.HANGING;
  }

  private boolean isSilentTo(String node, String other) {
    return !simulator.world().canTalk(node, other)
        && simulator.world().node(other).frontDoor() == Machine.FrontDoor.SILENT;
  }

  private static ProxmoxFailure late(Endpoint endpoint, ApiRequest request) {
    String message = "%s did not answer within 33 s (%s)".formatted(endpoint.authority(), request);
    return request.method().isWrite()
        ? new ProxmoxFailure.ConnectionLost(message)
        : new ProxmoxFailure.Unreachable(message);
  }

  private String nodeAt(Endpoint endpoint) {
    return simulator.info().nodes().stream()
        .filter(node -> node.address().equals(endpoint.authority()))
        .findFirst()
        .map(SimulatorInfo.Node::name)
        .orElseThrow();
  }
}
