package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.PlainText;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of changes once: an Event and a line in the log per transition, none per loop. */
public final class Transitions {

  private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);
  private static final String REPORTER = "proxmox-ha-operator";

  /** The API server takes 1024 bytes of most languages. */
  private static final int LONGEST_EVENT = 1000;

  /** These say nothing that Ready does not say. */
  private static final Set<String> SILENT =
      Set.of(ConditionType.RECONCILING.text(), ConditionType.STALLED.text());

  private static final Set<String> OUT_OF_SIGHT =
      Set.of(
          ConditionReason.WAITING_FOR_CLUSTER.text(),
          ConditionReason.CLUSTER_NOT_FOUND.text(),
          ConditionReason.ENDPOINT_UNREACHABLE.text());

  private final KubernetesClient client;
  private final Clock clock;

  public Transitions(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Tells what changed between two lists of conditions of an object. What is said in the same words
   * is told together, for the reason that stands first.
   */
  public void announce(HasMetadata object, List<Condition> former, List<Condition> now) {
    Map<String, List<Condition>> news = new LinkedHashMap<>();
    now.stream()
        .filter(condition -> !SILENT.contains(condition.getType()))
        .filter(condition -> changed(former, condition))
        .forEach(
            condition ->
                news.computeIfAbsent(condition.getMessage(), message -> new ArrayList<>())
                    .add(condition));
    news.forEach((message, conditions) -> tell(object, message, conditions));
  }

  /** Tells of something that is no condition, as that a step was taken. */
  public void tell(HasMetadata object, boolean good, String reason, String message) {
    LOG.info(
        "{} {}/{}: {}: {}",
        object.getKind(),
        object.getMetadata().getNamespace(),
        object.getMetadata().getName(),
        reason,
        PlainText.of(message, PlainText.LONGEST_MESSAGE));
    try {
      client.v1().events().resource(event(object, good, reason, message)).create();
    } catch (KubernetesClientException notTold) {
      // An Event is a courtesy: the same is in the conditions.
      LOG.debug("No Event for {}: {}", reason, notTold.getMessage());
    }
  }

  private static boolean changed(List<Condition> former, Condition condition) {
    Optional<Condition> before =
        former.stream().filter(c -> c.getType().equals(condition.getType())).findFirst();
    // The first word on something that is well is no news, but for the whole.
    boolean firstWord =
        ConditionMeaning.isBad(condition) || condition.getType().equals(ConditionType.READY.text());
    if (before.filter(Transitions::isOutOfSight).isPresent()) {
      return firstWord || ConditionMeaning.isAmiss(condition);
    }
    return before
        .map(
            c ->
                !c.getStatus().equals(condition.getStatus())
                    || !Objects.equals(c.getReason(), condition.getReason()))
        .orElse(firstWord);
  }

  /** Ready tells when it is in sight again, for all that is well. */
  private static boolean isOutOfSight(Condition condition) {
    return condition.getStatus().equals(ConditionStatus.UNKNOWN.text())
        && OUT_OF_SIGHT.contains(condition.getReason());
  }

  private void tell(HasMetadata object, String message, List<Condition> conditions) {
    String changes =
        conditions.stream()
            .map(condition -> condition.getType() + " is " + condition.getStatus())
            .collect(Collectors.joining(", "));
    tell(
        object,
        conditions.stream().noneMatch(ConditionMeaning::isBad),
        conditions.get(0).getReason(),
        changes + ": " + message);
  }

  private Event event(HasMetadata object, boolean good, String reason, String message) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(object.getMetadata().getNamespace())
        .withGenerateName(object.getMetadata().getName() + ".")
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withNamespace(object.getMetadata().getNamespace())
        .withName(object.getMetadata().getName())
        .withUid(object.getMetadata().getUid())
        .endInvolvedObject()
        .withType(good ? "Normal" : "Warning")
        .withReason(reason)
        .withMessage(PlainText.of(message, LONGEST_EVENT))
        .withFirstTimestamp(now.toString())
        .withLastTimestamp(now.toString())
        .withCount(1)
        .withReportingComponent(REPORTER)
        .withNewSource()
        .withComponent(REPORTER)
        .endSource()
        .build();
  }
}
