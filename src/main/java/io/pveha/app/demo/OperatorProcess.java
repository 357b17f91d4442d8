package io.pveha.app.demo;

import io.pveha.app.kube.TryOutApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The packaged operator, started as a user would start it. */
final class OperatorProcess {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  private OperatorProcess() {}

  static ChildProcess start(Story.Settings settings, TryOutApi api) {
    Path jar = Path.of(System.getProperty("pveha.home", "")).resolve(JAR);
    if (!Files.exists(jar)) {
      throw new DemoFailure("the packaged operator is not at " + jar + "; run mvn package first");
    }
    return ChildProcess.java(
        "operator",
        settings.workDir(),
        Map.of("KUBECONFIG", api.kubeconfig().toString()),
        List.of(
            "-Dquarkus.http.port=0",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dpveha.poll.fast=PT0.5S",
            "-Dpveha.poll.slow=PT1S",
            "-jar",
            jar.toString()));
  }
}
