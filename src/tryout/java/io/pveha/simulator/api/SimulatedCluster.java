package io.pveha.simulator.api;

import io.pveha.simulator.access.AccessControl;
import io.pveha.simulator.api.declare.Declarations;
import io.pveha.simulator.api.web.NoAnswer;
import io.pveha.simulator.api.web.WebAnswer;
import io.pveha.simulator.api.web.WebRequest;
import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.WorldSpec;
import io.pveha.simulator.time.ScaledClock;
import io.pveha.simulator.time.SimClock;
import io.pveha.simulator.time.VirtualClock;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A simulated cluster that serves: one HTTPS server for each node, the guests' pages, and the
 * administration. Everything listens on 127.0.0.1.
 *
 * <p>{@code try (var cluster = SimulatedCluster.start(SimulatorOptions.standard(), now)) ...}
 */
public final class SimulatedCluster implements AutoCloseable {

  private static final int LOWEST_PORT = 15_000;
  private static final int GUESTS_ABOVE = 1000;
  private static final int ADMIN_ABOVE = 900;
  private static final long LOOK_MILLIS = 20;

  private final SimulatorOptions options;
  private final SimClock clock;
  private final World world;
  private final Faults faults;
  private final Recorder recorder;
  private final List<NodeDoor> doors;
  private final GuestPages pages;
  private final AdminApi admin;
  private final SimulatorInfo info;
  private final ScheduledExecutorService looking;

