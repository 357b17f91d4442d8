package io.pveha.simulator.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** JSON as the real server writes it: flags are 0 and 1. */
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private static final ObjectMapper PERL =
      new ObjectMapper()
          .registerModule(new SimpleModule().addSerializer(Boolean.class, new Flag(Boolean.class)));

  private Json() {}

  static String perl(Object value) {
    try {
      return PERL.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String plain(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static final class Flag extends StdSerializer<Boolean> {
    private static final long serialVersionUID = 1L;

    Flag(Class<Boolean> type) {
      super(type);
    }

    @Override
    public void serialize(Boolean value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value ? 1 : 0);
    }
  }
}
