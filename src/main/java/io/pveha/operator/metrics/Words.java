package io.pveha.operator.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.stream.Stream;

/** Words of our API as values of labels. */
final class Words {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Words() {}

  /** As it is written in a status. */
  static String of(Enum<?> value) {
    return JSON.convertValue(value, String.class);
  }

  /** One series for each of the states that there are, 1 for the one that it is. */
  static <E extends Enum<E>> List<Figure> figures(String name, Tags tags, E[] all, E now) {
    return Stream.of(all)
        .map(state -> Figure.of(name, tags.and("state", of(state)), state == now))
        .toList();
  }
}
