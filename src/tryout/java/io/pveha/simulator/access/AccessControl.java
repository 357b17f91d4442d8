package io.pveha.simulator.access;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.WorldFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Users, tokens, roles and permissions, as this node's configuration has them. */
public final class AccessControl {

  /** A token with the secret in the clear, as it is shown once. */
  public record NewToken(String fullTokenId, String secret) {}

  private static final String ROOT = "root@pam";

  private final Machine node;

  public AccessControl(Machine node) {
    this.node = node;
  }

  /** Whether the password is right: {@code root@pam} of this node, others of the cluster. */
  public boolean checkPassword(String userId, String password) {
    if (!isActive(userId)) {
      return false;
    }
    if (userId.equals(ROOT)) {
      return node.rootPassword().equals(password);
    }
    return secret(userId).filter(password::equals).isPresent();
  }

  /** Whether user or {@code user@realm!id} exists, is enabled and not expired. */
  public boolean isActive(String authId) {
    int bang = authId.indexOf('!');
    if (bang < 0) {
      return authId.equals(ROOT) || isUsable(node.config().entry(Section.USERS, authId));
    }
    return isActive(authId.substring(0, bang))
        && isUsable(node.config().entry(Section.TOKENS, authId));
  }

  private boolean isUsable(Optional<SortedMap<String, String>> entry) {
    if (entry.isEmpty() || entry.get().getOrDefault("enable", "1").equals("0")) {
      return false;
    }
    long expire = Long.parseLong(entry.get().getOrDefault("expire", "0"));
    return expire == 0 || Instant.ofEpochSecond(expire).isAfter(node.clockNow());
  }

  /** Whether the secret belongs to the token {@code user@realm!id}, which is active. */
  public boolean checkToken(String fullTokenId, String secret) {
    return fullTokenId.indexOf('!') > 0
        && isActive(fullTokenId)
        && secret(fullTokenId).filter(secret::equals).isPresent();
  }

  private Optional<String> secret(String authId) {
    return node.config().property(Section.SECRETS, authId, "secret");
  }

  /**
   * The privileges of a user or token on a path, with inheritance; a token with privilege
   * separation has what both itself and its user have. {@code root@pam} has all.
   *
   * @return privilege to whether it propagates
   */
  public SortedMap<String, Boolean> privileges(String authId, String path) {
    int bang = authId.indexOf('!');
    if (bang < 0) {
      return authId.equals(ROOT) ? all() : granted("user", authId, path);
    }
    SortedMap<String, Boolean> ofUser = privileges(authId.substring(0, bang), path);
    boolean separated =
        !node.config().property(Section.TOKENS, authId, "privsep").orElse("1").equals("0");
    if (!separated) {
      return ofUser;
    }
    SortedMap<String, Boolean> both = new TreeMap<>(granted("token", authId, path));
    both.keySet().retainAll(ofUser.keySet());
    both.replaceAll((name, propagates) -> propagates && ofUser.get(name));
    return both;
  }

  private SortedMap<String, Boolean> all() {
    SortedMap<String, Boolean> all = new TreeMap<>();
    knownPrivileges().forEach(name -> all.put(name, true));
    return all;
  }

  /**
   * What roles grant.
   *
   * @param keptOut whether one of them is {@code NoAccess}, which outweighs the others
   */
  private record Granted(SortedMap<String, Boolean> privileges, boolean keptOut) {}

  /** A pool adds to what is granted on its guests; who is kept out of it is kept out of them. */
  private SortedMap<String, Boolean> granted(String type, String ugid, String path) {
    Granted own = alongPath(type, ugid, path);
    Optional<String> pool =
        path.startsWith("/vms/")
            ? node.config().property(Section.GUESTS, path.substring(5), "resource-pool")
            : Optional.empty();
    if (pool.isEmpty() || own.keptOut()) {
      return own.privileges();
    }
    Granted byPool = alongPath(type, ugid, "/pool/" + pool.get());
    if (byPool.keptOut()) {
      return new TreeMap<>();
    }
    byPool.privileges().keySet().forEach(name -> own.privileges().putIfAbsent(name, false));
    return own.privileges();
  }

