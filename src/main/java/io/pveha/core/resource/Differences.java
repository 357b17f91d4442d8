package io.pveha.core.resource;

import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceFacts.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a change makes different of what Proxmox has, each as "new, was old": who adopts what others
 * made sees in the plan what will be written.
 */
final class Differences {

  private Differences() {}

  /** Of an HA resource. */
  static List<String> of(Resource found, WantedResource wanted, Optional<String> group) {
    List<String> differences = new ArrayList<>();
    add(differences, "state", wanted.state(), found.state());
    add(differences, "max_restart", wanted.maxRestart(), found.maxRestart());
    add(differences, "max_relocate", wanted.maxRelocate(), found.maxRelocate());
    found
        .failback()
        .ifPresent(was -> add(differences, "failback", onOff(wanted.failback()), onOff(was)));
    add(differences, "group", group.orElse("none"), found.group().orElse("none"));
    return differences;
  }

  /** Of a rule or group. */
  static List<String> of(
      Entry found,
      Set<String> sids,
      SortedMap<String, Integer> nodes,
      boolean strict,
      boolean failback) {
    List<String> differences = new ArrayList<>();
    if (!found.nodes().equals(nodes)) {
      differences.add("nodes %s, were %s".formatted(inOrder(nodes), inOrder(found.nodes())));
    }
    add(differences, "strict", onOff(strict), onOff(found.strict()));
    add(differences, "failback", onOff(failback), onOff(found.failback()));
    if (!found.sids().isEmpty()) {
      add(differences, "guests", joined(sids), joined(found.sids()));
    }
    return differences;
  }

  /** Priorities are told only where they differ; the preferred node comes first then. */
  static String inOrder(SortedMap<String, Integer> nodes) {
    boolean alike = nodes.values().stream().distinct().count() <= 1;
    return nodes.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, Integer> node) -> -node.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(
            node ->
                alike
                    ? node.getKey()
                    : "%s (priority %d)".formatted(node.getKey(), node.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static void add(List<String> differences, String what, Object now, Object was) {
    if (!now.equals(was)) {
      differences.add("%s %s, was %s".formatted(what, now, was));
    }
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }

  private static String joined(Set<String> sids) {
    return String.join(", ", new TreeSet<>(sids));
  }
}
