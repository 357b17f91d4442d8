package io.pveha.core.safety;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the caller of Proxmox may do. A deeper entry of the access control list takes the place of
 * those above it, and a path on which nothing is held is left out of the answer, so that it shows
 * by the entries alone.
 *
 * @param held by path the privileges, and whether each also counts below that path
 * @param entries paths that the access control list names for anybody; empty when the list is not
 *     known to be whole
 */
public record Privileges(
    Map<String, Map<String, Boolean>> held, Optional<SortedSet<String>> entries) {

  public Privileges {
    Map<String, Map<String, Boolean>> copy = new TreeMap<>();
    held.forEach((path, names) -> copy.put(path, Map.copyOf(names)));
    held = Collections.unmodifiableMap(copy);
    entries = entries.map(paths -> Collections.unmodifiableSortedSet(new TreeSet<>(paths)));
  }

  /**
   * Whether a privilege is known to be held on a path. While entries may be hidden, one of them may
   * take away what is held above it.
   */
  public boolean has(String privilege, String path) {
    if (held.containsKey(path)) {
      return held.get(path).containsKey(privilege);
    }
    if (entries.isEmpty() || entries.get().contains(path)) {
      return false;
    }
    for (String above = parent(path); !above.isEmpty(); above = parent(above)) {
      if (held.containsKey(above)) {
        return held.get(above).getOrDefault(privilege, false);
      }
      if (entries.get().contains(above)) {
        return false;
      }
    }
    return false;
  }

  /** Whether a privilege is known to be held on all paths below this one without own entries. */
  public boolean hasBelow(String privilege, String path) {
    return held.containsKey(path)
        ? entries.isPresent() && held.get(path).getOrDefault(privilege, false)
        : has(privilege, path);
  }

  /** What to say when a privilege is not known to be held. */
  public String lacks(String privilege, String path) {
    return entries.isEmpty() && !held.containsKey(path)
        ? "the token lacks Sys.Audit on /access, so that it is not known what it lacks elsewhere"
        : "the token lacks %s on %s".formatted(privilege, path);
  }

  /** Paths right below this one, without it, on which entries of the list stand. */
  public SortedSet<String> entriesBelow(String path) {
    SortedSet<String> names = new TreeSet<>();
    entries
        .orElse(Collections.emptySortedSet())
        .forEach(
            entry -> {
              if (entry.startsWith(path + "/")) {
                names.add(entry.substring(path.length() + 1));
              }
            });
    return names;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash > 0 ? path.substring(0, slash) : path.equals("/") ? "" : "/";
  }
}