  private SimulatedCluster(SimulatorOptions options, Instant now) {
    this.options = options;
    this.clock =
        options.isVirtual()
            ? new VirtualClock(now)
            : new ScaledClock(now, options.speed(), System::nanoTime);
    WorldSpec spec = WorldSpec.bare(options.version(), options.nodes(), options.seed());
    spec = spec.withRootPassword(options.rootPassword());
    if (!options.bare()) {
      spec = spec.inCluster("simulated");
    }
    Map<String, List<String>> addresses = new HashMap<>();
    spec.nodes().forEach(node -> addresses.put(node.name(), node.addresses()));
    NodeCertificates certificates = new NodeCertificates(addresses);
    this.world = World.create(spec, clock, certificates);
    this.faults = new Faults(world);
    AccessControl.NewToken token =
        world.request(() -> OperatorAccount.create(world.nodes().get(0)));
    if (!options.bare()) {
      SimulatorSetup.pools(world);
    }
    this.recorder = options.record().map(Recorder::into).orElseGet(Recorder::none);
    Served served = served(certificates);
    this.admin = served.admin();
    this.doors = served.doors();
    int first = doors.get(0).port();
    this.pages = new GuestPages(world, first + GUESTS_ABOVE);
    this.info = described(token, first);
    this.looking =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "simulated-doors");
              thread.setDaemon(true);
              return thread;
            });
    looking.scheduleWithFixedDelay(this::adaptOrReport, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts one; everything is served when this returns.
   *
   * @param now the simulated time at which it begins: that of the clients, or their certificate
   *     checks and theirs of ours will differ
   * @throws UncheckedIOException when a port is taken, naming it
   */
  public static SimulatedCluster start(SimulatorOptions options, Instant now) {
    return new SimulatedCluster(options, now);
  }

  /** What listens for as long as the cluster is there, but for doors that are closed at times. */
  private record Served(AdminApi admin, List<NodeDoor> doors) {}

  private Served served(NodeCertificates certificates) {
    if (options.port() != 0) {
      return servedFrom(options.port(), certificates);
    }
    // Ports of nodes, of administrations and of guests never mix, and all are below the range that
    // systems take ephemeral ports from. A door that is closed for a while is not taken by another
    // cluster, since the administration that goes with it is never closed.
    Random random = new Random(System.nanoTime());
    UncheckedIOException last = null;
    for (int attempt = 0; attempt < 50; attempt++) {
      try {
        int first = LOWEST_PORT + random.nextInt(8) * 2 * GUESTS_ABOVE + random.nextInt(20) * 10;
        return servedFrom(first, certificates);
      } catch (UncheckedIOException taken) {
        last = taken;
      }
    }
    throw last;
  }

  private Served servedFrom(int first, NodeCertificates certificates) {
    int adminPort = options.adminPort() == 0 ? first + ADMIN_ABOVE : options.adminPort();
    AdminApi opened = new AdminApi(this, certificates, adminPort);
    try {
      return new Served(opened, opened(first, certificates));
    } catch (UncheckedIOException taken) {
      opened.close();
      throw taken;
    }
  }

  private List<NodeDoor> opened(int first, NodeCertificates certificates) {
    Declarations declarations = Declarations.of(options.version().isNine() ? 9 : 8);
    CallTable table = CallTable.complete();
    List<NodeDoor> opened = new ArrayList<>();
    try {
      int port = first;
      for (NodeHost node : world.nodes()) {
        NodeApi api =
            new NodeApi(world, node, declarations, table, recorder, options.refusalDelay());
        opened.add(new NodeDoor(world, node, certificates, api, port++));
      }
      return opened;
    } catch (UncheckedIOException taken) {
      opened.forEach(NodeDoor::close);
      throw taken;
    }
  }

  private SimulatorInfo described(AccessControl.NewToken token, int first) {
    List<SimulatorInfo.Node> nodes = new ArrayList<>();
    for (int at = 0; at < doors.size(); at++) {
      NodeHost node = world.nodes().get(at);
      NodeDoor door = doors.get(at);
      nodes.add(
          new SimulatorInfo.Node(
              node.name(),
              door.url(),
              "127.0.0.1:" + door.port(),
              node.ip(),
              world.read(node::fingerprint)));
    }
    return new SimulatorInfo(
        options.version().release(),
        options.speed(),
        nodes,
        options.rootPassword(),
        token.fullTokenId(),
        token.secret(),
        admin.url(),
        admin.url() + "/page",
        first + GUESTS_ABOVE);
  }

  /**
   * Makes the servers what the world is now. They follow by themselves within some milliseconds;
   * who changed the world and can't wait calls this.
   */
  public void adapt() {
    doors.forEach(NodeDoor::adapt);
    pages.adapt();
  }

  private void adaptOrReport() {
    try {
      adapt();
    } catch (RuntimeException broken) {
      // The next look may work again; a schedule that ends without a word would help nobody.
      Thread thread = Thread.currentThread();
      thread.getThreadGroup().uncaughtException(thread, broken);
    }
  }

  /** What clients need to know. */
  public SimulatorInfo info() {
    return info;
  }

  /**
   * What a node answers to a request, without the way over the network.
   *
   * @throws NoAnswer when the connection would break
   */
  public WebAnswer answer(NodeHost node, WebRequest request) {
    return doors.get(world.nodes().indexOf(node)).answer(request);
  }

  /** The world behind it. */
  public World world() {
    return world;
  }

  /** What can be broken in it. */
  public Faults faults() {
    return faults;
  }

  /** Guest to the port of its page, of all that answered at some time. */
  public Map<Integer, Integer> guestPorts() {
    return pages.ports();
  }

  /** The port at which the page of a guest is, or will be. */
  public int guestPort(int vmid) {
    return pages.ports().getOrDefault(vmid, info.guestPorts() + vmid);
  }

  /** The clock, when it stands still unless told. */
  public VirtualClock virtualClock() {
    if (clock instanceof VirtualClock virtual) {
      return virtual;
    }
    throw new IllegalStateException("this cluster's time runs by itself");
  }

  boolean isVirtual() {
    return options.isVirtual();
  }

  @Override
  public void close() {
    looking.shutdownNow();
    admin.close();
    pages.close();
    doors.forEach(NodeDoor::close);
    recorder.close();
    if (clock instanceof ScaledClock scaled) {
      scaled.close();
    }
  }
}
