package io.pveha.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real kube-apiserver with etcd and our CRDs: the judge of what users write and of what the
 * operator reports. One per JVM, started when first asked for, stopped with the JVM.
 *
 * <p>Where its binaries are missing, tests are skipped and say so; with {@code CI=true} or {@code
 * -Dpveha.requireApiServer=true} they fail instead.
 */
public final class RealApiServer {

  private static RealApiServer running;

  private final KubeAPIServer server;
  private final Path binaries;
  private final Path kubeconfig;
  private final KubernetesClient admin;
  private final AtomicInteger namespaces = new AtomicInteger();

  private RealApiServer(KubeAPIServer server, Path binaries) {
    this.server = server;
    this.binaries = binaries;
    this.kubeconfig = write(server.getKubeConfigYaml());
    this.admin = newClient();
  }

  /**
   * The server of this JVM.
   *
   * @param leftOut what is not tested without it, for the message
   */
  public static synchronized RealApiServer orSkip(String leftOut) {
    if (running == null) {
      running = start(leftOut);
    }
    return running;
  }

  /** A client of an administrator; shared, so don't close it. */
  public KubernetesClient client() {
    return admin;
  }

  /** A client of an administrator that the caller closes. */
  public KubernetesClient newClient() {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
        .build();
  }

  /** A new empty namespace; there is no controller that could delete it. */
  public String newNamespace(String prefix) {
    String name = prefix + "-" + namespaces.incrementAndGet();
    admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /** A kubeconfig of an administrator. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /**
   * The {@code kubectl} beside the server.
   *
   * @param leftOut what is not tested without it, for the message
   */
  public Path kubectlOrSkip(String leftOut) {
    Path kubectl = binaries.resolve("kubectl");
    if (!Files.isExecutable(kubectl)) {
      failOrSkip("no kubectl in " + binaries + ", left out: " + leftOut);
    }
    return kubectl;
  }

  private static RealApiServer start(String leftOut) {
    Optional<Path> found = newestBinaries();
    if (found.isEmpty()) {
      failOrSkip("no kube-apiserver and etcd below " + home() + ", left out: " + leftOut);
    }
    Path binaries = found.orElseThrow();
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(home().toString())
                .withApiServerVersion(version(binaries))
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-kube-apiserver"));
    server.start();
    RealApiServer started = new RealApiServer(server, binaries);
    started.installCrds();
    return started;
  }

  private void installCrds() {
    for (Path file : yamlFiles(Path.of("crds"))) {
      var crd = admin.apiextensions().v1().customResourceDefinitions().load(file.toFile());
      crd.create();
      crd.waitUntilCondition(RealApiServer::isEstablished, 30, TimeUnit.SECONDS);
    }
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  private static List<Path> yamlFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void failOrSkip(String message) {
    if (required()) {
      throw new AssertionError(message);
    }
    System.out.println(message);
    Assumptions.abort(message);
  }

  private static boolean required() {
    return "true".equals(System.getenv("CI")) || Boolean.getBoolean("pveha.requireApiServer");
  }

  private static Path home() {
    String chosen = System.getenv("KUBE_API_TEST_DIR");
    return chosen == null
        ? Path.of(System.getProperty("user.home"), ".kubeapitest")
        : Path.of(chosen);
  }

  private static Optional<Path> newestBinaries() {
    Path versions = home().resolve("k8s");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")))
          .filter(folder -> Files.isExecutable(folder.resolve("etcd")))
          .max(Comparator.comparing(folder -> Runtime.Version.parse(version(folder))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder is named as in {@code 1.35.4-linux-amd64}. */
  private static String version(Path folder) {
    return folder.getFileName().toString().replaceFirst("-.*", "");
  }

  private static Path write(String yaml) {
    try {
      Path file = Files.createTempFile("kubeconfig", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
