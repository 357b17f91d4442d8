package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.HaResource;
import java.util.Objects;

/**
 * What of a changed HaResource concerns its cluster: the spec, where it belongs, a move asked for.
 */
final class ResourceChangeFilter {

  private ResourceChangeFilter() {}

  static boolean accept(HaResource now, HaResource before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !Objects.equals(now.reported().homeNode(), before.reported().homeNode())
        || !Objects.equals(now.reported().requestedMove(), before.reported().requestedMove());
  }
}
