package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolStatus.Node;
import java.util.ArrayList;
import java.util.List;

/** Metrics of a ZfsPool. */
final class PoolMetrics {

  private PoolMetrics() {}

  static List<Sample> of(ObjectRef object, ZfsPool pool) {
    List<Sample> samples = new ArrayList<>();
    for (Node node : pool.reported().nodes()) {
      Tags tags = object.tags(pool.getSpec().clusterRef().name()).and("node", node.name());
      if (node.state() != null) {
        samples.add(Sample.of("pveha.pool.state", tags.and("state", Labels.of(node.state())), 1));
      }
      if (node.sizeBytes() != null) {
        samples.add(Sample.of("pveha.pool.size.bytes", tags, node.sizeBytes()));
      }
      if (node.allocatedBytes() != null) {
        samples.add(Sample.of("pveha.pool.allocated.bytes", tags, node.allocatedBytes()));
      }
      if (node.fragmentationPercent() != null) {
        samples.add(
            Sample.of("pveha.pool.fragmentation.ratio", tags, node.fragmentationPercent() / 100.0));
      }
    }
    return samples;
  }
}
