package io.pveha.core.safety;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the operator's token may do, as Proxmox computes it: with privilege separation what both the
 * token and its user may. Proxmox tells of the paths that its access control list names, of some
 * that are always there, and leaves out each one on which nothing is held: role {@code NoAccess}
 * shows by an entry of the list alone. A path that neither has has the propagating privileges of
 * the nearest one above it.
 *
 * @param paths by path, each privilege with whether it propagates to the paths below
 * @param entries paths that the access control list names for anybody, each with the users, tokens
 *     and groups that {@code NoAccess} keeps out there; empty while the list is not known to be
 *     whole
 * @param unknown why it is unknown; empty when it was told
 */
public record HeldPrivileges(
    SortedMap<String, Map<String, Boolean>> paths,
    Optional<SortedMap<String, SortedSet<String>>> entries,
    Optional<String> unknown) {

  /** On {@code /access}: with it the whole access control list is shown. */
  public static final String SEES_ENTRIES = "Sys.Audit";

  /** Proxmox always judges these: one that is not told of has nothing. */
  private static final Set<String> ALWAYS_JUDGED =
      Set.of("/", "/access", "/nodes", "/pool", "/storage", "/vms");

  /** Before Proxmox was asked. */
  public static final HeldPrivileges NOT_ASKED = unknown("it was not asked yet");

  public HeldPrivileges {
    SortedMap<String, Map<String, Boolean>> copy = new TreeMap<>();
    paths.forEach((path, held) -> copy.put(path, Map.copyOf(held)));
    paths = Collections.unmodifiableSortedMap(copy);
    entries =
        entries.map(
            told -> {
              SortedMap<String, SortedSet<String>> all = new TreeMap<>();
              told.forEach(
                  (path, ids) ->
                      all.put(path, Collections.unmodifiableSortedSet(new TreeSet<>(ids))));
              return Collections.unmodifiableSortedMap(all);
            });
  }

  /** As Proxmox told, with all entries of the access control list. */
  public static HeldPrivileges of(
      Map<String, Map<String, Boolean>> paths, Map<String, SortedSet<String>> entries) {
    return new HeldPrivileges(
        new TreeMap<>(paths), Optional.of(new TreeMap<>(entries)), Optional.empty());
  }

  /** As Proxmox told, which does not show all entries of the access control list. */
  public static HeldPrivileges withoutEntries(Map<String, Map<String, Boolean>> paths) {
    return new HeldPrivileges(new TreeMap<>(paths), Optional.empty(), Optional.empty());
  }

  /** Unknown, which is no leave. */
  public static HeldPrivileges unknown(String why) {
    return new HeldPrivileges(
        Collections.emptySortedMap(), Optional.of(new TreeMap<>()), Optional.of(why));
  }

  /**
   * Whether a privilege is known to be held on one path. While entries are hidden, one of them may
   * take away what is held above it.
   */
  public boolean holds(String privilege, String path) {
    return isTold(path) && appearsHeld(privilege, path);
  }

  /** Whether a privilege is known to be held on all paths below this one without own entries. */
  public boolean holdsBelow(String privilege, String path) {
    return isTold(path + "/") && inherits(privilege, path);
  }

  /**
   * Where a privilege is missing that is wanted on a path, not the root, and everything below it:
   * the path itself, or paths below with entries of their own; empty when it is held everywhere.
   * Entries that are hidden are not counted here: to see them is a privilege of its own.
   */
  public List<String> gaps(String privilege, String path) {
    if (!appearsHeld(privilege, path) || !inherits(privilege, path)) {
      return List.of(path);
    }
    SortedSet<String> own = new TreeSet<>(paths.keySet());
    entries.ifPresent(told -> own.addAll(told.keySet()));
    return own.stream()
        .filter(listed -> listed.startsWith(path + "/"))
        .filter(listed -> !appearsHeld(privilege, listed))
        .toList();
  }

  /** What to say when a privilege is not known to be held. */
  public String lacks(String privilege, String path) {
    if (isTold(path)) {
      return "the token lacks %s on %s".formatted(privilege, path);
    }
    return entries.isEmpty()
        ? "the token lacks %s on /access, so that it is not known what it lacks elsewhere"
            .formatted(SEES_ENTRIES)
        : "role NoAccess on %s hides what is in that pool as well".formatted(hidingPools().get(0));
  }

  /** Paths right below this one, without it, on which entries of the list stand. */
  public SortedSet<String> entriesBelow(String path) {
    SortedSet<String> names = new TreeSet<>();
    entries
        .orElse(Collections.emptySortedMap())
        .keySet()
        .forEach(
            entry -> {
              if (entry.startsWith(path + "/")) {
                names.add(entry.substring(path.length() + 1));
              }
            });
    return names;
  }

  /** Users, tokens and groups that role {@code NoAccess} keeps out by an entry on this path. */
  public SortedSet<String> keptOut(String path) {
    return entries
        .map(told -> told.getOrDefault(path, Collections.emptySortedSet()))
        .orElse(Collections.emptySortedSet());
  }

  /**
   * Paths of resource pools that the token is kept out of, or may be. Role {@code NoAccess} on a
   * pool keeps out of its guests and storages too, and nobody tells which they are.
   */
  public List<String> hidingPools() {
    return entries.orElse(Collections.emptySortedMap()).keySet().stream()
        .filter(path -> path.equals("/pool") || path.startsWith("/pool/"))
        .filter(path -> !paths.containsKey(path) && isAnybodyKeptOut(path))
        .toList();
  }

  private boolean isAnybodyKeptOut(String path) {
    return !keptOut(path).isEmpty() || !path.equals("/") && isAnybodyKeptOut(above(path));
  }

  /** Whether what is held on a path follows from what was told. */
  private boolean isTold(String path) {
    boolean mayBeInPool = path.startsWith("/vms/") || path.startsWith("/storage/");
    return isJudged(path) || entries.isPresent() && (!mayBeInPool || hidingPools().isEmpty());
  }

  private boolean appearsHeld(String privilege, String path) {
    return isJudged(path) ? entry(path, privilege).isPresent() : inherits(privilege, above(path));
  }

  /** Whether paths below this one have the privilege unless an entry of their own takes it away. */
  private boolean inherits(String privilege, String path) {
    return isJudged(path) ? entry(path, privilege).orElse(false) : inherits(privilege, above(path));
  }

  private boolean isJudged(String path) {
    return paths.containsKey(path)
        || ALWAYS_JUDGED.contains(path)
        || entries.filter(told -> told.containsKey(path)).isPresent();
  }

  private Optional<Boolean> entry(String path, String privilege) {
    return Optional.ofNullable(paths.getOrDefault(path, Map.of()).get(privilege));
  }

  private static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
