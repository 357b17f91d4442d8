package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.pveha.api.v1alpha1.ApiNames;
import java.util.Map;
import java.util.Objects;

/**
 * What of a changed object is worth a reconciliation: a changed spec, its deletion, and an order by
 * annotation; not what we wrote ourselves.
 */
public final class SpecChangeFilter implements OnUpdateFilter<HasMetadata> {

  @Override
  public boolean accept(HasMetadata now, HasMetadata before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !Objects.equals(order(now, ApiNames.SYNC_NOW), order(before, ApiNames.SYNC_NOW))
        || !Objects.equals(order(now, ApiNames.MOVE_TO), order(before, ApiNames.MOVE_TO))
        || !Objects.equals(order(now, ApiNames.RECREATE), order(before, ApiNames.RECREATE))
        || !Objects.equals(order(now, ApiNames.DESTROY_DATA), order(before, ApiNames.DESTROY_DATA))
        || !Objects.equals(
            order(now, ApiNames.ACCEPT_SELECTION), order(before, ApiNames.ACCEPT_SELECTION))
        || !Objects.equals(order(now, ApiNames.REPAIR), order(before, ApiNames.REPAIR));
  }

  private static String order(HasMetadata object, String annotation) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(annotation);
  }
}
