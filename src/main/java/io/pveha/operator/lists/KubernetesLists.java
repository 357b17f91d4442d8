package io.pveha.operator.lists;

import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether each kind that the operator watches was listed once. Before that, what a cache lacks may
 * well exist: the older owner of a guest, what belongs to a cluster that is being deleted, a
 * Secret. So nothing is reconciled before all are there, however long the API server takes; the
 * operator says what it waits for, and goes on trying.
 */
public final class KubernetesLists {

  /**
   * How often it is said what is waited for, and how long a watch may be interrupted: the API
   * server ends each now and then, and may be away for a moment.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /** When those that must wait look again. */
  public static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  /** Objects in an answer: a list of thousands at once takes too long. */
  public static final long PAGE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesLists.class);

  private record Watched(
      String controller, String kind, BooleanSupplier listed, BooleanSupplier watched) {}

  /**
   * What a controller can't know now.
   *
   * @param message names the kinds and what to do
   * @param lasting whether it is so for longer than a moment
   */
  public record Gap(String message, boolean lasting) {}

  private final Clock clock;
  private final int controllers;
  private final Runnable whenComplete;
  private final Map<String, List<Watched>> watched = new ConcurrentHashMap<>();
  private final Map<Watched, Instant> unwatchedSince = new ConcurrentHashMap<>();
  private final Instant since;
  private Instant tellAt;
  private volatile boolean complete;
  private volatile boolean filledElsewhere;

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
    this.since = clock.instant();
    this.tellAt = since.plus(PATIENCE);
  }

  /** Those of whoever fills the caches itself. */
  public static KubernetesLists complete(Clock clock) {
    KubernetesLists lists = new KubernetesLists(clock, 0, () -> {});
    lists.complete = true;
    lists.filledElsewhere = true;
    return lists;
  }

  /** A controller watches these; what is no informer is passed over. */
  public void watches(String controller, Map<String, Object> sourcesByKind) {
    if (filledElsewhere) {
      return;
    }
    List<Watched> informers = new ArrayList<>();
    sourcesByKind.forEach(
        (kind, source) -> {
          if (source instanceof InformerWrappingEventSourceHealthIndicator<?> informer) {
            informers.add(
                new Watched(
                    controller,
                    kind,
                    () -> isEach(informer, InformerHealthIndicator::hasSynced),
                    () -> isEach(informer, InformerHealthIndicator::isWatching)));
          }
        });
    watched.put(controller, informers);
  }

  /** A controller watches this kind, too, in a cache of another make. */
  public void watches(
      String controller, String kind, BooleanSupplier listed, BooleanSupplier isWatched) {
    watched.merge(
        controller,
        List.of(new Watched(controller, kind, listed, isWatched)),
        (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
  }

  /**
   * What a controller can't know now: before all kinds were listed, and when one that it watches is
   * told of no longer. Nothing may rest on its caches then. Empty when it knows all.
   */
  public Optional<Gap> gap(String controller) {
    if (!areComplete()) {
      return Optional.of(
          new Gap(sentence(missing()), !clock.instant().isBefore(since.plus(PATIENCE))));
    }
    List<String> silent = silent(controller);
    return silent.isEmpty() ? Optional.empty() : Optional.of(new Gap(silence(silent), true));
  }

  /** Kinds whose changes nobody has told of for longer than a moment. */
  public List<String> silent() {
    return watched.keySet().stream()
        .flatMap(controller -> silent(controller).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** Kinds that are not watched at this moment, which may be over in the next. */
  public List<String> interrupted() {
    return watched.values().stream()
        .flatMap(List::stream)
        .filter(one -> !one.watched().getAsBoolean())
        .map(Watched::kind)
        .distinct()
        .sorted()
        .toList();
  }

  private List<String> silent(String controller) {
    Instant now = clock.instant();
    List<String> silent = new ArrayList<>();
    for (Watched one : watched.getOrDefault(controller, List.of())) {
      if (one.watched().getAsBoolean()) {
        unwatchedSince.remove(one);
      } else {
        Instant lostAt = unwatchedSince.computeIfAbsent(one, unused -> now);
        if (!now.isBefore(lostAt.plus(PATIENCE))) {
          silent.add(one.kind());
        }
      }
    }
    return silent.stream().distinct().sorted().toList();
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
        tellAt = clock.instant().plus(PATIENCE);
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
        .filter(one -> !one.listed().getAsBoolean())
        .map(Watched::kind)
        .distinct()
        .sorted()
        .toList();
  }

  /** Says what is waited for, and what to do. */
  public static String sentence(List<String> missing) {
    return "Kubernetes has not listed %s yet, so nothing is reconciled. If the operator may not list them, grant it: %s"
        .formatted(String.join(", ", missing), questions("list", missing));
  }

  private static String silence(List<String> kinds) {
    return "Kubernetes tells of no changes of %s any more, so nothing that rests on them is done. If the operator may not list and watch them, grant it: %s; %s"
        .formatted(String.join(", ", kinds), questions("list", kinds), questions("watch", kinds));
  }

  private static String questions(String verb, List<String> kinds) {
    return kinds.stream()
        .map(
            kind ->
                "kubectl auth can-i %s %s -A --as=system:serviceaccount:NAMESPACE:NAME"
                    .formatted(verb, kind))
        .collect(Collectors.joining("; "));
  }

  private static boolean isEach(
      InformerWrappingEventSourceHealthIndicator<?> source, Predicate<InformerHealthIndicator> so) {
    return !source.informerHealthIndicators().isEmpty()
        && source.informerHealthIndicators().values().stream().allMatch(so);
  }
}
