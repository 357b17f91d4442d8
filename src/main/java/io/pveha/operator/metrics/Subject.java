package io.pveha.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Tags;

/** An object of one of the four kinds that figures speak of. */
record Subject(String kind, String namespace, String name) {

  static Subject of(HasMetadata object) {
    return new Subject(
        object.getKind(), object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  Tags tags() {
    return Tags.of("namespace", namespace, "name", name);
  }

  /** With the cluster that it belongs to. */
  Tags tags(String cluster) {
    return tags().and("cluster", cluster);
  }
}
