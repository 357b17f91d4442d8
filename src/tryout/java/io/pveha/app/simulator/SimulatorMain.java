package io.pveha.app.simulator;

import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** {@code bin/simulator}: serves a simulated cluster until it is told to stop. */
public final class SimulatorMain {

  private static final int USAGE = 64;
  private static final int CANNOT_START = 71;

  private SimulatorMain() {}

  /** Runs until SIGTERM or SIGINT. */
  public static void main(String... arguments) throws InterruptedException {
    int status = run(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  private static int run(String... arguments) throws InterruptedException {
    SimulatorArguments wanted;
    try {
      wanted = SimulatorArguments.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("simulator: " + wrong.getMessage() + "; see --help");
      return USAGE;
    }
    if (wanted.help()) {
      System.out.print(SimulatorArguments.HELP);
      return 0;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      Instant now = Instant.now(Clock.systemUTC());
      SimulatedCluster cluster = SimulatedCluster.start(wanted.options(), now);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    cluster.close();
                    stopped.countDown();
                  },
                  "shutdown"));
      if (wanted.info().isPresent()) {
        write(wanted.info().get(), cluster.info().json());
      }
      tell(cluster.info());
    } catch (UncheckedIOException failed) {
      System.err.println("simulator: " + failed.getMessage());
      return CANNOT_START;
    }
    stopped.await();
    return 0;
  }

  /** Readers never see half a file. */
  private static void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Path draft = Files.createTempFile(folder, "info", ".json");
      Files.writeString(draft, text + "\n");
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException("can't write " + file + ": " + failed.getMessage(), failed);
    }
  }

  private static void tell(SimulatorInfo info) {
    System.out.printf("Proxmox VE %s, simulated:%n", info.pve());
    for (SimulatorInfo.Node node : info.nodes()) {
      System.out.printf("  %-8s %s  %s%n", node.name(), node.url(), node.fingerprint());
    }
    System.out.printf("  admin    %s  (page for browsers: %s)%n", info.admin(), info.page());
    System.out.printf("  guests   http://127.0.0.1:%d + vmid%n", info.guestPorts());
    System.out.println("Ready. Ctrl-C stops it.");
  }
}
