package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of a changed ProxmoxCluster is worth a reconciliation: a changed spec or annotation, its
 * deletion, and what other controllers say of its nodes; not what we wrote ourselves.
 */
public final class ClusterNews implements OnUpdateFilter<ProxmoxCluster> {

  private static final Set<String> OURS =
      Arrays.stream(NodeConditionType.values())
          .map(NodeConditionType::text)
          .collect(Collectors.toUnmodifiableSet());

  @Override
  public boolean accept(ProxmoxCluster now, ProxmoxCluster before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !Objects.equals(
            now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations())
        || !ofOthers(now).equals(ofOthers(before));
  }

  private static Map<String, Map<String, Condition>> ofOthers(ProxmoxCluster cluster) {
    return cluster.reported().nodes().stream()
        .collect(
            Collectors.toMap(
                Node::name, ClusterNews::ofOthers, (one, other) -> other, TreeMap::new));
  }

  private static Map<String, Condition> ofOthers(Node node) {
    return node.conditions().stream()
        .filter(condition -> !OURS.contains(condition.getType()))
        .collect(
            Collectors.toMap(
                Condition::getType, condition -> condition, (one, other) -> other, TreeMap::new));
  }
}
