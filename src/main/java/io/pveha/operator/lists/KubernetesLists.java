package io.pveha.operator.lists;

import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether each kind that the operator watches was listed once. Before that, what a cache lacks may
 * well exist: the older owner of a guest, what belongs to a cluster that is being deleted, a
 * Secret. So nothing is reconciled before all are there, however long the API server takes; the
 * operator says what it waits for, and goes on trying.
 */
public final class KubernetesLists {

  /** How often it is said what is waited for. */
  private static final Duration TELL = Duration.ofMinutes(1);

  /** When those that must wait look again. */
  public static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  /** Objects in an answer: a list of thousands at once takes too long. */
  public static final long PAGE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesLists.class);

  private record Watched(
      String controller, String kind, InformerWrappingEventSourceHealthIndicator<?> informers) {}

  private final Clock clock;
  private final int controllers;
  private final Runnable whenComplete;
  private final Map<String, List<Watched>> watched = new ConcurrentHashMap<>();
  private Instant tellAt;
  private volatile boolean complete;

  /**
   * Lists that come.
   *
   * @param controllers how many controllers will name what they watch
   * @param whenComplete is run once, when the last list is there
   */
  public KubernetesLists(Clock clock, int controllers, Runnable whenComplete) {
    this.clock = clock;
    this.controllers = controllers;
    this.whenComplete = whenComplete;
    this.tellAt = clock.instant().plus(TELL);
  }

  /** Those of whoever fills the caches itself. */
  public static KubernetesLists complete(Clock clock) {
    KubernetesLists lists = new KubernetesLists(clock, 0, () -> {});
    lists.complete = true;
    return lists;
  }

  /** A controller watches these; what is no informer is passed over. */
  public void watches(String controller, Map<String, Object> sourcesByKind) {
    List<Watched> informers = new ArrayList<>();
    sourcesByKind.forEach(
        (kind, source) -> {
          if (source instanceof InformerWrappingEventSourceHealthIndicator<?> informer) {
            informers.add(new Watched(controller, kind, informer));
          }
        });
    watched.put(controller, informers);
  }

  /** Whether all is listed; says now and then what is not. */
  public boolean areComplete() {
    if (complete) {
      return true;
    }
    List<String> missing = missing();
    synchronized (this) {
      if (complete) {
        return true;
      }
      if (missing.isEmpty()) {
        complete = true;
        whenComplete.run();
        return true;
      }
      if (!clock.instant().isBefore(tellAt)) {
        tellAt = clock.instant().plus(TELL);
        LOG.warn("{}", sentence(missing));
      }
    }
    return false;
  }

  /** What is not listed yet; empty when all is. */
  public List<String> missing() {
    if (complete) {
      return List.of();
    }
    if (watched.size() < controllers) {
      return List.of("all kinds");
    }
    return watched.values().stream()
        .flatMap(List::stream)
        .filter(one -> !isListed(one.informers()))
        .map(Watched::kind)
        .distinct()
        .sorted()
        .toList();
  }

  /** Says what is waited for, and what to do. */
  public static String sentence(List<String> missing) {
    return ("Kubernetes has not listed %s yet, so nothing is reconciled. If the operator may not"
            + " list them, grant it: %s")
        .formatted(
            String.join(", ", missing),
            missing.stream()
                .map(
                    kind ->
                        "kubectl auth can-i list %s -A --as=system:serviceaccount:NAMESPACE:NAME"
                            .formatted(kind))
                .collect(Collectors.joining("; ")));
  }

  private static boolean isListed(InformerWrappingEventSourceHealthIndicator<?> source) {
    return !source.informerHealthIndicators().isEmpty()
        && source.informerHealthIndicators().values().stream()
            .allMatch(informer -> informer.hasSynced());
  }
}
