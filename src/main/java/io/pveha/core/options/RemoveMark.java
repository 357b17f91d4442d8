package io.pveha.core.options;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import java.util.Optional;

/**
 * Takes the owner's mark out of the datacenter notes.
 *
 * @param subject the ProxmoxCluster, as in {@code namespace/name}
 */
public record RemoveMark(String subject) implements Step {

  @Override
  public String action() {
    return "RemoveMark";
  }

  @Override
  public Optional<NodeName> node() {
    return Optional.empty();
  }

  @Override
  public String sentence() {
    return "Removing the owner's mark of ProxmoxCluster %s from the datacenter notes."
        .formatted(subject);
  }
}
