package io.pveha.operator.connection;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.SecretKeys;
import io.pveha.api.v1alpha1.SecretRef;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
   * Reads the Secrets that the spec names. What is sent to nodes must be shared with the
   * ProxmoxCluster by its own annotation; the authorities to trust are sent nowhere.
   *
   * @param formed whether the cluster is formed, so that the login for forming may be missing
   */
  public static ClusterLogin read(ProxmoxCluster cluster, SecretSource secrets, boolean formed) {
    ProxmoxClusterSpec spec = cluster.getSpec();
    try {
      Map<String, String> token =
          shared(cluster, secrets, spec.credentialsSecretRef(), "spec.credentialsSecretRef");
      Credentials.ApiToken apiToken =
          new Credentials.ApiToken(
              tokenId(value(token, SecretKeys.TOKEN_ID, spec.credentialsSecretRef())),
              new Secret(value(token, SecretKeys.TOKEN_SECRET, spec.credentialsSecretRef())));
      Optional<Credentials.Login> root = Optional.empty();
      if (spec.formationSecretRef() != null
          && !(formed && !isShared(cluster, secrets, spec.formationSecretRef()))) {
        Map<String, String> login =
            shared(cluster, secrets, spec.formationSecretRef(), "spec.formationSecretRef");
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

  /** Who Proxmox says has asked for a task of ours. */
  public Set<String> users() {
    return Stream.concat(
            token.map(Credentials.ApiToken::id).stream(),
            root.map(Credentials.Login::username).stream())
        .collect(Collectors.toSet());
  }

  private static Trust authority(ProxmoxClusterSpec spec, SecretSource secrets) {
    if (spec.tls() == null || spec.tls().caSecretRef() == null) {
      return new Trust.SystemAuthorities();
    }
    SecretRef ref = spec.tls().caSecretRef();
    return new Trust.Authorities(
        value(secret(secrets, ref, "spec.tls.caSecretRef").entries(), SecretKeys.CA, ref));
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

  private static boolean isShared(ProxmoxCluster cluster, SecretSource secrets, SecretRef ref) {
    return secrets
        .read(ref.name())
        .filter(found -> found.consent().isGivenTo(cluster.getMetadata().getName()))
        .isPresent();
  }

  /** Before it is looked into: what is in a Secret of others is told to nobody either. */
  private static Map<String, String> shared(
      ProxmoxCluster cluster, SecretSource secrets, SecretRef ref, String field) {
    SecretSource.Found found = secret(secrets, ref, field);
    String name = cluster.getMetadata().getName();
    if (!found.consent().isGivenTo(name)) {
      throw new Unusable(
          ConditionReason.SECRET_NOT_SHARED,
          ("%s: Secret %s does not name ProxmoxCluster %s as one that may use it, so "
                  + "the operator does not use it; its owner must run: kubectl annotate "
                  + "secret %s -n %s %s=%s%s")
              .formatted(
                  field,
                  ref.name(),
                  name,
                  ref.name(),
                  cluster.getMetadata().getNamespace(),
                  ApiNames.SHARED_WITH,
                  found.consent().withGivenTo(name),
                  found.consent().clusters().isEmpty() ? "" : " --overwrite"));
    }
    return found.entries();
  }

  private static SecretSource.Found secret(SecretSource secrets, SecretRef ref, String field) {
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
