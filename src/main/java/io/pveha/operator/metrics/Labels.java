package io.pveha.operator.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Values of our API as values of labels. */
final class Labels {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Labels() {}

  /** As it is written in a status. */
  static String of(Enum<?> value) {
    return JSON.convertValue(value, String.class);
  }
}
