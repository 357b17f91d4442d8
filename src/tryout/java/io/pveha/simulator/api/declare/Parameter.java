package io.pveha.simulator.api.declare;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One declared parameter, or one key of a property string.
 *
 * @param name as sent; {@code net[n]} stands for {@code net0}, {@code net1} ...
 * @param optional whether it may be left out
 * @param bare whether, in a property string, its value may stand without its name
 * @param type what the value is
 * @param alternatives the only values allowed; empty when there is no such list
 * @param format name of a text format; null when there is none
 * @param keys of the property string; null when it is none
 * @param minimum of a number; null when unbounded
 * @param maximum of a number; null when unbounded
 * @param shortest text allowed
 * @param longest text allowed; null when unbounded
 * @param requires another parameter that has to be given too; null when there is none
 * @param pattern that the whole text has to match; null when there is none
 * @param alias of which key this is another name; null when it is a key itself
 * @param keyAlias the key that takes this name as its value; null when there is none
 */
public record Parameter(
    String name,
    boolean optional,
    boolean bare,
    Type type,
    List<String> alternatives,
    String format,
    List<Parameter> keys,
    BigDecimal minimum,
    BigDecimal maximum,
    int shortest,
    Integer longest,
    String requires,
    Pattern pattern,
    String alias,
    String keyAlias) {

  /** Types of JSON schema, as far as Proxmox uses them for parameters. */
  public enum Type {
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN
  }

  private static final int INDEXES = 256;

  public Parameter {
    alternatives = List.copyOf(alternatives);
    keys = keys == null ? null : List.copyOf(keys);
  }

  /** Whether a parameter sent under this name is this one. */
  public boolean isNamed(String sent) {
    if (!name.endsWith("[n]")) {
      return name.equals(sent);
    }
    String stem = name.substring(0, name.length() - 3);
    if (!sent.startsWith(stem)) {
      return false;
    }
    String index = sent.substring(stem.length());
    return index.matches("0|[1-9]\\d{0,2}") && Integer.parseInt(index) < INDEXES;
  }

  /** The property string's keys. */
  public Optional<List<Parameter>> propertyKeys() {
    return Optional.ofNullable(keys);
  }
}
