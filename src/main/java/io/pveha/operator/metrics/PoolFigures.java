package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.PoolState;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolStatus.Node;
import java.util.ArrayList;
import java.util.List;

/** A ZfsPool as figures. */
final class PoolFigures {

  private PoolFigures() {}

  static List<Figure> of(Subject subject, ZfsPool pool) {
    List<Figure> figures = new ArrayList<>();
    for (Node node : pool.reported().nodes()) {
      Tags tags = subject.tags(pool.getSpec().clusterRef().name()).and("node", node.name());
      if (node.state() != null) {
        figures.addAll(Words.figures("pveha.pool.state", tags, PoolState.values(), node.state()));
      }
      if (node.sizeBytes() != null) {
        figures.add(Figure.bytes("pveha.pool.size", tags, node.sizeBytes()));
      }
      if (node.allocatedBytes() != null) {
        figures.add(Figure.bytes("pveha.pool.allocated", tags, node.allocatedBytes()));
      }
      if (node.fragmentationPercent() != null) {
        figures.add(
            Figure.ratio("pveha.pool.fragmentation", tags, node.fragmentationPercent() / 100.0));
      }
    }
    return figures;
  }
}
