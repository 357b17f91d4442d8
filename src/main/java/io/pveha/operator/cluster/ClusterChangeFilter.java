package io.pveha.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import java.util.Objects;

/**
 * What of a changed ProxmoxCluster is worth a reconciliation: a changed spec or annotation, its
 * deletion; not what we wrote to its status.
 */
public final class ClusterChangeFilter implements OnUpdateFilter<ProxmoxCluster> {

  @Override
  public boolean accept(ProxmoxCluster now, ProxmoxCluster before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !Objects.equals(
            now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations());
  }
}
