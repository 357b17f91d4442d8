package io.pveha.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.pveha.app.operator.OperatorWiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The operator in a process of its own, so that it can be killed as no shutdown hook can see. */
final class OperatorProcess implements AutoCloseable {

  private final Process process;

  private OperatorProcess(Process process) {
    this.process = process;
  }

  static OperatorProcess start(Path kubeconfig, String namespace, Path log) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new OperatorProcess(
        new ProcessBuilder(
                List.of(
                    java.toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    OperatorProcess.class.getName(),
                    kubeconfig.toString(),
                    namespace))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  /** Runs it until it is killed. Arguments: kubeconfig, namespace. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(Path.of(arguments[0]))))
            .build();
    OperatorWiring.start(client, Stage.PACE, Clock.systemUTC(), Set.of(arguments[1]));
    new CountDownLatch(1).await();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: nothing of the process runs any more. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
