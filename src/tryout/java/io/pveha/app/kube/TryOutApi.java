package io.pveha.app.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The Kubernetes API that a try-out runs against: a user's cluster, a real kube-apiserver started
 * for the occasion, or an API inside this process.
 *
 * @param kind which of the three it is
 * @param kubeconfig file that a client (the operator, {@code kubectl}) reaches it by
 * @param stop ends what was started for the occasion; does nothing for a user's own cluster
 */
public record TryOutApi(Kind kind, Path kubeconfig, Runnable stop) implements AutoCloseable {

  public TryOutApi {
    stop = onlyOnce(stop);
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop-kubernetes-api"));
  }

  /** It may be asked to stop by its user and by the end of the JVM. */
  private static Runnable onlyOnce(Runnable stop) {
    AtomicBoolean stopped = new AtomicBoolean();
    return () -> {
      if (stopped.compareAndSet(false, true)) {
        stop.run();
      }
    };
  }

  /** How real the API is, as the report of a try-out names it. */
  public enum Kind {
    /** The cluster of a kubeconfig that the user gave. */
    KUBECONFIG("your cluster"),
    /** kube-apiserver and etcd, without controllers and nodes. */
    REAL("real kube-apiserver and etcd"),
    /** fabric8's CRUD server in this process: no validation rules, no kubectl. */
    IN_PROCESS("in-process Kubernetes API");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What to call it in a sentence. */
    public String words() {
      return words;
    }
  }

  /**
   * Takes the user's kubeconfig when one is given, else a real API server when its binaries are
   * there or can be had within seconds, else the in-process one.
   *
   * @param userKubeconfig path the user gave, or empty
   * @param workDir existing folder for the kubeconfig of an API started here
   */
  public static TryOutApi choose(Optional<Path> userKubeconfig, Path workDir) {
    return userKubeconfig
        .map(path -> new TryOutApi(Kind.KUBECONFIG, path.toAbsolutePath(), () -> {}))
        .or(() -> RealApi.start(workDir))
        .orElseGet(() -> InProcessApi.start(workDir));
  }

  /** A new client for this API; the caller closes it. */
  public KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
            .withHttp2Disable(kind == Kind.IN_PROCESS)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() {
    stop.run();
  }

  /** Writes a kubeconfig that only its owner may read. */
  static Path writeKubeconfig(Path workDir, String yaml) {
    try {
      Path file = workDir.resolve("kubeconfig.yaml");
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, yaml).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a kubeconfig into " + workDir, e);
    }
  }
}
