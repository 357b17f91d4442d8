package io.pveha.simulator.api;

import io.pveha.simulator.api.web.NoAnswer;
import io.pveha.simulator.api.web.WebAnswer;
import io.pveha.simulator.api.web.WebServer;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The web servers inside the guests: each answers at one port of its own, wherever the guest runs,
 * as long as it has booted there and the node is connected; else connections are refused.
 */
final class GuestPages implements AutoCloseable {

  private static final int HIGHEST_PORT = 65535;

  private final World world;
  private final int base;
  private final SortedMap<Integer, WebServer> open = new TreeMap<>();
  private final Map<Integer, Integer> ports = new ConcurrentSkipListMap<>();

  /** Where a guest answers now, and what it has written. */
  private record Home(String node, long lastWrite) {}

  /**
   * Serves nothing yet.
   *
   * @param base a guest's port is this plus its id, or any free one where that is taken
   */
  GuestPages(World world, int base) {
    this.world = world;
    this.base = base;
  }

  /** Guest to the port of its page, of all that answered at some time. */
  Map<Integer, Integer> ports() {
    return Map.copyOf(ports);
  }

  /** Opens and closes pages as the guests are now. */
  synchronized void adapt() {
    SortedMap<Integer, Home> answering = world.read(this::answering);
    open.entrySet()
        .removeIf(
            entry -> {
              boolean gone = !answering.containsKey(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    answering.keySet().stream()
        .filter(vmid -> !open.containsKey(vmid))
        .forEach(vmid -> open.put(vmid, opened(vmid)));
  }

  private WebServer opened(int vmid) {
    int wanted = ports.getOrDefault(vmid, base + vmid);
    WebServer server = null;
    if (wanted <= HIGHEST_PORT) {
      try {
        server = server(vmid, wanted);
      } catch (UncheckedIOException taken) {
        server = null;
      }
    }
    if (server == null) {
      server = server(vmid, 0);
    }
    ports.put(vmid, server.port());
    return server;
  }

  private WebServer server(int vmid, int port) {
    return new WebServer(
        "guest-" + vmid, InetAddress.getLoopbackAddress(), port, null, request -> page(vmid));
  }

  private WebAnswer page(int vmid) {
    Home home =
        world.read(() -> Optional.ofNullable(answering().get(vmid))).orElseThrow(NoAnswer::new);
    String text = "guest=" + vmid + "\nnode=" + home.node() + "\nwrite=" + home.lastWrite() + "\n";
    return WebAnswer.text(200, "OK", "text/plain;charset=UTF-8", text);
  }

  private SortedMap<Integer, Home> answering() {
    SortedMap<Integer, Home> answering = new TreeMap<>();
    for (NodeHost node : world.nodes()) {
      if (node.isUp() && world.network().isConnected(node.name())) {
        for (NodeHost view : world.nodes()) {
          for (String id : view.config().section(Section.GUESTS).keySet()) {
            int vmid = Integer.parseInt(id);
            if (!answering.containsKey(vmid) && node.guests().answers(vmid)) {
              answering.put(vmid, new Home(node.name(), node.guests().lastWrite(vmid)));
            }
          }
        }
      }
    }
    return answering;
  }

  @Override
  public synchronized void close() {
    open.values().forEach(WebServer::close);
    open.clear();
  }
}
