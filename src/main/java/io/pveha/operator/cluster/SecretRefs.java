package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.SecretRef;
import io.pveha.core.safety.SecretConsent;
import io.pveha.operator.connection.SecretSource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which Secrets a ProxmoxCluster refers to, and what is in them. */
final class SecretRefs {

  private SecretRefs() {}

  static Set<ResourceID> of(ProxmoxCluster cluster) {
    ProxmoxClusterSpec spec = cluster.getSpec();
    return Stream.of(
            spec.credentialsSecretRef(),
            spec.formationSecretRef(),
            spec.tls() == null ? null : spec.tls().caSecretRef())
        .filter(Objects::nonNull)
        .map(SecretRef::name)
        .map(name -> new ResourceID(name, cluster.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }

  /** What is in it, decoded, and who may use it. */
  static Optional<SecretSource.Found> find(Collection<Secret> secrets, String name) {
    return secrets.stream()
        .filter(secret -> secret.getMetadata().getName().equals(name))
        .findFirst()
        .map(SecretRefs::found);
  }

  static SecretSource.Found found(Secret secret) {
    return new SecretSource.Found(
        entries(secret),
        SecretConsent.of(
            Optional.ofNullable(secret.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(ApiNames.SHARED_WITH))
                .orElse(null)));
  }

  private static Map<String, String> entries(Secret secret) {
    Map<String, String> entries = new HashMap<>();
    if (secret.getStringData() != null) {
      entries.putAll(secret.getStringData());
    }
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  entries.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return entries;
  }
}
