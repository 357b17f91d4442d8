package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.failover.Readiness;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.ClusterLogin;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.readiness.LiveClusterReader;
import io.pveha.operator.status.Conditions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks a cluster once what would become of its guests, for tools beside the operator. It sees what
 * the operator sees, and writes nowhere.
 */
public final class WhatIf {

  /** The question can't be answered; the message is for a person. */
  public static final class Unanswered extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unanswered(String message) {
      super(message);
    }
  }

  private static final Duration LOOK = Duration.ofMillis(200);

  private final ProxmoxCluster cluster;
  private final Clock clock;

  private WhatIf(ProxmoxCluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /**
   * The answer for the cluster as it is now.
   *
   * @param secrets those of its namespace
   * @param patience how long the nodes have to tell all; what they did not tell is unknown then
   * @throws Unanswered when the Secrets are of no use, or no quorate member answers
   */
  public static Readiness ask(
      ProxmoxCluster cluster,
      Function<String, Optional<Secret>> secrets,
      Connector connector,
      Clock clock,
      Duration patience)
      throws InterruptedException {
    ClusterLogin login =
        ClusterLogin.read(cluster, name -> secrets.apply(name).map(SecretRefs::found), true);
    if (login.problem().isPresent()) {
      throw new Unanswered(login.problem().get().message());
    }
    ClusterAccess access =
        new ClusterAccess(
            cluster.getSpec(), login, ClusterReconciler.learned(cluster.reported()), connector);
    try (Watchers watchers = new Watchers(Pace.DEFAULT, clock)) {
      return new WhatIf(cluster, clock).ask(watchers, access, patience);
    }
  }

  private Readiness ask(Watchers watchers, ClusterAccess access, Duration patience)
      throws InterruptedException {
    Semaphore news = new Semaphore(0);
    watchers.onWake(Watchers.Kind.CLUSTER, id -> news.release());
    ClusterWatcher watcher = watchers.watch(ResourceID.fromResource(cluster), access);
    Instant deadline = clock.instant().plus(patience);
    while (true) {
      Observation seen = watcher.observation();
      if (seen.trouble().isPresent()) {
        throw new Unanswered(seen.trouble().get().problem().message());
      }
      boolean late = clock.instant().isAfter(deadline);
      if (seen.facts().isPresent() && (late || isComplete(seen.facts().get()))) {
        return answer(seen.facts().get(), access);
      }
      if (late) {
        throw new Unanswered(
            "its nodes did not report enough within " + patience.toSeconds() + " s");
      }
      news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Whether each member that is online told how much memory it has, which comes last. */
  private static boolean isComplete(ClusterFacts facts) {
    return facts.members().entrySet().stream()
        .filter(Map.Entry::getValue)
        .allMatch(
            member ->
                Optional.ofNullable(facts.health().nodes().get(member.getKey()))
                    .map(NodeFacts::load)
                    .flatMap(Fact::value)
                    .isPresent());
  }

  private Readiness answer(ClusterFacts facts, ClusterAccess access) {
    if (!facts.fast().isQuorate()) {
      throw new Unanswered("no quorate member answers, so HA takes no action now");
    }
    ProxmoxClusterStatus status =
        new ClusterStatus(
                cluster.getSpec(),
                cluster.reported(),
                facts,
                access,
                Map.of(),
                new Conditions(),
                clock.instant())
            .status();
    return Readiness.of(LiveClusterReader.of(facts, status), Optional.empty());
  }
}
