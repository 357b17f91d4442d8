package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.pveha.api.v1alpha1.ClusterRef;
import java.util.List;

/** Finds objects of the same kind that name the same cluster, by indexes of JOSDK's own cache. */
public final class Peers {

  /** Objects by the ProxmoxCluster that they name. */
  public static final String BY_CLUSTER = "cluster";

  private Peers() {}

  /** The key of a ProxmoxCluster, or of something in it. */
  public static String key(HasMetadata object, ClusterRef ref, Object... more) {
    StringBuilder key =
        new StringBuilder(object.getMetadata().getNamespace()).append('/').append(ref.name());
    for (Object part : more) {
      key.append('/').append(part);
    }
    return key.toString();
  }

  /** All that name the same cluster. */
  public static <P extends CustomResource<?, ?>> List<P> of(
      P object, ClusterRef ref, IndexedResourceCache<P> cache) {
    return cache.byIndex(BY_CLUSTER, key(object, ref));
  }
}
