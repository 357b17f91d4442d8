package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All objects whose {@code clusterRef} names a ProxmoxCluster, by kind and name. */
record Dependants(List<HasMetadata> all) {

  /** More names do not help. */
  private static final int MOST_NAMED = 10;

  static Dependants of(Context<ProxmoxCluster> context) {
    return new Dependants(
        Stream.<Class<? extends HasMetadata>>of(
                HaResource.class, ReplicationJob.class, ZfsPool.class)
            .<HasMetadata>flatMap(kind -> context.getSecondaryResources(kind).stream())
            .sorted(
                Comparator.comparing((HasMetadata object) -> object.getKind())
                    .thenComparing(object -> object.getMetadata().getName()))
            .toList());
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Those that are being deleted. */
  Dependants leaving() {
    return new Dependants(all.stream().filter(HasMetadata::isMarkedForDeletion).toList());
  }

  /** Those that nobody deletes. */
  Dependants staying() {
    return new Dependants(all.stream().filter(object -> !object.isMarkedForDeletion()).toList());
  }

  /** As in {@code HaResource web, ZfsPool tank}. */
  @Override
  public String toString() {
    String names =
        all.stream()
            .limit(MOST_NAMED)
            .map(object -> object.getKind() + " " + object.getMetadata().getName())
            .collect(Collectors.joining(", "));
    return all.size() > MOST_NAMED
        ? "%s and %d more".formatted(names, all.size() - MOST_NAMED)
        : names;
  }
}
