package io.pveha.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.pveha.app.kube.InProcessApi;
import io.pveha.app.kube.TryOutApi;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bin/demo}: the reference story, from three bare nodes to the measured outage. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes three bare simulated Proxmox nodes a highly available cluster from the manifests in"
          + " examples/three-nodes, cuts the network of the node that runs the guest, and reports"
          + " how long its web page was away.",
      "Exit status 0 only when the guest answered again on another node."
    })
public final class Demo implements Callable<Integer> {

  @Option(
      names = "--speed",
      defaultValue = "10",
      description = "how many times faster than real time Proxmox runs (default ${DEFAULT-VALUE})")
  private double speed;

  @Option(
      names = "--pve",
      defaultValue = "9.1",
      description = "simulated Proxmox VE version, 8.3, 9.1 or 9.2 (default ${DEFAULT-VALUE})")
  private String version;

  @Option(
      names = "--kubeconfig",
      description = "use this cluster instead of one started for the demo; the CRDs are applied")
  private Path kubeconfig;

  @Option(
      names = "--in-process",
      description = "use the in-process Kubernetes API even if a real one could be started")
  private boolean inProcess;

  @Option(
      names = "--port",
      defaultValue = "8006",
      description = "port of the first simulated node; the others follow (default 8006)")
  private int port;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "seed of the simulator's randomness (default ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--keep", description = "leave everything running until Ctrl-C")
  private boolean keep;

  @Option(names = "--report", description = "write the report as JSON into this file")
  private Path report;

  @Option(
      names = "--record",
      description = "write each request to the simulated nodes and its answer into this file")
  private Path record;

  /**
   * What libraries log would drown the story. Held, since a logger that nobody holds is forgotten.
   */
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  /** Runs the demo and ends the JVM with its status. */
  public static void main(String[] arguments) {
    ROOT_LOGGER.setLevel(Level.WARNING);
    System.exit(new CommandLine(new Demo()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = System.out;
    Path workDir = Files.createTempDirectory("pveha-demo-");
    Story.Settings settings =
        new Story.Settings(speed, version, port, seed, Optional.ofNullable(record), workDir);
    out.println("Starting a Kubernetes API.");
    try (TryOutApi api = kubernetesApi(workDir);
        Story story = new Story(settings, api, Clock.systemUTC(), out)) {
      DemoReport result = story.tell();
      out.print(result.text());
      writeReport(result);
      if (keep) {
        story.printWhatToTry();
        new CountDownLatch(1).await();
      }
      return 0;
    } catch (DemoFailure failure) {
      System.err.println("The demo failed: " + failure.getMessage());
      System.err.println("Logs are in " + workDir);
      return 1;
    }
  }

  private TryOutApi kubernetesApi(Path workDir) {
    return inProcess
        ? InProcessApi.start(workDir)
        : TryOutApi.choose(Optional.ofNullable(kubeconfig), workDir);
  }

  private void writeReport(DemoReport result) throws IOException {
    if (report != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(report.toFile(), result);
    }
  }
}
