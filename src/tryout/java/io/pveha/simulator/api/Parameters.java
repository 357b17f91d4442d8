package io.pveha.simulator.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The parameters of a call, those of the path included; judged already. */
final class Parameters {

  private final SortedMap<String, String> values;

  Parameters(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  Map<String, String> all() {
    return values;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    return values.get(name);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  Optional<String> maybe(String name) {
    return Optional.ofNullable(values.get(name));
  }

  int number(String name) {
    return Integer.parseInt(values.get(name));
  }

  int number(String name, int otherwise) {
    return has(name) ? number(name) : otherwise;
  }

  OptionalInt maybeNumber(String name) {
    return has(name) ? OptionalInt.of(number(name)) : OptionalInt.empty();
  }

  boolean flag(String name, boolean otherwise) {
    return has(name) ? text(name).equals("1") : otherwise;
  }

  boolean flag(String name) {
    return flag(name, false);
  }

  /** A list of words, separated as Proxmox allows it. */
  List<String> list(String name) {
    return Arrays.stream(text(name, "").split("[,;\\s\\x00]+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  Set<String> set(String name) {
    return new TreeSet<>(list(name));
  }

  /** All but these. */
  SortedMap<String, String> without(String... names) {
    SortedMap<String, String> rest = new TreeMap<>(values);
    Arrays.asList(names).forEach(rest::remove);
    return rest;
  }
}