  /** Deeper entries replace those from above; those of the user come before its groups'. */
  private Granted alongPath(String type, String ugid, String path) {
    Granted granted = new Granted(new TreeMap<>(), false);
    for (String level : levels(path)) {
      List<SortedMap<String, String>> entries = entries(level, path, type, ugid);
      if (entries.isEmpty() && type.equals("user")) {
        for (String group : groupsOf(ugid)) {
          entries.addAll(entries(level, path, "group", group));
        }
      }
      if (entries.isEmpty()) {
        continue;
      }
      granted = of(entries);
    }
    return granted;
  }

  private Granted of(List<SortedMap<String, String>> entries) {
    SortedMap<String, Boolean> privileges = new TreeMap<>();
    for (SortedMap<String, String> entry : entries) {
      if (entry.get("role").equals("NoAccess")) {
        return new Granted(new TreeMap<>(), true);
      }
      boolean propagates = !entry.getOrDefault("propagate", "1").equals("0");
      role(entry.get("role"))
          .forEach(name -> privileges.merge(name, propagates, Boolean::logicalOr));
    }
    return new Granted(privileges, false);
  }

  private List<SortedMap<String, String>> entries(
      String level, String path, String type, String ugid) {
    List<SortedMap<String, String>> entries = new ArrayList<>();
    for (SortedMap<String, String> entry : node.config().section(Section.ACL).values()) {
      boolean reaches = level.equals(path) || !entry.getOrDefault("propagate", "1").equals("0");
      if (entry.get("path").equals(level)
          && entry.get("type").equals(type)
          && entry.get("ugid").equals(ugid)
          && reaches) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private List<String> groupsOf(String userId) {
    return node.config().section(Section.USER_GROUPS).entrySet().stream()
        .filter(
            group -> Privileges.parse(group.getValue().getOrDefault("users", "")).contains(userId))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> levels(String path) {
    List<String> levels = new ArrayList<>(List.of("/"));
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      levels.add(path.substring(0, slash));
    }
    if (path.length() > 1) {
      levels.add(path);
    }
    return levels;
  }

  /** All privileges that this release knows. */
  public SortedSet<String> knownPrivileges() {
    return Privileges.of(node.version());
  }

  private SortedSet<String> role(String id) {
    return node.config()
        .entry(Section.ROLES, id)
        .map(role -> Privileges.parse(role.getOrDefault("privs", "")))
        .orElseGet(
            () ->
                Privileges.builtInRoles(node.version())
                    .getOrDefault(id, Collections.emptySortedSet()));
  }

  /** Role to its privileges, built-in and own ones. */
  public SortedMap<String, SortedSet<String>> roles() {
    SortedMap<String, SortedSet<String>> roles =
        new TreeMap<>(Privileges.builtInRoles(node.version()));
    node.config()
        .section(Section.ROLES)
        .forEach((id, role) -> roles.put(id, Privileges.parse(role.getOrDefault("privs", ""))));
    return roles;
  }

  public void createUser(String userId, Optional<String> password, Map<String, String> properties) {
    node.checkWritable(Section.USERS);
    if (node.config().entry(Section.USERS, userId).isPresent()) {
      throw new WorldFailure.Refused("create user failed: user '" + userId + "' already exists");
    }
    Map<String, String> entry = new TreeMap<>(Map.of("enable", "1"));
    entry.putAll(properties);
    node.write(Section.USERS, config -> config.with(Section.USERS, userId, entry));
    password.ifPresent(
        secret ->
            node.write(
                Section.USERS,
                config -> config.with(Section.SECRETS, userId, Map.of("secret", secret))));
  }

  public void deleteUser(String userId) {
    requireUser(userId);
    node.write(
        Section.USERS,
        config -> {
          ClusterConfig changed =
              config.without(Section.USERS, userId).without(Section.SECRETS, userId);
          for (String token : config.section(Section.TOKENS).keySet()) {
            if (token.startsWith(userId + "!")) {
              changed = changed.without(Section.TOKENS, token).without(Section.SECRETS, token);
            }
          }
          for (var entry : config.section(Section.ACL).entrySet()) {
            String ugid = entry.getValue().get("ugid");
            if (ugid.equals(userId) || ugid.startsWith(userId + "!")) {
              changed = changed.without(Section.ACL, entry.getKey());
            }
          }
          return changed;
        });
  }

  public NewToken createToken(String userId, String tokenId, Map<String, String> properties) {
    node.checkWritable(Section.TOKENS);
    if (!userId.equals(ROOT)) {
      requireUser(userId);
    }
    String full = userId + "!" + tokenId;
    if (node.config().entry(Section.TOKENS, full).isPresent()) {
      throw new WorldFailure.BadParameter("tokenid", "Token already exists.");
    }
    Map<String, String> entry = new TreeMap<>(Map.of("privsep", "1", "expire", "0"));
    entry.putAll(properties);
    String secret = node.world().anyUuid();
    node.write(
        Section.TOKENS,
        config ->
            config
                .with(Section.TOKENS, full, entry)
                .with(Section.SECRETS, full, Map.of("secret", secret)));
    return new NewToken(full, secret);
  }

  public void deleteToken(String userId, String tokenId) {
    String full = userId + "!" + tokenId;
    if (node.config().entry(Section.TOKENS, full).isEmpty()) {
      throw new WorldFailure.Refused("no such token '" + tokenId + "' for user '" + userId + "'");
    }
    node.write(
        Section.TOKENS,
        config -> config.without(Section.TOKENS, full).without(Section.SECRETS, full));
  }

  private void requireUser(String userId) {
    if (node.config().entry(Section.USERS, userId).isEmpty()) {
      throw new WorldFailure.Refused("no such user ('" + userId + "')");
    }
  }

  public void createRole(String roleId, SortedSet<String> privileges) {
    if (roleId.toLowerCase(Locale.ROOT).startsWith("pve")) {
      throw new WorldFailure.BadParameter(
          "roleid", "cannot use role ID starting with the (case-insensitive) 'PVE' namespace");
    }
    if (roles().containsKey(roleId)) {
      throw new WorldFailure.Refused("create role failed: role '" + roleId + "' already exists");
    }
    putRole(roleId, privileges);
  }

  public void updateRole(String roleId, SortedSet<String> privileges, boolean append) {
    SortedSet<String> former = ownRole(roleId, "update");
    SortedSet<String> wanted = new TreeSet<>(privileges);
    if (append) {
      wanted.addAll(former);
    }
    putRole(roleId, wanted);
  }

  public void deleteRole(String roleId) {
    ownRole(roleId, "delete");
    node.write(Section.ROLES, config -> config.without(Section.ROLES, roleId));
  }

  private SortedSet<String> ownRole(String roleId, String verb) {
    if (Privileges.builtInRoles(node.version()).containsKey(roleId)) {
      throw new WorldFailure.Refused("auto-generated role '" + roleId + "' cannot be modified");
    }
    if (!roles().containsKey(roleId)) {
      throw new WorldFailure.Refused(verb + " role failed: role '" + roleId + "' does not exist");
    }
    return roles().get(roleId);
  }

  private void putRole(String roleId, SortedSet<String> privileges) {
    for (String name : privileges) {
      if (!knownPrivileges().contains(name)) {
        throw new WorldFailure.BadParameter("privs", "invalid privilege '" + name + "'");
      }
    }
    node.write(
        Section.ROLES,
        config ->
            config.with(Section.ROLES, roleId, Map.of("privs", String.join(",", privileges))));
  }

  /** Adds or deletes one ACL entry; {@code type} is user, group or token. */
  public void setAcl(
      String path, String type, String ugid, String role, boolean propagate, boolean delete) {
    if (!roles().containsKey(role)) {
      throw new WorldFailure.Refused("role '" + role + "' does not exist");
    }
    boolean known =
        ugid.equals(ROOT)
            || switch (type) {
              case "user" -> node.config().entry(Section.USERS, ugid).isPresent();
              case "token" -> node.config().entry(Section.TOKENS, ugid).isPresent();
              default -> node.config().entry(Section.USER_GROUPS, ugid).isPresent();
            };
    if (!known && !delete) {
      throw new WorldFailure.Refused(type + " '" + ugid + "' does not exist");
    }
    String id = String.join("|", path, type, ugid, role);
    Map<String, String> entry =
        Map.of(
            "path", path,
            "type", type,
            "ugid", ugid,
            "role", role,
            "propagate", propagate ? "1" : "0");
    node.write(
        Section.ACL,
        config -> delete ? config.without(Section.ACL, id) : config.with(Section.ACL, id, entry));
  }
}
