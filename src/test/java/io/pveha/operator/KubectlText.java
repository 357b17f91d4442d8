package io.pveha.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.simulator.api.SimulatorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code kubectl get har,repl,zpool,pxc} shows by the printer columns of the CRDs, then the
 * conditions of each object and the Events, as text whose times are relative to now.
 */
final class KubectlText {

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(HaResource.class, ReplicationJob.class, ZfsPool.class, ProxmoxCluster.class);

  private static final Map<Class<?>, String> FILES =
      Map.of(
          HaResource.class, "haresources",
          ReplicationJob.class, "replicationjobs",
          ZfsPool.class, "zfspools",
          ProxmoxCluster.class, "proxmoxclusters");

  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<field>[A-Za-z]+)(\\[\\?\\(@\\.(?<key>\\w+)==\"(?<value>[^\"]+)\"\\)]|\\[(?<index>\\d+)])?");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final VirtualStage stage;
  private final Instant since;
  private final Instant now;

  KubectlText(VirtualStage stage, Instant since) {
    this.stage = stage;
    this.since = since;
    this.now = stage.time.instant();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    KINDS.forEach(kind -> text.append(table(kind)).append('\n'));
    KINDS.forEach(kind -> objects(kind).forEach(object -> text.append(conditions(object))));
    text.append(events(stage.events()));
    return withoutPorts(text.toString());
  }

  private List<? extends HasMetadata> objects(Class<? extends HasMetadata> kind) {
    return stage.client.resources(kind).inNamespace(stage.namespace).list().getItems().stream()
        .sorted(java.util.Comparator.comparing(object -> object.getMetadata().getName()))
        .toList();
  }

  private String table(Class<? extends HasMetadata> kind) {
    JsonNode columns = columns(kind);
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("NAME"));
    columns.forEach(column -> head.add(column.path("name").asText().toUpperCase(Locale.ROOT)));
    rows.add(head);
    for (HasMetadata object : objects(kind)) {
      JsonNode json = JSON.valueToTree(Serialization.unmarshal(Serialization.asJson(object)));
      List<String> row = new ArrayList<>(List.of(object.getMetadata().getName()));
      columns.forEach(column -> row.add(cell(json, column)));
      rows.add(row);
    }
    return aligned(rows);
  }

  /** Those of {@code -o wide}, but the message, which follows, and the age, which is real time. */
  private JsonNode columns(Class<?> kind) {
    try {
      JsonNode crd =
          new YAMLMapper().readTree(Path.of("crds", FILES.get(kind) + ".pveha.io.yaml").toFile());
      JsonNode all = crd.at("/spec/versions/0/additionalPrinterColumns");
      var shown = JSON.createArrayNode();
      all.forEach(
          column -> {
            boolean told = column.path("name").asText().equals("Message");
            boolean age = column.path("jsonPath").asText().equals(".metadata.creationTimestamp");
            if (!told && !age) {
              shown.add(column);
            }
          });
      return shown;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String cell(JsonNode object, JsonNode column) {
    JsonNode value = object;
    Matcher step = STEP.matcher(column.path("jsonPath").asText());
    int end = 0;
    while (step.find() && step.start() == end) {
      value = one(value.path(step.group("field")), step);
      end = step.end();
    }
    if (end != column.path("jsonPath").asText().length()) {
      throw new IllegalArgumentException("unread JSONPath " + column.path("jsonPath"));
    }
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return column.path("type").asText().equals("date")
        ? age(Instant.parse(value.asText()))
        : value.isValueNode() ? value.asText() : value.toString();
  }

  private static JsonNode one(JsonNode field, Matcher step) {
    if (step.group("index") != null) {
      return field.path(Integer.parseInt(step.group("index")));
    }
    if (step.group("key") == null) {
      return field;
    }
    for (JsonNode element : field) {
      if (element.path(step.group("key")).asText().equals(step.group("value"))) {
        return element;
      }
    }
    return JSON.missingNode();
  }

  private String conditions(HasMetadata object) {
    List<List<String>> rows = new ArrayList<>();
    for (Condition condition : Stage.conditions(object)) {
      rows.add(
          List.of(
              "  " + condition.getType(),
              condition.getStatus(),
              condition.getReason(),
              age(Instant.parse(condition.getLastTransitionTime())),
              condition.getMessage()));
    }
    return "%s/%s%n%s%n"
        .formatted(
            object.getKind().toLowerCase(Locale.ROOT),
            object.getMetadata().getName(),
            aligned(rows));
  }

  private String events(List<Event> events) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("LAST", "TYPE", "REASON", "OBJECT", "MESSAGE"));
    for (Event event : events) {
      if (Instant.parse(event.getLastTimestamp()).isBefore(since)) {
        continue;
      }
      rows.add(
          List.of(
              age(Instant.parse(event.getLastTimestamp())),
              event.getType(),
              event.getReason(),
              "%s/%s"
                  .formatted(
                      event.getInvolvedObject().getKind().toLowerCase(Locale.ROOT),
                      event.getInvolvedObject().getName()),
              event.getMessage()));
    }
    return aligned(rows);
  }

  /** As kubectl writes ages. */
  private String age(Instant then) {
    Duration age = Duration.between(then, now);
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 600) {
      return minutes(seconds / 60, seconds % 60, "m", "s");
    }
    return seconds < 3 * 3600
        ? seconds / 60 + "m"
        : minutes(seconds / 3600, seconds / 60 % 60, "h", "m");
  }

  private static String minutes(long large, long small, String largeUnit, String smallUnit) {
    return large + largeUnit + (small == 0 ? "" : small + smallUnit);
  }

  private static String aligned(List<List<String>> rows) {
    Map<Integer, Integer> widths = new LinkedHashMap<>();
    rows.forEach(
        row -> {
          for (int at = 0; at < row.size(); at++) {
            widths.merge(at, row.get(at).length(), Math::max);
          }
        });
    return rows.stream()
        .map(
            row -> {
              StringBuilder line = new StringBuilder();
              for (int at = 0; at < row.size(); at++) {
                line.append(row.get(at))
                    .append(" ".repeat(widths.get(at) - row.get(at).length() + 3));
              }
              return line.toString().stripTrailing() + "\n";
            })
        .collect(Collectors.joining());
  }

  /** Ports are other ones each time. */
  private String withoutPorts(String text) {
    String stable = text;
    for (SimulatorInfo.Node node : stage.info().nodes()) {
      stable = stable.replace(node.address(), node.ip() + ":8006");
    }
    return stable;
  }
}
