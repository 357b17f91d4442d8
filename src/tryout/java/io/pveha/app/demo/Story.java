package io.pveha.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.app.demo.ResourceProgress.ResourceName;
import io.pveha.app.kube.TryOutApi;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The reference story of the design, told against a simulated cluster, measured from outside. */
final class Story implements AutoCloseable {

  /**
   * How to tell it.
   *
   * @param speed how many times faster than real time the simulator runs
   * @param version simulated Proxmox VE version
   * @param port port of the first simulated node
   * @param seed seed of the simulator
   * @param record where the simulator writes requests and answers
   * @param workDir existing folder for logs and credentials
   */
  record Settings(
      double speed, String version, int port, long seed, Optional<Path> record, Path workDir) {}

  private static final String NAMESPACE = "pveha-demo";
  private static final int GUEST = 100;

  private static final Duration READY_LIMIT = Duration.ofMinutes(5);

  /** Longest outage at Proxmox's pace that is still an outage and not a failure of the story. */
  private static final Duration OUTAGE_LIMIT = Duration.ofMinutes(10);

  /** Proxmox confirms a start up to ten seconds late; then the entry is complete. */
  private static final Duration RECEIPT_LIMIT = Duration.ofSeconds(20);

  private final Settings settings;
  private final TryOutApi api;
  private final Clock clock;
  private final PrintStream out;
  private final Waiting waiting;
  private final KubernetesClient client;
  private Simulator simulator;
  private ChildProcess operator;

  Story(Settings settings, TryOutApi api, Clock clock, PrintStream out) {
    this.settings = settings;
    this.api = api;
    this.clock = clock;
    this.out = out;
    this.waiting = new Waiting(clock);
    this.client = api.client();
  }

  /**
   * Tells it from bare nodes to the page answering elsewhere.
   *
   * @throws DemoFailure when it does not end well
   */
  DemoReport tell() {
    out.println("Starting three bare Proxmox VE " + settings.version() + " nodes (simulated).");
    simulator = Simulator.start(settings, waiting);
    out.println("Kubernetes: " + api.kind().words() + ".");
    if (api.kind() != TryOutApi.Kind.IN_PROCESS) {
      out.println("  export KUBECONFIG=" + api.kubeconfig());
    }
    List<ResourceName> resources = apply();
    operator = OperatorProcess.start(settings.workDir(), api.kubeconfig(), NAMESPACE);
    ResourceProgress progress = new ResourceProgress(client, NAMESPACE, clock, out);
    waiting.until(
        "all resources to be Ready", READY_LIMIT, operator, () -> progress.allReady(resources));
    out.println("Everything is Ready.");
    try (PageProbe probe = new PageProbe(page(), clock).start()) {
      return loseTheGuestsNode(probe);
    }
  }

  private List<ResourceName> apply() {
    new Installation(client, api.kind()).install(home("crds"), NAMESPACE);
    List<HasMetadata> objects =
        Manifests.load(client, home("examples", "three-nodes"), ExampleValues.of(simulator.info()));
    objects.forEach(
        object ->
            client.resource(object).inNamespace(NAMESPACE).createOr(existing -> existing.update()));
    return objects.stream()
        .filter(object -> ResourceName.isOurs(object.getKind()))
        .map(object -> new ResourceName(object.getKind(), object.getMetadata().getName()))
        .toList();
  }

  private static Path home(String... path) {
    return Path.of(System.getProperty("pveha.home", ""), path);
  }

  private DemoReport loseTheGuestsNode(PageProbe probe) {
    waiting.until(
        "the page of guest " + GUEST + " at " + page(),
        Duration.ofSeconds(30),
        simulator.process(),
        () -> probe.last().isPresent());
    waiting.until(
        "a first replica of guest " + GUEST + " on another node",
        scaled(Duration.ofMinutes(10)),
        simulator.process(),
        () -> GuestStates.hasReplica(simulator, GUEST));
    PageProbe.Answer before = probe.last().orElseThrow();
    String from = before.node();
    out.printf("The page answers on %s. Cutting the network of %s.%n", from, from);

    GuestStates states = new GuestStates(simulator, GUEST, from, clock);
    boolean lostHaMaster = GuestStates.isHaMaster(simulator, from);
    OperatorReport word = new OperatorReport(client, NAMESPACE, "ct:" + GUEST);
    Optional<DemoReport.Foretold> foretold = word.ifLost(from);
    foretold.ifPresent(
        what ->
            out.printf(
                "The operator predicts: back on %s after %d s.%n",
                what.node(), what.outageSeconds()));
    Instant cut = clock.instant();
    simulator.network(from, false);
    long written = GuestStates.lastWrite(simulator, GUEST, from);
    PhaseRecorder phases = new PhaseRecorder(states, cut, settings.speed(), clock, out);
    waiting.until(
        "the page to answer again",
        scaled(OUTAGE_LIMIT).plusSeconds(30),
        simulator.process(),
        () -> {
          phases.look();
          return probe.firstAfterMiss().isPresent();
        });
    PageProbe.Answer after = probe.firstAfterMiss().orElseThrow();
    if (after.node().equals(from)) {
      throw new DemoFailure("the page answers on " + from + " again, not on another node");
    }
    phases.answering(after);
    waiting.atMost(RECEIPT_LIMIT, () -> word.receipt(from, after.node()).isPresent());
    double outage = seconds(Duration.between(cut, after.at()));
    return new DemoReport(
        "ProxmoxHA",
        settings.speed(),
        outage,
        outage * settings.speed(),
        Math.max(0, written - GuestStates.inheritedWrites(simulator, GUEST, after.node())),
        from,
        after.node(),
        lostHaMaster,
        api.kind().words(),
        phases.seen(),
        foretold.orElse(null),
        word.receipt(from, after.node()).orElse(null));
  }

  private URI page() {
    return URI.create(
        "http://127.0.0.1:" + (simulator.info().path("guestPorts").asInt() + GUEST) + "/");
  }

  private Duration scaled(Duration atProxmoxPace) {
    return Duration.ofMillis((long) (atProxmoxPace.toMillis() / settings.speed()));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  /** Prints what a person can do with a running demo. */
  void printWhatToTry() {
    JsonNode info = simulator.info();
    out.println("\nEverything is left running; Ctrl-C ends it. Try:");
    if (api.kind() != TryOutApi.Kind.IN_PROCESS) {
      out.println("  export KUBECONFIG=" + api.kubeconfig());
      out.println("  kubectl -n " + NAMESPACE + " get pveha");
    }
    out.println("  curl " + page());
    out.println("  " + info.path("page").asText() + " (pull a plug)");
    if (settings.speed() != 1) {
      out.printf(
          Locale.ROOT,
          "Proxmox's time runs %.0f times as fast as kubectl's, so LAST-SYNC lies ahead"
              + " (<invalid>),%nclocks seem to differ, and the operator's own seconds count %.0f;"
              + " --speed 1 is exact.%n",
          settings.speed(),
          settings.speed());
    }
  }

  @Override
  public void close() {
    if (operator != null) {
      operator.close();
    }
    if (simulator != null) {
      simulator.close();
    }
    client.close();
  }
}
