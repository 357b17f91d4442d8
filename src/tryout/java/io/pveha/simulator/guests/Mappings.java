package io.pveha.simulator.guests;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.WorldFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that the cluster gives to devices of its nodes, from one node. */
public final class Mappings implements MachinePart {

  private static final Pattern NODE = Pattern.compile("(?:^|,)node=([^,]+)");

  private final Machine node;

  public Mappings(Machine node) {
    this.node = node;
  }

  /**
   * Names devices.
   *
   * @param kind {@code pci} or {@code usb}
   * @param map one entry a node, as {@code node=node1,path=0000:01:00.0}
   */
  public void create(String kind, String id, String map, Optional<String> description) {
    String key = kind + "/" + id;
    if (node.config().entry(Section.MAPPINGS, key).isPresent()) {
      throw new WorldFailure.Refused("%s ID '%s' already defined".formatted(kind, id));
    }
    Map<String, String> mapping = new TreeMap<>();
    mapping.put("map", map);
    description.ifPresent(text -> mapping.put("description", text));
    node.write(Section.MAPPINGS, config -> config.with(Section.MAPPINGS, key, mapping));
  }

  /** All of a kind, by {@code pci/ID}. */
  public SortedMap<String, SortedMap<String, String>> all(String kind) {
    SortedMap<String, SortedMap<String, String>> all =
        new TreeMap<>(node.config().section(Section.MAPPINGS));
    all.keySet().removeIf(key -> !key.startsWith(kind + "/"));
    return all;
  }

  /** Its entries, one a node. */
  public static List<String> entries(Map<String, String> mapping) {
    return List.of(mapping.get("map").split("[;\\x00]|,(?=node=)"));
  }

  /** The nodes that have something of that name. */
  SortedSet<String> nodesOf(String key) {
    SortedSet<String> nodes = new TreeSet<>();
    node.config()
        .entry(Section.MAPPINGS, key)
        .ifPresent(
            mapping ->
                entries(mapping)
                    .forEach(
                        entry -> {
                          Matcher named = NODE.matcher(entry);
                          if (named.find()) {
                            nodes.add(named.group(1));
                          }
                        }));
    return nodes;
  }
}
