package io.pveha.app.kube;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A real kube-apiserver and etcd by kube-api-test, if that takes seconds and not minutes. */
final class RealApi {

  private static final long FETCH_SECONDS = 20;

  private RealApi() {}

  static Optional<TryOutApi> start(Path workDir) {
    Path binaries = binariesFolder();
    return newestVersion(binaries)
        .map(version -> started(workDir, startOffline(binaries, version)))
        .or(() -> fetched().map(server -> started(workDir, server)));
  }

  private static TryOutApi started(Path workDir, KubeAPIServer server) {
    Path kubeconfig = TryOutApi.writeKubeconfig(workDir, server.getKubeConfigYaml());
    return new TryOutApi(TryOutApi.Kind.REAL, kubeconfig, server::stop);
  }

  private static KubeAPIServer startOffline(Path binaries, String version) {
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(binaries.toString())
                .withApiServerVersion(version)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
    server.start();
    return server;
  }

  /** Tries a download, but no longer than a person who waits for a demo would. */
  private static Optional<KubeAPIServer> fetched() {
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig().withUpdateKubeConfig(false).build());
    CompletableFuture<KubeAPIServer> start =
        CompletableFuture.supplyAsync(
            () -> {
              server.start();
              return server;
            },
            task -> {
              Thread thread = new Thread(task, "fetch-kube-apiserver");
              thread.setDaemon(true);
              thread.start();
            });
    try {
      return Optional.of(start.get(FETCH_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException tooSlow) {
      start.thenAccept(KubeAPIServer::stop);
      return Optional.empty();
    } catch (ExecutionException notToBeHad) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Path binariesFolder() {
    String chosen = System.getenv("KUBE_API_TEST_DIR");
    return chosen != null
        ? Path.of(chosen)
        : Path.of(System.getProperty("user.home"), ".kubeapitest");
  }

  /** The newest version whose two binaries are there, as in {@code k8s/1.35.4-linux-amd64}. */
  private static Optional<String> newestVersion(Path binaries) {
    Path versions = binaries.resolve("k8s");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")))
          .filter(folder -> Files.isExecutable(folder.resolve("etcd")))
          .map(folder -> folder.getFileName().toString().replaceFirst("-.*", ""))
          .max(Comparator.comparing(Runtime.Version::parse));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
