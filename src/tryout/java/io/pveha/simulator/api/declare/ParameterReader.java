package io.pveha.simulator.api.declare;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads one parameter's line. */
final class ParameterReader {

  private final Function<String, List<Parameter>> formats;

  private boolean bare;
  private Parameter.Type type = Parameter.Type.STRING;
  private List<String> alternatives = List.of();
  private String format;
  private List<Parameter> keys;
  private BigDecimal minimum;
  private BigDecimal maximum;
  private int shortest;
  private Integer longest;
  private String requires;
  private Pattern pattern;

  private ParameterReader(Function<String, List<Parameter>> formats) {
    this.formats = formats;
  }

  /**
   * Reads what stands behind the dash.
   *
   * @param formats the keys of a {@code format} section by its name
   */
  static Parameter read(String line, Function<String, List<Parameter>> formats) {
    return new ParameterReader(formats).parameter(line);
  }

  private Parameter parameter(String line) {
    int tilde = line.indexOf(" ~ ");
    if (tilde >= 0) {
      pattern = Pattern.compile(javaSyntax(line.substring(tilde + 3)));
    }
    String declared = tilde < 0 ? line : line.substring(0, tilde);
    Deque<String> words = new ArrayDeque<>(Arrays.asList(declared.strip().split("\\s+")));
    String first = words.remove();
    boolean optional = first.endsWith("?");
    String name = optional ? first.substring(0, first.length() - 1) : first;
    if ("=".equals(words.peek())) {
      words.remove();
      return alias(name, words.remove());
    }
    if ("*".equals(words.peek())) {
      words.remove();
      bare = true;
    }
    type(words.remove());
    while (!words.isEmpty()) {
      attribute(words.remove(), words);
    }
    return made(name, optional, null, null);
  }

  private Parameter alias(String name, String target) {
    String[] parts = target.split("/");
    return made(name, true, parts[0], parts.length > 1 ? parts[1] : null);
  }

  private Parameter made(String name, boolean optional, String alias, String keyAlias) {
    return new Parameter(
        name,
        optional,
        bare,
        type,
        alternatives,
        format,
        keys,
        minimum,
        maximum,
        shortest,
        longest,
        requires,
        pattern,
        alias,
        keyAlias);
  }

  private void type(String word) {
    if (word.startsWith("$")) {
      keys = formats.apply(word.substring(1));
      return;
    }
    int colon = word.indexOf(':');
    String base = colon < 0 ? word : word.substring(0, colon);
    String rest = colon < 0 ? "" : word.substring(colon + 1);
    switch (base) {
      case "string" -> type = Parameter.Type.STRING;
      case "integer" -> type = Parameter.Type.INTEGER;
      case "number" -> type = Parameter.Type.NUMBER;
      case "boolean" -> type = Parameter.Type.BOOLEAN;
      default -> rest = word;
    }
    if (rest.contains("|")) {
      alternatives = Arrays.stream(rest.split("\\|")).filter(value -> !value.isEmpty()).toList();
    } else if (!rest.isEmpty()) {
      format = rest;
    }
  }

  private void attribute(String word, Deque<String> words) {
    switch (word) {
      case "requires" -> requires = words.remove();
      case "len" -> {
        String[] bounds = bounds(words.remove());
        shortest = bounds[0].isEmpty() ? 0 : Integer.parseInt(bounds[0]);
        longest = bounds[1].isEmpty() ? null : Integer.valueOf(bounds[1]);
      }
      default -> {
        String[] bounds = bounds(word);
        minimum = bounds[0].isEmpty() ? null : new BigDecimal(bounds[0]);
        maximum = bounds[1].isEmpty() ? null : new BigDecimal(bounds[1]);
      }
    }
  }

  private static String[] bounds(String word) {
    int dots = word.indexOf("..");
    if (dots < 0) {
      throw new IllegalArgumentException("no bounds: " + word);
    }
    return new String[] {word.substring(0, dots), word.substring(dots + 2)};
  }

  /** Perl's shorthand for flags and for an open lower bound, in Java's words. */
  static String javaSyntax(String perl) {
    return perl.replace("(?^:", "(?:")
        .replace("(?^i:", "(?i:")
        .replace("{,", "{0,")
        .replace("\\0", "\\x00");
  }
}
