package io.pveha.proxmox;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads answers as leniently as Proxmox writes them: numbers come as text, booleans as 1 and 0, and
 * newer versions add fields.
 */
final class Answers {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .registerModule(
              new SimpleModule()
                  .addDeserializer(int.class, new Figure<>(int.class))
                  .addDeserializer(Integer.class, new Figure<>(Integer.class))
                  .addDeserializer(long.class, new Figure<>(long.class))
                  .addDeserializer(Long.class, new Figure<>(Long.class))
                  .addDeserializer(double.class, new Figure<>(double.class))
                  .addDeserializer(Double.class, new Figure<>(Double.class))
                  .addDeserializer(boolean.class, new Flag(false))
                  .addDeserializer(Boolean.class, new Flag(null)));

  /** The end of the year 9999. */
  private static final long LAST_SECOND = 253402300799L;

  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private Answers() {}

  /**
   * One object.
   *
   * @throws ProxmoxFailure.NotProxmox when the answer has another form
   */
  static <T> T read(JsonNode data, Class<T> type) {
    try {
      return JSON.treeToValue(object(data), type);
    } catch (JsonProcessingException e) {
      throw strange("%s can't be read%s".formatted(type.getSimpleName(), field(e)));
    }
  }

  /** What must be an object, since its absence must not read as one without fields. */
  static JsonNode object(JsonNode data) {
    if (!data.isObject()) {
      throw strange("it is not an object");
    }
    return data;
  }

  static ProxmoxFailure strange(String what) {
    return new ProxmoxFailure.NotProxmox("the answer is not what Proxmox gives: " + what);
  }

  private static String field(JsonProcessingException problem) {
    String path =
        problem instanceof JsonMappingException
            ? ((JsonMappingException) problem)
                .getPath().stream()
                    .map(JsonMappingException.Reference::getFieldName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("."))
            : "";
    return path.isEmpty() ? "" : " because of " + path;
  }

  /**
   * The rows that can be read, each key once. What is no list is not an empty one: that nothing is
   * there must be told.
   *
   * @param key what tells the rows apart; null or blank for a row that is none
   */
  static <T> Rows<T> rows(JsonNode data, Class<T> type, Function<T, String> key) {
    if (!data.isArray()) {
      throw strange("it is not a list");
    }
    Map<String, T> rows = new LinkedHashMap<>();
    Optional<String> problem = Optional.empty();
    int number = 0;
    for (JsonNode row : data) {
      number++;
      Optional<String> wrong = add(row, type, key, rows);
      if (problem.isEmpty() && wrong.isPresent()) {
        problem = Optional.of("row %d %s".formatted(number, wrong.get()));
      }
    }
    return new Rows<>(List.copyOf(rows.values()), problem);
  }

  /** Adds a row to those that were read; tells what is wrong with it. */
  private static <T> Optional<String> add(
      JsonNode row, Class<T> type, Function<T, String> key, Map<String, T> rows) {
    T read;
    try {
      read = JSON.treeToValue(object(row), type);
    } catch (JsonProcessingException unreadable) {
      return Optional.of("can't be read" + field(unreadable));
    } catch (ProxmoxFailure.NotProxmox unreadable) {
      return Optional.of("can't be read");
    }
    String name = key.apply(read);
    if (name == null || name.isBlank()) {
      return Optional.of("does not say what it is about");
    }
    T twin = rows.putIfAbsent(name, read);
    return twin == null || twin.equals(read)
        ? Optional.empty()
        : Optional.of("contradicts another one");
  }

  /** The same, if every row can be read: of a list whose gaps mean something by themselves. */
  static <T> List<T> allRows(JsonNode data, Class<T> type, Function<T, String> key) {
    Rows<T> rows = rows(data, type, key);
    Rows.problem(rows)
        .ifPresent(
            problem -> {
              throw strange(problem);
            });
    return rows;
  }

  /** Entries of an object, without those that can't be read. */
  static <T> Map<String, T> entries(JsonNode object, Class<T> type) {
    Map<String, T> entries = new TreeMap<>();
    object
        .properties()
        .forEach(
            entry -> {
              try {
                if (!entry.getKey().isBlank()) {
                  entries.put(entry.getKey(), read(entry.getValue(), type));
                }
              } catch (ProxmoxFailure.NotProxmox unreadable) {
                entries.remove(entry.getKey());
              }
            });
    return entries;
  }

  /** A moment in seconds since 1970; empty for none, and for what no calendar has. */
  static Optional<Instant> time(long seconds) {
    return seconds > 0 && seconds <= LAST_SECOND
        ? Optional.of(Instant.ofEpochSecond(seconds))
        : Optional.empty();
  }

  /** What may stand where a node is named; null for what may not. */
  static String nodeName(String text) {
    return text != null && NODE.matcher(text).matches() ? text : null;
  }

  /**
   * A number. One that is none, as {@code N/A}, must not take the rest of the answer away, and one
   * that its type can't hold is cut to the greatest or least.
   */
  private static final class Figure<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 40;

    private final Class<T> type;

    Figure(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    public T getNullValue(DeserializationContext context) {
      return type.isPrimitive() ? typed(0, 0) : null;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_NUMBER_INT -> whole(parser.getBigIntegerValue());
        case VALUE_NUMBER_FLOAT -> broken(parser.getDoubleValue(), context);
        case VALUE_STRING -> text(parser.getText().strip(), context);
        default -> {
          parser.skipChildren();
          yield getNullValue(context);
        }
      };
    }

    private T text(String text, DeserializationContext context) {
      if (text.matches("[+-]?[0-9]{1,%d}".formatted(LONGEST))) {
        return whole(new BigInteger(text));
      }
      try {
        return text.length() > LONGEST
            ? getNullValue(context)
            : broken(Double.parseDouble(text), context);
      } catch (NumberFormatException none) {
        return getNullValue(context);
      }
    }

    private T whole(BigInteger number) {
      BigInteger cut =
          number.max(BigInteger.valueOf(Long.MIN_VALUE)).min(BigInteger.valueOf(Long.MAX_VALUE));
      return typed(cut.longValue(), number.doubleValue());
    }

    private T broken(double number, DeserializationContext context) {
      return Double.isNaN(number) || Double.isInfinite(number)
          ? getNullValue(context)
          : typed((long) number, number);
    }

    @SuppressWarnings("unchecked")
    private T typed(long whole, double broken) {
      if (type == double.class || type == Double.class) {
        return (T) (Double) broken;
      }
      if (type == long.class || type == Long.class) {
        return (T) (Long) whole;
      }
      return (T) (Integer) (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, whole));
    }
  }

  /**
   * Yes or no, in any of Proxmox's words. What is neither is not guessed: its row, or its answer,
   * can't be read.
   */
  private static final class Flag extends StdDeserializer<Boolean> {
    private static final long serialVersionUID = 1L;

    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    /** Perl's own no is an empty text. */
    private static final Set<String> NO = Set.of("0", "false", "no", "off", "");

    /** What a flag that is not told is taken for. */
    private final Boolean absent;

    Flag(Boolean absent) {
      super(Boolean.class);
      this.absent = absent;
    }

    @Override
    public Boolean getNullValue(DeserializationContext context) {
      return absent;
    }

    @Override
    public Boolean deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text =
          parser.currentToken().isScalarValue()
              ? parser.getText().strip().toLowerCase(Locale.ROOT)
              : parser.currentToken().name();
      if (YES.contains(text)) {
        return true;
      }
      if (NO.contains(text)) {
        return false;
      }
      throw JsonMappingException.from(parser, "neither yes nor no");
    }
  }
}
