package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.math.BigInteger;

/**
 * Reads a status whoever wrote it. What the schema lets pass and the records can't hold, such as a
 * number of twenty digits or the 99th hour, is left out or cut to size: one field that can't be
 * read would otherwise stop the informer for every object of the kind.
 */
final class StatusReader extends StdDeserializer<Object> implements ContextualDeserializer {

  private static final long serialVersionUID = 1L;

  private static final ObjectMapper LENIENT =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          .registerModule(new JavaTimeModule())
          .registerModule(
              new SimpleModule()
                  .addDeserializer(Integer.class, new Cut<>(Integer.class))
                  .addDeserializer(Long.class, new Cut<>(Long.class)))
          .addHandler(new LeftOut())
          .addMixIn(ProxmoxClusterStatus.class, AsDeclared.class)
          .addMixIn(ZfsPoolStatus.class, AsDeclared.class)
          .addMixIn(ReplicationJobStatus.class, AsDeclared.class)
          .addMixIn(HaResourceStatus.class, AsDeclared.class);

  private final JavaType type;

  StatusReader() {
    this(null);
  }

  private StatusReader(JavaType type) {
    super(Object.class);
    this.type = type;
  }

  @Override
  public JsonDeserializer<?> createContextual(
      DeserializationContext context, BeanProperty property) {
    return new StatusReader(context.getContextualType());
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    JsonNode tree = context.readTree(parser);
    return tree.isObject() ? LENIENT.treeToValue(tree, type) : null;
  }

  /** Takes the annotation off that led here. */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  private interface AsDeclared {}

  private static final class LeftOut extends DeserializationProblemHandler {

    @Override
    public Object handleWeirdStringValue(
        DeserializationContext context, Class<?> type, String value, String problem) {
      return null;
    }

    @Override
    public Object handleWeirdNumberValue(
        DeserializationContext context, Class<?> type, Number value, String problem) {
      return null;
    }

    @Override
    public Object handleUnexpectedToken(
        DeserializationContext context,
        JavaType type,
        JsonToken token,
        JsonParser parser,
        String problem)
        throws IOException {
      parser.skipChildren();
      return null;
    }

    @Override
    public Object handleMissingInstantiator(
        DeserializationContext context,
        Class<?> type,
        ValueInstantiator instantiator,
        JsonParser parser,
        String problem)
        throws IOException {
      parser.skipChildren();
      return null;
    }

    @Override
    public Object handleInstantiationProblem(
        DeserializationContext context, Class<?> type, Object argument, Throwable problem) {
      return null;
    }
  }

  /** A whole number, cut to what its type can hold. */
  private static final class Cut<T extends Number> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;

    Cut(Class<T> type) {
      super(type);
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      if (!parser.currentToken().isNumeric()) {
        parser.skipChildren();
        return null;
      }
      boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
      BigInteger number =
          whole ? parser.getBigIntegerValue() : BigInteger.valueOf((long) parser.getDoubleValue());
      boolean small = handledType() == Integer.class;
      BigInteger least = BigInteger.valueOf(small ? Integer.MIN_VALUE : Long.MIN_VALUE);
      BigInteger most = BigInteger.valueOf(small ? Integer.MAX_VALUE : Long.MAX_VALUE);
      BigInteger cut = number.max(least).min(most);
      return (T) (small ? (Number) cut.intValue() : (Number) cut.longValue());
    }
  }
}
