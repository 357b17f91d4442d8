package io.pveha.simulator.api.declare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one {@code .calls} file as one release sees it. */
final class CallsFile {

  private final String mark;
  private final Map<String, List<Parameter>> sections = new HashMap<>();
  private final List<Declaration> calls = new ArrayList<>();

  private List<Parameter> section;
  private String method;
  private String path;
  private boolean forwarded;
  private boolean tokens;
  private Rule rule;
  private boolean skipping;

  CallsFile(int major) {
    this.mark = "@" + major + " ";
  }

  List<Declaration> read(String text) {
    for (String line : text.split("\n")) {
      boolean indented = line.startsWith(" ");
      Optional<String> ours = ours(line.strip());
      if (!indented && !line.isBlank()) {
        finish();
        skipping = ours.isEmpty();
      }
      if (ours.isPresent() && !ours.get().isEmpty() && !skipping) {
        accept(ours.get(), indented);
      }
    }
    finish();
    return calls;
  }

  private Optional<String> ours(String line) {
    if (!line.startsWith("@")) {
      return Optional.of(line);
    }
    return line.startsWith(mark) ? Optional.of(line.substring(mark.length())) : Optional.empty();
  }

  private void accept(String line, boolean indented) {
    if (line.startsWith("#")) {
      return;
    }
    int space = line.indexOf(' ');
    String first = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1).strip();
    if (!indented) {
      begin(first, rest);
      return;
    }
    switch (first) {
      case "forwarded" -> forwarded = true;
      case "no-token" -> tokens = false;
      case "needs" -> rule = Rule.parse(rest);
      case "+" -> section.addAll(sections.get(rest));
      case "-" -> section.add(ParameterReader.read(rest, sections::get));
      default -> throw new IllegalArgumentException("not understood: " + line);
    }
  }

  private void begin(String first, String rest) {
    section = new ArrayList<>();
    if (first.equals("format") || first.equals("group")) {
      sections.put(rest, section);
      return;
    }
    method = first;
    path = rest;
    tokens = true;
  }

  private void finish() {
    if (method != null) {
      calls.add(new Declaration(method, path, forwarded, tokens, rule, section));
    }
    method = null;
    forwarded = false;
    rule = null;
  }
}
