package io.pveha.core.safety;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Privileges that are not held.
 *
 * @param needed those that something in use rests on
 * @param spare those that nothing in use rests on
 * @param held those that are
 */
public record MissingPrivileges(List<Missing> needed, List<Missing> spare, HeldPrivileges held) {

  /** More than that do not help. */
  private static final int MOST_NAMED = 24;

  /**
   * One that is missing.
   *
   * @param where the path
   * @param purposes what lacks it
   */
  public record Missing(NeededPrivilege privilege, String where, List<String> purposes) {

    String sentence() {
      return "%s on %s, for %s".formatted(privilege.name(), where, String.join(" and ", purposes));
    }
  }

  public MissingPrivileges {
    needed = List.copyOf(needed);
    spare = List.copyOf(spare);
  }

  /**
   * What is missing.
   *
   * @param inUse features that something rests on, beside those that are always used
   */
  public static MissingPrivileges of(
      HeldPrivileges held, Set<Feature> inUse, int oldestMajor, int newestMajor) {
    Map<String, Missing> needed = new LinkedHashMap<>();
    Map<String, Missing> spare = new LinkedHashMap<>();
    for (NeededPrivilege privilege : NeededPrivilege.ALL) {
      if (privilege.isAskedBy(oldestMajor, newestMajor)) {
        boolean used = privilege.feature().isAlwaysUsed() || inUse.contains(privilege.feature());
        privilege
            .gaps(held)
            .forEach(
                where ->
                    (used ? needed : spare)
                        .merge(
                            privilege.name() + " " + where,
                            new Missing(privilege, where, List.of(privilege.purpose())),
                            MissingPrivileges::merged));
      }
    }
    spare.keySet().removeAll(needed.keySet());
    return new MissingPrivileges(List.copyOf(needed.values()), List.copyOf(spare.values()), held);
  }

  private static Missing merged(Missing one, Missing other) {
    return new Missing(
        one.privilege(),
        one.where(),
        Stream.concat(one.purposes().stream(), other.purposes().stream()).distinct().toList());
  }

  /** What something in use lacks, and what it is for. */
  public String neededWords() {
    return words(needed);
  }

  /** What nothing in use rests on. */
  public String spareWords() {
    return words(spare);
  }

  private static String words(List<Missing> missing) {
    String words =
        missing.stream().limit(MOST_NAMED).map(Missing::sentence).collect(Collectors.joining("; "));
    return missing.size() > MOST_NAMED
        ? words + "; and %d more".formatted(missing.size() - MOST_NAMED)
        : words;
  }

  /**
   * Commands for a shell on any node that grant what is needed, to the token and to its user, since
   * with privilege separation both must have it. Where role {@code NoAccess} keeps them out, which
   * no other role outweighs, its entry is taken away.
   *
   * @param tokenId as in {@code operator@pve!pveha}
   */
  public List<String> commands(String tokenId) {
    Map<String, SortedSet<String>> privileges = new TreeMap<>();
    Map<String, String> roles = new TreeMap<>();
    needed.stream()
        .limit(MOST_NAMED)
        .forEach(
            missing -> {
              privileges
                  .computeIfAbsent(missing.where(), path -> new TreeSet<>())
                  .add(missing.privilege().name());
              roles.put(missing.where(), missing.privilege().role());
            });
    String user = tokenId.replaceFirst("!.*", "");
    String users = user.equals("root@pam") ? "" : " --users " + user;
    String tokens = " --tokens '%s'".formatted(tokenId);
    List<String> commands = new ArrayList<>();
    privileges.forEach(
        (path, names) -> {
          String keptOut =
              (held.keptOut(path).contains(user) ? users : "")
                  + (held.keptOut(path).contains(tokenId) ? tokens : "");
          commands.add(
              keptOut.isEmpty()
                  ? ("pveum role add %1$s --privs \"%2$s\" || pveum role modify %1$s --privs"
                          + " \"%2$s\" --append; pveum acl modify %3$s --roles %1$s%4$s")
                      .formatted(roles.get(path), String.join(" ", names), path, users + tokens)
                  : "pveum acl delete %s --roles NoAccess%s".formatted(path, keptOut));
        });
    return commands;
  }
}
