package io.pveha.core.safety;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the operator's token may do, as Proxmox computes it: with privilege separation what both the
 * token and its user may. Proxmox lists the paths of its access control list and some that are
 * always there; a path that is not listed has the propagating privileges of the nearest listed one
 * above it.
 *
 * @param paths by path, each privilege with whether it propagates to the paths below
 * @param unknown why nobody could tell; empty when it was told
 */
public record HeldPrivileges(
    SortedMap<String, Map<String, Boolean>> paths, Optional<String> unknown) {

  /** Proxmox always judges these: one that is not listed has nothing. */
  private static final Set<String> ALWAYS_JUDGED =
      Set.of("/", "/access", "/nodes", "/pool", "/storage", "/vms");

  /** Before Proxmox was asked. */
  public static final HeldPrivileges NOT_ASKED = unknown("it was not asked yet");

  public HeldPrivileges {
    SortedMap<String, Map<String, Boolean>> copy = new TreeMap<>();
    paths.forEach((path, held) -> copy.put(path, Map.copyOf(held)));
    paths = Collections.unmodifiableSortedMap(copy);
  }

  /** As Proxmox told. */
  public static HeldPrivileges of(Map<String, Map<String, Boolean>> paths) {
    return new HeldPrivileges(new TreeMap<>(paths), Optional.empty());
  }

  /** Nobody could tell, which is no leave. */
  public static HeldPrivileges unknown(String why) {
    return new HeldPrivileges(Collections.emptySortedMap(), Optional.of(why));
  }

  /** Whether a privilege is held on one path. */
  public boolean holds(String privilege, String path) {
    Optional<Boolean> own = entry(path, privilege);
    if (own.isPresent() || isJudged(path)) {
      return own.isPresent();
    }
    return inherits(privilege, above(path));
  }

  /**
   * Where a privilege is missing that is wanted on a path, not the root, and everything below it:
   * the path itself, or listed paths below; empty when it is held everywhere.
   */
  public List<String> gaps(String privilege, String path) {
    if (!holds(privilege, path) || !inherits(privilege, path)) {
      return List.of(path);
    }
    return paths.keySet().stream()
        .filter(listed -> listed.startsWith(path + "/"))
        .filter(listed -> !holds(privilege, listed))
        .toList();
  }

  /** Whether paths below this one have the privilege unless an entry of their own takes it away. */
  private boolean inherits(String privilege, String path) {
    if (isJudged(path)) {
      return entry(path, privilege).orElse(false);
    }
    return inherits(privilege, above(path));
  }

  private boolean isJudged(String path) {
    return paths.containsKey(path) || ALWAYS_JUDGED.contains(path);
  }

  private Optional<Boolean> entry(String path, String privilege) {
    return Optional.ofNullable(paths.getOrDefault(path, Map.of()).get(privilege));
  }

  private static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
