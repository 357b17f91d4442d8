package io.pveha.core.options;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import java.util.Optional;

/** Sets one option as a whole, with what others wrote into it. Asked of any member. */
public record SetOption(String name, String value) implements Step {

  @Override
  public String action() {
    return "SetClusterOption";
  }

  @Override
  public Optional<NodeName> node() {
    return Optional.empty();
  }

  @Override
  public String subject() {
    return name;
  }

  @Override
  public String sentence() {
    return "Setting the cluster's option %s to %s.".formatted(name, value);
  }
}
