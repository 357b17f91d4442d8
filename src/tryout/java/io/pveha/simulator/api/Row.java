package io.pveha.simulator.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Builds one JSON object of an answer; flags become 0 and 1 where it is written. */
final class Row {

  private final Map<String, Object> values = new LinkedHashMap<>();

  private Row() {}

  static Row of(String key, Object value) {
    return new Row().put(key, value);
  }

  static Row of(Map<String, ?> values) {
    Row row = new Row();
    row.values.putAll(values);
    return row;
  }

  static Row empty() {
    return new Row();
  }

  Row put(String key, Object value) {
    values.put(key, value);
    return this;
  }

  Row putAll(Map<String, ?> more) {
    values.putAll(more);
    return this;
  }

  /** Left out when null. */
  Row maybe(String key, Object value) {
    if (value != null) {
      values.put(key, value);
    }
    return this;
  }

  /** Turns a text into a number, if the key is there. */
  Row numeric(String... keys) {
    for (String key : keys) {
      Object value = values.get(key);
      if (value instanceof String text) {
        values.put(key, text.contains(".") ? (Object) Double.valueOf(text) : Long.valueOf(text));
      }
    }
    return this;
  }

  Row drop(String... keys) {
    List.of(keys).forEach(values::remove);
    return this;
  }

  Map<String, Object> done() {
    return values;
  }

  /** The answer of calls that only list what lies below them. */
  static List<Map<String, Object>> index(String key, String... names) {
    return each(List.of(names), name -> of(key, name));
  }

  static <T> List<Map<String, Object>> each(List<T> items, Function<T, Row> row) {
    return items.stream().map(item -> row.apply(item).done()).toList();
  }
}
