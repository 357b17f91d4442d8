package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An object of Proxmox's configuration that the operator may change. A newer Proxmox gives such
 * objects properties that this version does not know, and one of them may turn the meaning of the
 * others around; so what is not understood whole is not ours to change. Each reader says which
 * properties it did not understand: those that it has no field for, and those whose value it can't
 * read.
 */
public interface Configured {

  /** Names of the properties that are set and not understood; empty when all is understood. */
  SortedSet<String> unknownProperties();

  /** Those of the properties without a field that are set. */
  static Map<String, JsonNode> set(Map<String, JsonNode> further) {
    Map<String, JsonNode> set = new TreeMap<>();
    if (further != null) {
      further.forEach(
          (name, value) -> {
            if (value != null && !value.isNull()) {
              set.put(name, value);
            }
          });
    }
    return set;
  }

  /** Names of the given properties, for who adds those whose value can't be read. */
  static SortedSet<String> names(Map<String, JsonNode> further) {
    return new TreeSet<>(further.keySet());
  }
}
