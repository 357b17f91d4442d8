package io.pveha.proxmox;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads answers as leniently as Proxmox writes them: numbers come as text, booleans as 1 and 0, and
 * newer versions add fields.
 */
final class Answers {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addHandler(new Strange())
          .registerModule(
              new SimpleModule()
                  .addDeserializer(boolean.class, new Flag(false))
                  .addDeserializer(Boolean.class, new Flag(null)));

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
      throw strange("it is no object");
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

  /** A list of objects. What is no list is not an empty one: that nothing is there must be told. */
  static <T> List<T> readList(JsonNode data, Class<T> type) {
    if (!data.isArray()) {
      throw strange("it is no list");
    }
    return StreamSupport.stream(data.spliterator(), false).map(row -> read(row, type)).toList();
  }

  /** One number that is none, as {@code N/A}, must not take the rest of the answer away. */
  private static final class Strange extends DeserializationProblemHandler {
    @Override
    public Object handleWeirdStringValue(
        DeserializationContext context, Class<?> type, String value, String problem) {
      boolean number = type.isPrimitive() || Number.class.isAssignableFrom(type);
      return number ? null : NOT_HANDLED;
    }
  }

  private static final class Flag extends StdDeserializer<Boolean> {
    private static final long serialVersionUID = 1L;

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
      String text = parser.getValueAsString("");
      return switch (parser.currentToken()) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE, VALUE_NULL -> false;
        default -> !(text.isEmpty() || text.equals("0") || text.equals("false"));
      };
    }
  }
}
