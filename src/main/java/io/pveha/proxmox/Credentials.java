package io.pveha.proxmox;

/** How to prove to Proxmox who asks. */
public sealed interface Credentials {

  /**
   * An API token.
   *
   * @param id {@code user@realm!name}
   */
  record ApiToken(String id, Secret secret) implements Credentials {}

  /**
   * A login with password, good for what Proxmox allows no token to do.
   *
   * @param username {@code user@realm}, as in {@code root@pam}
   */
  record Login(String username, Secret password) implements Credentials {}
}
