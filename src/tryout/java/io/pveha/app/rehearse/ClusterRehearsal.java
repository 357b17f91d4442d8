package io.pveha.app.rehearse;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.app.operator.OperatorWiring;
import io.pveha.core.failover.LossForecast;
import io.pveha.core.failover.Readiness;
import io.pveha.operator.cluster.WhatIf;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** {@code bin/rehearse --cluster}: what would happen if nodes of a live cluster were lost now. */
public final class ClusterRehearsal {

  /** Some guest would stay down. */
  static final int STRANDED = 3;

  private static final int RETRIES = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final KubernetesClient client;
  private final Clock clock;
  private final PrintStream out;
  private final PrintStream err;

  /** One that reports to these. */
  public ClusterRehearsal(KubernetesClient client, Clock clock, PrintStream out, PrintStream err) {
    this.client = client;
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  /** A client by the kubeconfig of the environment. It speaks HTTP/1.1, as every API does. */
  static KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.autoConfigure(null))
                .withHttp2Disable(true)
                .withRequestRetryBackoffLimit(RETRIES)
                .build())
        .build();
  }

  /**
   * Prints the loss of nodes together, or of each node by itself when none is named.
   *
   * @return exit status
   */
  public int run(String name, Optional<String> namespace, Collection<String> lost)
      throws InterruptedException {
    String where = namespace.or(() -> Optional.ofNullable(client.getNamespace())).orElse("default");
    try {
      ProxmoxCluster cluster =
          client.resources(ProxmoxCluster.class).inNamespace(where).withName(name).get();
      if (cluster == null) {
        return failed("there is no ProxmoxCluster %s in namespace %s".formatted(name, where));
      }
      Readiness readiness =
          WhatIf.ask(
              cluster,
              secret ->
                  Optional.ofNullable(client.secrets().inNamespace(where).withName(secret).get()),
              OperatorWiring.connector(clock),
              clock,
              PATIENCE);
      return show(readiness, lost);
    } catch (WhatIf.Unanswered unanswered) {
      return failed(
          "%s can't be asked: %s\nWhat the operator last knew is in status.failoverReadiness."
              .formatted(name, unanswered.getMessage()));
    } catch (KubernetesClientException noAnswer) {
      String cause = noAnswer.getCause() == null ? "" : " " + noAnswer.getCause().getMessage();
      return failed("Kubernetes does not answer: " + noAnswer.getMessage() + cause);
    }
  }

  private int show(Readiness readiness, Collection<String> lost) {
    for (String node : lost) {
      if (!readiness.cluster().nodes().containsKey(node)) {
        err.println(
            "rehearse: '%s' is not a node of the cluster; there are %s"
                .formatted(node, String.join(", ", readiness.cluster().nodes().keySet())));
        return Rehearse.WRONG_USE;
      }
    }
    List<LossForecast> losses =
        lost.isEmpty() ? new ArrayList<>(readiness.ofEach().values()) : List.of(readiness.of(lost));
    boolean stranded = false;
    for (LossForecast loss : losses) {
      out.println(LossTable.of(readiness.cluster(), loss, clock.instant()));
      stranded |= loss.stranded() > 0;
    }
    return stranded ? STRANDED : Rehearse.PLAYED;
  }

  private int failed(String why) {
    err.println("rehearse: " + why);
    return Rehearse.NOT_PLAYED;
  }
}
