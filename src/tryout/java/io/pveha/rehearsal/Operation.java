package io.pveha.rehearsal;

import io.pveha.core.placement.ServiceId;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something done to the simulated cluster, from the script or by the hardware.
 *
 * @param fields by the names of the scenario schema, without {@code op}; those that the kind
 *     requires are there and of the right type
 */
public record Operation(Kind kind, Map<String, Object> fields) {

  /** Shape of a field's value. */
  public enum Shape {
    NODE,
    SERVICE,
    TEXT,
    NUMBER,
    FLAG
  }

  /** A field of an operation, which may be optional or limited to some words. */
  record Field(String name, Shape shape, boolean required, List<String> words) {

    static Field of(String name, Shape shape) {
      return new Field(name, shape, true, List.of());
    }

    static Field optional(String name, Shape shape) {
      return new Field(name, shape, false, List.of());
    }

    static Field word(String name, String... words) {
      return new Field(name, Shape.TEXT, true, List.of(words));
    }
  }

  /** The operations of the scenario schema. */
  public enum Kind {
    POWER("power", Field.of("node", Shape.NODE), Field.word("value", "on", "off")),
    NETWORK("network", Field.of("node", Shape.NODE), Field.word("value", "on", "off")),
    DELAY("delay", Field.of("seconds", Shape.NUMBER)),
    SKIP_ROUND(
        "skipRound", Field.word("daemon", "crm", "lrm"), Field.optional("rounds", Shape.NUMBER)),
    CFS(
        "cfs",
        Field.of("node", Shape.NODE),
        Field.word("aspect", "rw", "update"),
        Field.word("value", "work", "fail")),
    SET_VERSION("setVersion", Field.of("node", Shape.NODE), Field.of("version", Shape.TEXT)),
    SHUTDOWN("shutdown", Field.of("node", Shape.NODE)),
    REBOOT("reboot", Field.of("node", Shape.NODE)),
    RESTART_LRM("restartLrm", Field.of("node", Shape.NODE)),
    CRM_STOP("crmStop", Field.of("node", Shape.NODE)),
    CRM_START("crmStart", Field.of("node", Shape.NODE)),
    MAINTENANCE_ENABLE("maintenanceEnable", Field.of("node", Shape.NODE)),
    MAINTENANCE_DISABLE("maintenanceDisable", Field.of("node", Shape.NODE)),
    DISARM("disarm", Field.of("node", Shape.NODE), Field.word("mode", "freeze", "ignore")),
    ARM("arm", Field.of("node", Shape.NODE)),
    SERVICE_REQUEST(
        "serviceRequest",
        Field.of("sid", Shape.SERVICE),
        Field.word("state", "started", "enabled", "stopped", "disabled", "ignored")),
    SERVICE_MIGRATE(
        "serviceMigrate", Field.of("sid", Shape.SERVICE), Field.of("target", Shape.NODE)),
    SERVICE_RELOCATE(
        "serviceRelocate", Field.of("sid", Shape.SERVICE), Field.of("target", Shape.NODE)),
    SERVICE_STOP("serviceStop", Field.of("sid", Shape.SERVICE), Field.of("timeout", Shape.NUMBER)),
    SERVICE_ADD(
        "serviceAdd",
        Field.of("sid", Shape.SERVICE),
        Field.of("node", Shape.NODE),
        Field.optional("state", Shape.TEXT),
        Field.optional("running", Shape.FLAG)),
    SERVICE_DELETE("serviceDelete", Field.of("sid", Shape.SERVICE)),
    SERVICE_LOCK("serviceLock", Field.of("sid", Shape.SERVICE), Field.optional("lock", Shape.TEXT)),
    SERVICE_UNLOCK(
        "serviceUnlock", Field.of("sid", Shape.SERVICE), Field.optional("lock", Shape.TEXT)),
    SERVICE_MANUAL_MIGRATE(
        "serviceManualMigrate", Field.of("sid", Shape.SERVICE), Field.of("target", Shape.NODE)),
    SERVICE_STATIC_LOAD(
        "serviceStaticLoad",
        Field.of("sid", Shape.SERVICE),
        Field.optional("maxCpu", Shape.NUMBER),
        Field.optional("maxMemory", Shape.NUMBER)),
    SERVICE_DYNAMIC_LOAD(
        "serviceDynamicLoad",
        Field.of("sid", Shape.SERVICE),
        Field.optional("cpu", Shape.NUMBER),
        Field.optional("memory", Shape.NUMBER));

    private final String word;
    private final List<Field> fields;

    Kind(String word, Field... fields) {
      this.word = word;
      this.fields = List.of(fields);
    }

    /** As the scenario schema writes it. */
    public String word() {
      return word;
    }
  }

  public Operation {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    for (Field field : kind.fields) {
      check(kind, field, fields.get(field.name()));
    }
  }

  private static void check(Kind kind, Field field, Object value) {
    String where = "operation '" + kind.word + "': ";
    if (value == null) {
      if (field.required()) {
        throw new IllegalArgumentException(where + "'" + field.name() + "' is missing");
      }
      return;
    }
    boolean right =
        switch (field.shape()) {
          case NODE, TEXT -> value instanceof String;
          case SERVICE -> value instanceof String sid && !ServiceId.of(sid).value().isEmpty();
          case NUMBER -> value instanceof Number number && number.doubleValue() >= 0;
          case FLAG -> value instanceof Boolean;
        };
    if (!right) {
      throw new IllegalArgumentException(where + "'" + field.name() + "' can't be '" + value + "'");
    }
    if (!field.words().isEmpty() && !field.words().contains(value)) {
      throw new IllegalArgumentException(
          where
              + "'"
              + field.name()
              + "' must be one of "
              + field.words()
              + ", not '"
              + value
              + "'");
    }
  }

  /** An operation from its fields, {@code op} included. */
  public static Operation of(Map<String, Object> facts) {
    Map<String, Object> fields = new LinkedHashMap<>(facts);
    Object op = fields.remove("op");
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(k -> k.word.equals(op))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("unknown command '" + op + "'"));
    return new Operation(kind, fields);
  }

  static Operation of(Kind kind, String name, Object value) {
    return new Operation(kind, Map.of(name, value));
  }

  static Operation power(String node, boolean on) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("node", node);
    fields.put("value", on ? "on" : "off");
    return new Operation(Kind.POWER, fields);
  }

  /** Nodes that it names. */
  public List<String> nodes() {
    return kind.fields.stream()
        .filter(field -> field.shape() == Shape.NODE && fields.containsKey(field.name()))
        .map(field -> (String) fields.get(field.name()))
        .toList();
  }

  /** For the {@code command} event. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("op", kind.word);
    facts.putAll(fields);
    return facts;
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  String text(String name) {
    return (String) fields.get(name);
  }

  String node() {
    return text("node");
  }

  String target() {
    return text("target");
  }

  ServiceId sid() {
    return ServiceId.of(text("sid"));
  }

  double number(String name) {
    return ((Number) fields.get(name)).doubleValue();
  }

  int whole(String name) {
    return ((Number) fields.get(name)).intValue();
  }

  boolean isOn() {
    return "on".equals(text("value"));
  }
}
