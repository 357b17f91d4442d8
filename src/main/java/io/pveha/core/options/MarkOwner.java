package io.pveha.core.options;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import java.util.Optional;

/**
 * Marks the owner of the cluster in the datacenter notes.
 *
 * @param subject the ProxmoxCluster, as in {@code namespace/name}
 */
public record MarkOwner(String subject) implements Step {

  @Override
  public String action() {
    return "MarkOwner";
  }

  @Override
  public Optional<NodeName> node() {
    return Optional.empty();
  }

  @Override
  public String sentence() {
    return "Marking ProxmoxCluster %s as the owner in the datacenter notes.".formatted(subject);
  }
}
