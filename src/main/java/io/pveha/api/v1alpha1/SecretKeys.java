package io.pveha.api.v1alpha1;

/** Keys of the Secrets that a ProxmoxCluster refers to. */
public final class SecretKeys {
  /** In {@code credentialsSecretRef}: user, realm and name, as in {@code operator@pve!pveha}. */
  public static final String TOKEN_ID = "tokenId";

  /** In {@code credentialsSecretRef}: the UUID that Proxmox showed when it made the token. */
  public static final String TOKEN_SECRET = "tokenSecret";

  /** In {@code formationSecretRef} and fencing: the login; {@code root@pam} when it is missing. */
  public static final String USERNAME = "username";

  /** In {@code formationSecretRef} and fencing: the password. */
  public static final String PASSWORD = "password";

  /** In {@code tls.caSecretRef}: certificates of the authorities to trust, PEM. */
  public static final String CA = "ca.crt";

  private SecretKeys() {}
}
