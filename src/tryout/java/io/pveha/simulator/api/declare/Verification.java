package io.pveha.simulator.api.declare;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Judges what a client sent, with the texts of the real server. */
public final class Verification {

  private static final String UNKNOWN =
      "property is not defined in schema and the schema does not allow additional properties";
  private static final String MISSING = "property is missing and it is not optional";

  private Verification() {}

  /**
   * What is wrong with the parameters of a call.
   *
   * @return parameter to text; empty when all is well
   */
  public static SortedMap<String, String> errors(Declaration call, Map<String, String> sent) {
    return errors(call.parameters(), sent);
  }

  private static SortedMap<String, String> errors(
      List<Parameter> declared, Map<String, String> sent) {
    SortedMap<String, String> errors = new TreeMap<>();
    for (Parameter parameter : declared) {
      if (!parameter.optional() && !sent.containsKey(parameter.name())) {
        errors.put(parameter.name(), MISSING);
      }
    }
    sent.forEach(
        (name, value) -> {
          String error = error(declared, sent, name, value);
          if (error != null) {
            errors.put(name, error);
          }
        });
    return errors;
  }

  private static String error(
      List<Parameter> declared, Map<String, String> sent, String name, String value) {
    for (Parameter parameter : declared) {
      if (parameter.isNamed(name)) {
        String required = parameter.requires();
        if (required != null && !sent.containsKey(required)) {
          return "missing property - '" + name + "' requires this property";
        }
        return error(parameter, value);
      }
    }
    return UNKNOWN;
  }

  private static String error(Parameter parameter, String value) {
    String typeError =
        switch (parameter.type()) {
          case STRING -> null;
          case INTEGER -> value.matches("[+-]?\\d+") ? null : wrongType("integer", value);
          case NUMBER ->
              value.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?")
                  ? null
                  : wrongType("number", value);
          case BOOLEAN -> value.matches("[01]") ? null : wrongType("boolean", value);
        };
    if (typeError != null) {
      return typeError;
    }
    if (!parameter.alternatives().isEmpty() && !parameter.alternatives().contains(value)) {
      return "value '"
          + value
          + "' does not have a value in the enumeration '"
          + String.join(", ", parameter.alternatives())
          + "'";
    }
    return switch (parameter.type()) {
      case INTEGER, NUMBER -> outOfBounds(parameter, new BigDecimal(value));
      case BOOLEAN -> null;
      case STRING -> textError(parameter, value);
    };
  }

  private static String wrongType(String type, String value) {
    return "type check ('" + type + "') failed - got '" + value + "'";
  }

  private static String outOfBounds(Parameter parameter, BigDecimal value) {
    if (parameter.minimum() != null && value.compareTo(parameter.minimum()) < 0) {
      return "value must have a minimum value of " + parameter.minimum();
    }
    if (parameter.maximum() != null && value.compareTo(parameter.maximum()) > 0) {
      return "value must have a maximum value of " + parameter.maximum();
    }
    return null;
  }

  private static String textError(Parameter parameter, String value) {
    if (value.length() < parameter.shortest()) {
      return "value must be at least " + parameter.shortest() + " characters long";
    }
    if (parameter.longest() != null && value.length() > parameter.longest()) {
      return "value may only be " + parameter.longest() + " characters long";
    }
    if (parameter.pattern() != null && !parameter.pattern().matcher(value).matches()) {
      return "value does not match the regex pattern";
    }
    if (parameter.keys() != null) {
      SortedMap<String, String> errors = propertyErrors(parameter.keys(), value);
      if (!errors.isEmpty()) {
        String key = errors.firstKey();
        return "invalid format - format error\n"
            + parameter.name()
            + "."
            + key
            + ": "
            + errors.get(key)
            + "\n";
      }
    }
    if (parameter.format() != null) {
      return TextFormat.error(parameter.format(), value).orElse(null);
    }
    return null;
  }

  private static SortedMap<String, String> propertyErrors(List<Parameter> keys, String value) {
    SortedMap<String, String> errors = new TreeMap<>();
    SortedMap<String, String> read = PropertyString.read(keys, value, errors);
    if (errors.isEmpty()) {
      errors.putAll(errors(keys.stream().filter(key -> key.alias() == null).toList(), read));
    }
    return errors;
  }
}
