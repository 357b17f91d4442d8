package io.pveha.core.placement;

import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The section format of {@code /etc/pve/ha/rules.cfg} and {@code groups.cfg}: a header {@code type:
 * id}, indented {@code key value} lines up to an empty line, comments from {@code #}.
 */
public final class RulesFile {

  private record Section(String type, String id, Map<String, String> keys) {

    boolean flag(String key) {
      String value = keys.get(key);
      return value != null && !value.isBlank() && !value.equals("0");
    }

    String text(String key) {
      return keys.getOrDefault(key, "");
    }
  }

  private RulesFile() {}

  /**
   * Reads rules in file order; sections of an unknown type are passed over.
   *
   * @throws IllegalArgumentException for a line or value that can't be read, naming it
   */
  public static List<HaRule> parse(String text) {
    List<HaRule> rules = new ArrayList<>();
    for (Section section : sections(text).values()) {
      SortedSet<ServiceId> resources = services(section.text("resources"));
      boolean disabled = section.keys.containsKey("disable");
      switch (section.type) {
        case "node-affinity" ->
            rules.add(
                new NodeAffinityRule(
                    section.id,
                    resources,
                    nodes(section.text("nodes")),
                    section.flag("strict"),
                    disabled,
                    section.text("comment"),
                    section.text("affinity").equals("negative")));
        case "resource-affinity" ->
            rules.add(
                new ResourceAffinityRule(
                    section.id,
                    resources,
                    Affinity.valueOf(section.text("affinity").toUpperCase(Locale.ROOT)),
                    disabled,
                    section.text("comment")));
        default -> {}
      }
    }
    return rules;
  }

  /** Reads legacy groups, by name. */
  public static SortedMap<String, HaGroup> parseGroups(String text) {
    SortedMap<String, HaGroup> groups = new TreeMap<>();
    for (Section section : sections(text).values()) {
      if (section.type.equals("group")) {
        groups.put(
            section.id,
            new HaGroup(
                section.id,
                nodes(section.text("nodes")),
                section.flag("restricted"),
                section.flag("nofailback"),
                section.text("comment")));
      }
    }
    return groups;
  }

  /** Writes rules so that {@link #parse} reads the same ones. */
  public static String format(List<HaRule> rules) {
    return rules.stream().map(RulesFile::format).collect(Collectors.joining("\n"));
  }

  private static String format(HaRule rule) {
    StringBuilder out = new StringBuilder();
    if (rule instanceof NodeAffinityRule affinity) {
      out.append("node-affinity: ").append(rule.id()).append('\n');
      String nodes =
          affinity.nodes().entrySet().stream()
              .map(e -> e.getValue() == 0 ? e.getKey() : e.getKey() + ":" + e.getValue())
              .collect(Collectors.joining(","));
      line(out, "nodes", nodes);
      if (affinity.strict()) {
        line(out, "strict", "1");
      }
      if (affinity.negative()) {
        line(out, "affinity", "negative");
      }
    } else if (rule instanceof ResourceAffinityRule affinity) {
      out.append("resource-affinity: ").append(rule.id()).append('\n');
      line(out, "affinity", affinity.affinity().name().toLowerCase(Locale.ROOT));
    }
    line(
        out,
        "resources",
        rule.resources().stream().map(ServiceId::value).collect(Collectors.joining(",")));
    if (rule.disabled()) {
      line(out, "disable", "1");
    }
    if (!rule.comment().isEmpty()) {
      line(out, "comment", rule.comment());
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append('\t').append(key).append(' ').append(value).append('\n');
  }

  private static Map<String, Section> sections(String text) {
    Map<String, Section> sections = new LinkedHashMap<>();
    Section current = null;
    for (String line : text.split("\n")) {
      String stripped = line.strip();
      if (stripped.startsWith("#")) {
        continue;
      }
      if (stripped.isEmpty()) {
        current = null;
      } else if (current == null) {
        int colon = stripped.indexOf(':');
        if (colon < 1) {
          throw new IllegalArgumentException("'" + stripped + "' is not a header, write type: id");
        }
        String id = stripped.substring(colon + 1).strip();
        current = new Section(stripped.substring(0, colon), id, new LinkedHashMap<>());
        sections.remove(id);
        sections.put(id, current);
      } else {
        String[] words = stripped.split("\\s+", 2);
        current.keys.put(words[0], words.length > 1 ? words[1] : "1");
      }
    }
    return sections;
  }

  private static SortedSet<ServiceId> services(String list) {
    SortedSet<ServiceId> services = new TreeSet<>();
    for (String word : words(list)) {
      services.add(ServiceId.of(word));
    }
    return services;
  }

  private static SortedMap<String, Integer> nodes(String list) {
    SortedMap<String, Integer> nodes = new TreeMap<>();
    for (String word : words(list)) {
      int colon = word.indexOf(':');
      String node = colon < 0 ? word : word.substring(0, colon);
      nodes.put(node, colon < 0 ? 0 : Integer.parseInt(word.substring(colon + 1)));
    }
    return nodes;
  }

  private static List<String> words(String list) {
    return list.isBlank() ? List.of() : List.of(list.strip().split("[,;\\s]+"));
  }
}
