package io.pveha.simulator.api;

import io.pveha.simulator.api.web.NoAnswer;
import io.pveha.simulator.api.web.Reach;
import io.pveha.simulator.api.web.WebAnswer;
import io.pveha.simulator.api.web.WebRequest;
import io.pveha.simulator.api.web.WebServer;
import io.pveha.simulator.machine.Certificates;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;
import java.net.InetAddress;

/**
 * The HTTPS server of one node, kept as the node is: reachable or not, with its present
 * certificate, its connections broken when the web service restarts.
 */
final class NodeDoor implements AutoCloseable {

  private final World world;
  private final NodeHost node;
  private final NodeCertificates certificates;
  private final NodeApi api;
  private final WebServer server;
  private Certificates.Certificate served;
  private int generation;

  private record State(
      Machine.FrontDoor door, int generation, Certificates.Certificate certificate) {}

  NodeDoor(World world, NodeHost node, NodeCertificates certificates, NodeApi api, int port) {
    this.world = world;
    this.node = node;
    this.certificates = certificates;
    this.api = api;
    State state = state();
    this.served = state.certificate();
    this.generation = state.generation();
    this.server =
        new WebServer(
            node.name(),
            InetAddress.getLoopbackAddress(),
            port,
            certificates.context(served),
            this::answer);
    adapt();
  }

  int port() {
    return server.port();
  }

  String url() {
    return "https://127.0.0.1:" + port();
  }

  private State state() {
    return world.read(() -> new State(node.frontDoor(), node.apiGeneration(), node.certificate()));
  }

  /** Makes the server what the node is now. */
  void adapt() {
    State state = state();
    synchronized (this) {
      if (!state.certificate().equals(served)) {
        served = state.certificate();
        server.tls(certificates.context(served));
      }
      server.reach(
          switch (state.door()) {
            case OPEN -> Reach.OPEN;
            case SILENT -> Reach.SILENT;
            case REFUSED -> Reach.CLOSED;
          });
      // Of a machine that is silent nobody hears that it broke the connection.
      if (state.generation() != generation && state.door() != Machine.FrontDoor.SILENT) {
        generation = state.generation();
        server.breakAll();
      }
    }
  }

  /**
   * Answers as to a request that came in through the door.
   *
   * @throws NoAnswer when the connection breaks
   */
  WebAnswer answer(WebRequest request) {
    State before = state();
    if (before.door() != Machine.FrontDoor.OPEN) {
      adapt();
      // Nobody gets it: the connection is lost by now.
      return WebAnswer.text(503, "lost", "text/plain", "");
    }
    WebAnswer answer = api.answer(request);
    State after = state();
    if (after.door() != Machine.FrontDoor.OPEN) {
      adapt();
      return answer;
    }
    if (before.generation() != after.generation()) {
      throw new NoAnswer();
    }
    return answer;
  }

  @Override
  public void close() {
    server.close();
  }
}
