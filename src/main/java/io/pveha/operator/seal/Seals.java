package io.pveha.operator.seal;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.SealedStatus;
import io.pveha.proxmox.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process last wrote to each status, beside the seal that is written there:
 *
 * <ol>
 *   <li>what fits its seal is trusted, and so is what this process wrote itself, though the token
 *       was replaced meanwhile;
 *   <li>anything else is put back as this process wrote it last;
 *   <li>a process that has written nothing yet leaves it out.
 * </ol>
 */
public final class Seals {

  private final Map<String, SealedStatus<?>> written = new ConcurrentHashMap<>();

  /** The same; without a key it is as it is, and nothing of it may be acted on. */
  public <S extends SealedStatus<S>> TrustedStatus<S> read(
      HasMetadata object, S status, Optional<Secret> token) {
    return token.map(key -> read(object, status, key)).orElseGet(() -> TrustedStatus.whole(status));
  }

  /** The status that may be acted on. */
  public <S extends SealedStatus<S>> TrustedStatus<S> read(
      HasMetadata object, S status, Secret token) {
    @SuppressWarnings("unchecked") // Each UID is that of an object of one kind.
    Optional<S> known = Optional.ofNullable((S) written.get(object.getMetadata().getUid()));
    if (known.filter(status::equals).isPresent()) {
      // As it was trusted before; each reconciliation of what belongs to a cluster comes here.
      return TrustedStatus.whole(status);
    }
    if (Seal.of(token, object.getMetadata().getUid()).fits(status)) {
      written.putIfAbsent(object.getMetadata().getUid(), status);
      return TrustedStatus.whole(status);
    }
    if (known.map(Seal::content).orElse(Seal.NOTHING).equals(Seal.content(status))) {
      return TrustedStatus.whole(status);
    }
    return known
        .map(last -> TrustedStatus.restored(status.withSealedOf(last)))
        .orElseGet(() -> TrustedStatus.bare(status.distrusted()));
  }

  /** The status with the seal of the object. */
  public <S extends SealedStatus<S>> S sealed(HasMetadata object, S status, Secret token) {
    return Seal.of(token, object.getMetadata().getUid()).sealed(status);
  }

  /** This was saved, and nothing may be trusted that differs from it without a seal that fits. */
  public void wrote(HasMetadata object, SealedStatus<?> status) {
    written.put(object.getMetadata().getUid(), status);
  }

  /** The object is gone. */
  public void forget(HasMetadata object) {
    written.remove(object.getMetadata().getUid());
  }

  /** The object with the status that may be acted on. */
  public ProxmoxCluster trusted(ProxmoxCluster cluster, Secret token) {
    ProxmoxClusterStatus status = read(cluster, cluster.reported(), token).status();
    return with(cluster, new ProxmoxCluster(), status);
  }

  /** The object with the status that may be acted on. */
  public HaResource trusted(HaResource resource, Secret token) {
    HaResourceStatus status = read(resource, resource.reported(), token).status();
    return with(resource, new HaResource(), status);
  }

  private static <S, T, P extends CustomResource<S, T>> P with(P object, P copy, T status) {
    copy.setMetadata(object.getMetadata());
    copy.setSpec(object.getSpec());
    copy.setStatus(status);
    return copy;
  }
}
