package io.pveha.simulator.api.declare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who may make a call, as a tree: {@code or(perm(/, Sys.Audit), perm(/nodes/{node}, Sys.Audit))}.
 *
 * @param kind {@code root}, {@code all}, {@code world}, {@code and}, {@code or}, {@code perm},
 *     {@code perm-modify}, {@code userid-param} or {@code userid-group}
 * @param words the arguments that are no rules themselves
 * @param parts the rules that {@code and} and {@code or} join
 */
public record Rule(String kind, List<String> words, List<Rule> parts) {

  public Rule {
    words = List.copyOf(words);
    parts = List.copyOf(parts);
  }

  /** Only {@code root@pam} itself, no token. */
  public boolean isRootOnly() {
    return kind.equals("root");
  }

  /** Also without a login. */
  public boolean isForTheWorld() {
    return kind.equals("world");
  }

  /** Reads the text form. A leading {@code all} before another rule says nothing more than it. */
  static Rule parse(String text) {
    String rule = text.strip();
    if (rule.startsWith("all ")) {
      return parse(rule.substring(4));
    }
    int open = rule.indexOf('(');
    if (open < 0) {
      return new Rule(rule, List.of(), List.of());
    }
    String kind = rule.substring(0, open);
    List<String> arguments = split(rule.substring(open + 1, rule.length() - 1));
    if (kind.equals("and") || kind.equals("or")) {
      return new Rule(kind, List.of(), arguments.stream().map(Rule::parse).toList());
    }
    return new Rule(kind, arguments, List.of());
  }

  /** The privileges of a {@code perm} rule. */
  public List<String> privileges() {
    return Arrays.asList(words.get(1).split(" "));
  }

  /** Whether one of the privileges of a {@code perm} rule is enough. */
  public boolean anyIsEnough() {
    return words.contains("any");
  }

  private static List<String> split(String arguments) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int at = 0; at < arguments.length(); at++) {
      char letter = arguments.charAt(at);
      if (letter == '(') {
        depth++;
      } else if (letter == ')') {
        depth--;
      } else if (letter == ',' && depth == 0) {
        parts.add(arguments.substring(start, at).strip());
        start = at + 1;
      }
    }
    parts.add(arguments.substring(start).strip());
    return parts;
  }
}
