package io.pveha.app.rehearse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.rehearsal.RehearsedEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes events in the schema of the scenario documents, one a line. */
public final class EventWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  private EventWriter() {}

  /** The fields of an event in the schema's order. */
  public static Map<String, Object> fields(RehearsedEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("t", event.time());
    fields.put("actor", event.actor());
    fields.put("event", event.event().kind().word());
    if (event.event().level() != Level.INFO) {
      fields.put("level", event.event().level().name().toLowerCase(Locale.ROOT));
    }
    fields.putAll(event.event().facts());
    return fields;
  }

  /** All events as JSON lines. */
  public static String lines(List<RehearsedEvent> events) {
    StringBuilder lines = new StringBuilder();
    try {
      for (RehearsedEvent event : events) {
        lines.append(JSON.writeValueAsString(fields(event))).append('\n');
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event can't be written", e);
    }
    return lines.toString();
  }
}
