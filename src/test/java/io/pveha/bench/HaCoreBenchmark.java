package io.pveha.bench;

import io.pveha.app.rehearse.ScenarioFiles;
import io.pveha.app.rehearse.ScenarioReader;
import io.pveha.core.failover.LiveCluster;
import io.pveha.core.failover.LiveGuest;
import io.pveha.core.failover.LiveNode;
import io.pveha.core.failover.LossForecast;
import io.pveha.core.failover.Readiness;
import io.pveha.core.ha.HaTimings;
import io.pveha.core.placement.ClusterUsage;
import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.NodeSelection;
import io.pveha.core.placement.NodeSelection.Question;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.core.placement.ServicePlace;
import io.pveha.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Prints how fast the HA core is: the scenario suite, placements, and the loss of every node of a
 * large cluster. Run its main; it never fails a build. The first run of each is cold. Processor
 * time tells more than wall time where other programs run.
 */
public final class HaCoreBenchmark {

  private static final int NODES = 32;
  private static final int SERVICES = 2000;
  private static final double GIB = 1L << 30;
  private static final int PERL_SECONDS = 114;
  private static final int PERL_SCENARIOS = 144;

  private HaCoreBenchmark() {}

  public static void main(String[] args) throws IOException {
    suite();
    for (SchedulerMode mode : SchedulerMode.values()) {
      placements(mode);
    }
    for (SchedulerMode mode : SchedulerMode.values()) {
      everyLoss(mode);
    }
    memory();
  }

  private static void memory() throws IOException {
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum();
    System.gc();
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    System.out.printf("heap: %d MB at its peak, %d MB at the end%n", peak >> 20, used >> 20);
    Path self = Path.of("/proc/self/status");
    if (Files.isReadable(self)) {
      Files.readAllLines(self).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .forEach(
              line ->
                  System.out.println("process, most memory held: " + line.substring(6).strip()));
    }
  }

  private static void suite() throws IOException {
    List<Path> files = ScenarioFiles.in(ScenarioFiles.sharedFolder(), "test-*.json");
    double original = 1000.0 * PERL_SECONDS / PERL_SCENARIOS * files.size();
    for (int run = 1; run <= 5; run++) {
      Watch watch = new Watch();
      int events = files.stream().mapToInt(HaCoreBenchmark::play).sum();
      double wall = watch.wall();
      System.out.printf(
          "suite, run %d: %d scenarios, %d events in %s; original / ours = %.0f%n",
          run, files.size(), events, watch, original / wall);
    }
    for (int run = 1; run <= 3; run++) {
      Watch watch = new Watch();
      files.parallelStream().forEach(HaCoreBenchmark::play);
      System.out.printf("suite on all cores, run %d: %.0f ms%n", run, watch.wall());
    }
  }

  private static int play(Path file) {
    try {
      return Rehearsal.play(ScenarioReader.read(Files.readString(file))).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void placements(SchedulerMode mode) {
    LoadFigures figures = figures();
    for (int run = 1; run <= 3; run++) {
      ClusterUsage usage = new ClusterUsage(mode, nodes(), figures);
      Watch watch = new Watch();
      for (int i = 0; i < SERVICES; i++) {
        ServiceId sid = sid(i);
        Question question = Question.recovery(sid, "gone", node -> true);
        String node = NodeSelection.select(question, usage, CompiledRules.NONE);
        usage.place(sid, new ServicePlace(node, null, false));
      }
      System.out.printf(
          "%s, run %d: %d services on %d nodes in %s, %.0f placements/s%n",
          mode.word(), run, SERVICES, NODES, watch, 1000 * SERVICES / watch.wall());
    }
  }

  private static void everyLoss(SchedulerMode mode) {
    LiveCluster cluster = cluster(mode);
    for (int run = 1; run <= 3; run++) {
      Watch watch = new Watch();
      Readiness readiness = Readiness.of(cluster, HaTimings.proxmox());
      long recovered =
          readiness.ofEach().values().stream().mapToLong(LossForecast::recovered).sum();
      System.out.printf(
          "%s, run %d: loss of each of %d nodes, %d guests recovered, in %s%n",
          mode.word(), run, NODES, recovered, watch);
    }
  }

  /** Every guest is replicated to all other nodes; all have memory to spare. */
  private static LiveCluster cluster(SchedulerMode mode) {
    TreeSet<String> tank = new TreeSet<>(List.of("tank"));
    TreeMap<String, LiveNode> live = new TreeMap<>();
    nodes()
        .forEach(
            node ->
                live.put(
                    node,
                    new LiveNode(
                        true,
                        true,
                        1,
                        64,
                        (long) (512 * GIB),
                        OptionalLong.of((long) (256 * GIB)),
                        Optional.of(tank))));
    Map<String, Optional<Instant>> replicas = new TreeMap<>();
    nodes().forEach(node -> replicas.put(node, Optional.of(Instant.EPOCH)));
    Random random = new Random(7);
    List<String> nodes = new ArrayList<>(nodes());
    TreeMap<ServiceId, LiveGuest> guests = new TreeMap<>();
    for (int i = 0; i < SERVICES; i++) {
      guests.put(
          sid(i),
          LiveGuest.startedOn(nodes.get(i % NODES))
              .withDisks(tank, replicas)
              .withFigures(
                  1 + random.nextInt(4), (long) ((1 + random.nextInt(4)) * GIB), Duration.ZERO));
    }
    return new LiveCluster(
        live, guests, List.of(), mode, 0, Optional.empty(), true, new TreeSet<>());
  }

  private static LoadFigures figures() {
    Random random = new Random(7);
    Map<String, Load> capacity = new HashMap<>();
    nodes().forEach(node -> capacity.put(node, new Load(64, 512 * GIB)));
    Map<ServiceId, Load> configured = new HashMap<>();
    Map<ServiceId, Load> measured = new HashMap<>();
    Map<ServiceId, String> running = new HashMap<>();
    List<String> nodes = new ArrayList<>(nodes());
    for (int i = 0; i < SERVICES; i++) {
      double cpu = 1 + random.nextInt(8);
      double memory = (1 + random.nextInt(16)) * GIB;
      configured.put(sid(i), new Load(cpu, memory));
      measured.put(sid(i), new Load(cpu * random.nextDouble(), memory * random.nextDouble()));
      running.put(sid(i), nodes.get(i % NODES));
    }
    return new LoadFigures(capacity, configured, measured, running);
  }

  private static TreeSet<String> nodes() {
    TreeSet<String> nodes = new TreeSet<>();
    for (int i = 1; i <= NODES; i++) {
      nodes.add("node" + i);
    }
    return nodes;
  }

  private static ServiceId sid(int number) {
    return ServiceId.of("vm:" + (1000 + number));
  }

  /** Time since it was made. */
  private static final class Watch {

    private final long began = System.nanoTime();
    private final long beganWork = work();

    double wall() {
      return (System.nanoTime() - began) / 1e6;
    }

    private static long work() {
      return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Override
    public String toString() {
      return "%.0f ms (%.0f ms of processor)".formatted(wall(), (work() - beganWork) / 1e6);
    }
  }
}
