package io.pveha.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Tags;

/** An object of one of the four kinds, by kind and name. */
record ObjectRef(String kind, String namespace, String name) {

  static ObjectRef of(HasMetadata object) {
    return new ObjectRef(
        object.getKind(), object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  /** Labels of a cluster in the namespace of this object. */
  Tags cluster(String cluster) {
    return Tags.of("namespace", namespace, "cluster", cluster);
  }

  /** Labels of this object, with the cluster that it belongs to. */
  Tags tags(String cluster) {
    return cluster(cluster).and("name", name);
  }
}
