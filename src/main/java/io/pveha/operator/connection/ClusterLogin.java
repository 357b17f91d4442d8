package io.pveha.operator.connection;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.SecretKeys;
import io.pveha.api.v1alpha1.SecretRef;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import java.util.Map;
import java.util.Optional;

/**
 * What the Secrets of a ProxmoxCluster hold.
 *
 * @param problem why they can't be used; empty when all are good
 * @param root the login for forming; empty when the spec names none
 * @param authority trust for nodes without a fingerprint
 */
public record ClusterLogin(
    Optional<AccessProblem> problem,
    Optional<Credentials.ApiToken> token,
    Optional<Credentials.Login> root,
    Trust authority) {

  /**
   * Reads the Secrets that the spec names.
   *
   * @param formed whether the cluster is formed, so that the login for forming may be missing
   */
  public static ClusterLogin read(ProxmoxClusterSpec spec, SecretSource secrets, boolean formed) {
    try {
      Map<String, String> token =
          secret(secrets, spec.credentialsSecretRef(), "spec.credentialsSecretRef");
      Credentials.ApiToken apiToken =
          new Credentials.ApiToken(
              tokenId(value(token, SecretKeys.TOKEN_ID, spec.credentialsSecretRef())),
              new Secret(value(token, SecretKeys.TOKEN_SECRET, spec.credentialsSecretRef())));
      Optional<Credentials.Login> root = Optional.empty();
      if (spec.formationSecretRef() != null
          && !(formed && secrets.read(spec.formationSecretRef().name()).isEmpty())) {
        Map<String, String> login =
            secret(secrets, spec.formationSecretRef(), "spec.formationSecretRef");
        root =
            Optional.of(
                new Credentials.Login(
                    login.getOrDefault(SecretKeys.USERNAME, "root@pam"),
                    new Secret(value(login, SecretKeys.PASSWORD, spec.formationSecretRef()))));
      }
      return new ClusterLogin(
          Optional.empty(), Optional.of(apiToken), root, authority(spec, secrets));
    } catch (Unusable unusable) {
      return new ClusterLogin(
          Optional.of(unusable.problem),
          Optional.empty(),
          Optional.empty(),
          new Trust.SystemAuthorities());
    }
  }

  private static Trust authority(ProxmoxClusterSpec spec, SecretSource secrets) {
    if (spec.tls() == null || spec.tls().caSecretRef() == null) {
      return new Trust.SystemAuthorities();
    }
    SecretRef ref = spec.tls().caSecretRef();
    return new Trust.Authorities(
        value(secret(secrets, ref, "spec.tls.caSecretRef"), SecretKeys.CA, ref));
  }

  private static String tokenId(String id) {
    if (!id.matches("[^@!\\s]+@[^@!\\s]+![^@!\\s]+")) {
      throw new Unusable(
          ConditionReason.SECRET_INCOMPLETE,
          "spec.credentialsSecretRef: tokenId must read user@realm!name, as in"
              + " operator@pve!pveha.");
    }
    return id;
  }

  private static Map<String, String> secret(SecretSource secrets, SecretRef ref, String field) {
    return secrets
        .read(ref.name())
        .orElseThrow(
            () ->
                new Unusable(
                    ConditionReason.SECRET_NOT_FOUND,
                    "%s: there is no Secret %s in this namespace; create it."
                        .formatted(field, ref.name())));
  }

  private static String value(Map<String, String> secret, String key, SecretRef ref) {
    String value = secret.get(key);
    if (value == null || value.isBlank()) {
      throw new Unusable(
          ConditionReason.SECRET_INCOMPLETE,
          "Secret %s lacks the key %s; add it.".formatted(ref.name(), key));
    }
    return value.strip();
  }

  private static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient AccessProblem problem;

    Unusable(ConditionReason reason, String message) {
      super(message, null, false, false);
      this.problem = new AccessProblem(reason, message);
    }
  }
}
