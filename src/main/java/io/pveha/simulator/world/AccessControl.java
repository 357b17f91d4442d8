package io.pveha.simulator.world;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Users, tokens, roles and permissions, as this node's configuration has them. */
public final class AccessControl {

  /** A token with the secret in the clear, as it is shown once. */
  public record NewToken(String fullTokenId, String secret) {}

  /** Whether the password is right: {@code root@pam} of this node, others of the cluster. */
  public boolean checkPassword(String userId, String password) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Whether user or {@code user@realm!id} exists, is enabled and not expired. */
  public boolean isActive(String authId) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Whether the secret belongs to the token {@code user@realm!id}, which is active. */
  public boolean checkToken(String fullTokenId, String secret) {
    throw new UnsupportedOperationException("not there yet");
  }

  /**
   * The privileges of a user or token on a path, with inheritance; a token with privilege
   * separation has what both itself and its user have. {@code root@pam} has all.
   *
   * @return privilege to whether it propagates
   */
  public SortedMap<String, Boolean> privileges(String authId, String path) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** All privileges that this release knows. */
  public SortedSet<String> knownPrivileges() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Role to its privileges, built-in and own ones. */
  public SortedMap<String, SortedSet<String>> roles() {
    throw new UnsupportedOperationException("not there yet");
  }

  public void createUser(String userId, Optional<String> password, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void deleteUser(String userId) {
    throw new UnsupportedOperationException("not there yet");
  }

  public NewToken createToken(String userId, String tokenId, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void deleteToken(String userId, String tokenId) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void createRole(String roleId, SortedSet<String> privileges) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void updateRole(String roleId, SortedSet<String> privileges, boolean append) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void deleteRole(String roleId) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Adds or deletes one ACL entry; {@code type} is user, group or token. */
  public void setAcl(
      String path, String type, String ugid, String role, boolean propagate, boolean delete) {
    throw new UnsupportedOperationException("not there yet");
  }
}
