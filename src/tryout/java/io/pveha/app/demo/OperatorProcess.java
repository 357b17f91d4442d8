package io.pveha.app.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The packaged operator, started as a user would start it. */
final class OperatorProcess {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  private OperatorProcess() {}

  /**
   * Starts it for one namespace, looking at Proxmox more often than in real life.
   *
   * @param workDir where its log goes
   */
  static ChildProcess start(Path workDir, Path kubeconfig, String namespace) {
    Path jar = Path.of(System.getProperty("pveha.home", "")).resolve(JAR);
    if (!Files.exists(jar)) {
      throw new DemoFailure("the packaged operator is not at " + jar + "; run mvn package first");
    }
    return ChildProcess.java(
        "operator",
        workDir,
        Map.of("KUBECONFIG", kubeconfig.toString()),
        List.of(
            "-Dquarkus.http.port=0",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.operator-sdk.namespaces=" + namespace,
            "-Dpveha.poll.fast=PT0.5S",
            "-Dpveha.poll.slow=PT1S",
            "-jar",
            jar.toString()));
  }
}
