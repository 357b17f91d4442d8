package io.pveha.operator.health;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.PlainText;
import io.pveha.operator.status.Conditions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What others say of the nodes of a cluster: in ConfigMaps that have the label {@link
 * ApiNames#NODE_CONDITIONS}, one key per node, one list of conditions as YAML or JSON per key.
 * Whoever may write one may make a health rule apply, and nothing else: no word in it is trusted.
 * What can't be read is left out and told, and what it said before is Unknown.
 */
public final class OutsideConditions {

  /** More than anybody needs, and status stays small. */
  private static final int MOST_OF_A_NODE = 32;

  private static final int LONGEST_MESSAGE = 1024;
  private static final int MOST_TOLD = 5;

  private static final YAMLMapper YAML = new YAMLMapper();

  /** As a rule may name it, and with a domain, so that it never meets one of ours. */
  private static final Pattern TYPE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?/[A-Z][A-Za-z0-9]*");

  private static final int LONGEST_TYPE = 128;

  private static final Pattern REASON =
      Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]{0,254}[A-Za-z0-9_])?");

  private static final Set<String> OURS =
      Set.copyOf(Arrays.stream(NodeConditionType.values()).map(NodeConditionType::text).toList());

  private final Map<String, Map<String, Condition>> byNode = new TreeMap<>();
  private final Map<String, String> tellers = new HashMap<>();
  private final Set<String> doubtful = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  private OutsideConditions() {}

  /** The cluster that a ConfigMap speaks of. */
  public static Set<ResourceID> cluster(ConfigMap map) {
    Map<String, String> labels = map.getMetadata().getLabels();
    String cluster = labels == null ? null : labels.get(ApiNames.NODE_CONDITIONS);
    return cluster == null || cluster.isBlank()
        ? Set.of()
        : Set.of(new ResourceID(cluster, map.getMetadata().getNamespace()));
  }

  /**
   * Reads them in the order of their names.
   *
   * @param nodes those of the cluster
   */
  public static OutsideConditions of(Collection<ConfigMap> maps, Set<String> nodes) {
    OutsideConditions all = new OutsideConditions();
    maps.stream()
        .sorted(Comparator.comparing(map -> map.getMetadata().getName()))
        .forEach(map -> all.read(map, nodes));
    return all;
  }

  private void read(ConfigMap map, Set<String> nodes) {
    String name = map.getMetadata().getName();
    Map<String, String> texts = new TreeMap<>();
    if (map.getData() != null) {
      texts.putAll(map.getData());
    }
    if (map.getBinaryData() != null) {
      map.getBinaryData().keySet().forEach(key -> texts.put(key, null));
    }
    texts.forEach(
        (node, text) -> {
          String where = "ConfigMap %s, key %s".formatted(name, node);
          if (nodes.contains(node)) {
            read(where, name, node, text);
          } else {
            problems.add("%s: the cluster has no node of that name.".formatted(where));
          }
        });
  }

  private void read(String where, String teller, String node, String text) {
    Optional<JsonNode> list = list(text);
    if (list.isEmpty()) {
      problems.add(
          ("%s: is not a list of conditions in YAML or JSON; write [{type: example.com/Hot, "
                  + "status: \"True\"}].")
              .formatted(where));
      doubtful.add(node);
      return;
    }
    int row = 0;
    for (JsonNode condition : list.get()) {
      row++;
      Optional<String> problem = read(teller, node, condition);
      if (problem.isPresent()) {
        problems.add("%s, condition %d: %s".formatted(where, row, problem.get()));
        doubtful.add(node);
      }
    }
  }

  private static Optional<JsonNode> list(String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode document = YAML.readTree(text);
      if (document.isMissingNode() || document.isNull()) {
        return Optional.of(YAML.createArrayNode());
      }
      if (document.isObject()) {
        return Optional.of(YAML.createArrayNode().add(document));
      }
      return Optional.of(document).filter(JsonNode::isArray);
    } catch (JsonProcessingException | RuntimeException unreadable) {
      // Anything may be written there, and YAML readers throw all kinds.
      return Optional.empty();
    }
  }

  /** Takes one condition; returns what is wrong with it. */
  private Optional<String> read(String teller, String node, JsonNode row) {
    String type = row.path("type").asText("");
    if (type.length() > LONGEST_TYPE || !TYPE.matcher(type).matches()) {
      return Optional.of("type must be a domain and a name, as in example.com/Hot.");
    }
    Map<String, Condition> told = byNode.computeIfAbsent(node, any -> new LinkedHashMap<>());
    String other = tellers.putIfAbsent(node + " " + type, teller);
    if (other != null) {
      return Optional.of("ConfigMap %s has %s of this node already.".formatted(other, type));
    }
    if (told.size() == MOST_OF_A_NODE) {
      return Optional.of("a node can have %d conditions of others.".formatted(MOST_OF_A_NODE));
    }
    Optional<ConditionStatus> status = status(row.path("status"));
    String reason = row.path("reason").asText("");
    told.put(
        type,
        new ConditionBuilder()
            .withType(type)
            .withStatus(status.orElse(ConditionStatus.UNKNOWN).text())
            .withReason(REASON.matcher(reason).matches() ? reason : "Unspecified")
            .withMessage(PlainText.of(row.path("message").asText(""), LONGEST_MESSAGE))
            .withLastTransitionTime(since(row.path("lastTransitionTime")))
            .build());
    return status.isPresent()
        ? Optional.empty()
        : Optional.of("status must be True, False or Unknown; %s is Unknown.".formatted(type));
  }

  /** YAML reads True as a truth value, where a condition has a text. */
  private static Optional<ConditionStatus> status(JsonNode written) {
    return Arrays.stream(ConditionStatus.values())
        .filter(status -> status.text().equalsIgnoreCase(written.asText("")))
        .findFirst();
  }

  /** Null when nothing is written there that can be a time. */
  private static String since(JsonNode written) {
    try {
      Instant since = OffsetDateTime.parse(written.asText("")).toInstant();
      return since.isBefore(Instant.EPOCH)
          ? null
          : since.truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (DateTimeException none) {
      return null;
    }
  }

  /**
   * The conditions of a node: ours as they are, and those of others as they say now. What is
   * neither ours nor in a ConfigMap goes.
   *
   * @param all ours and those that others had told by the last look
   */
  List<Condition> beside(String node, List<Condition> all, Instant now) {
    List<Condition> merged = new ArrayList<>();
    Map<String, Condition> before = new LinkedHashMap<>();
    for (Condition condition : all) {
      if (OURS.contains(condition.getType())) {
        merged.add(condition);
      } else {
        before.put(condition.getType(), condition);
      }
    }
    Map<String, Condition> told = new TreeMap<>(byNode.getOrDefault(node, Map.of()));
    if (doubtful.contains(node)) {
      before.forEach((type, condition) -> told.putIfAbsent(type, doubted(condition)));
    }
    told.values().stream()
        .map(condition -> timed(condition, before.get(condition.getType()), now))
        .forEach(merged::add);
    return merged;
  }

  private static Condition doubted(Condition before) {
    return new ConditionBuilder(before)
        .withStatus(ConditionStatus.UNKNOWN.text())
        .withReason(ConditionReason.CONDITIONS_UNREADABLE.text())
        .withMessage("A ConfigMap that speaks of this node can't be read.")
        .withLastTransitionTime(null)
        .build();
  }

  /** Where its author gives no time, or one to come, it counts from when it was first seen so. */
  private static Condition timed(Condition told, Condition before, Instant now) {
    if (told.getLastTransitionTime() != null
        && !Instant.parse(told.getLastTransitionTime()).isAfter(now)) {
      return told;
    }
    Instant since =
        before != null && Objects.equals(before.getStatus(), told.getStatus())
            ? Conditions.since(before, now)
            : now;
    return new ConditionBuilder(told)
        .withLastTransitionTime(since.truncatedTo(ChronoUnit.SECONDS).toString())
        .build();
  }

  /** What can't be read, and what to write; empty when all can. */
  Optional<String> problem() {
    if (problems.isEmpty()) {
      return Optional.empty();
    }
    String first = String.join(" ", problems.subList(0, Math.min(MOST_TOLD, problems.size())));
    return Optional.of(
        problems.size() > MOST_TOLD
            ? "%s And %d more.".formatted(first, problems.size() - MOST_TOLD)
            : first);
  }
}
