package io.pveha.core.formation;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.WantedCluster.Link;
import io.pveha.core.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A step on the way from bare nodes to a cluster. */
public sealed interface FormationStep extends Step {

  /** Does one thing per kind of step. */
  interface Visitor<R> {
    R create(CreateCluster step);

    R join(JoinNode step);
  }

  <R> R accept(Visitor<R> visitor);

  /** The first node becomes a cluster of one. */
  record CreateCluster(NodeName first, String name, List<Link> links, int votes)
      implements FormationStep {

    public static final String ACTION = "CreateCluster";

    @Override
    public String action() {
      return ACTION;
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(first);
    }

    @Override
    public String subject() {
      return name;
    }

    @Override
    public String sentence() {
      return "Creating cluster %s on %s.".formatted(name, first.value());
    }

    @Override
    public Duration taskPatience() {
      return Duration.ofMinutes(3);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.create(this);
    }
  }

  /** A bare node becomes a member; asked of the joining node, which then asks {@code peer}. */
  record JoinNode(NodeName joining, NodeName peer, List<Link> links, int votes)
      implements FormationStep {

    public static final String ACTION = "JoinNode";

    @Override
    public String action() {
      return ACTION;
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(joining);
    }

    @Override
    public String subject() {
      return joining.value();
    }

    @Override
    public String sentence() {
      return "Joining %s to the cluster of %s.".formatted(joining.value(), peer.value());
    }

    @Override
    public Duration taskPatience() {
      return Duration.ofMinutes(5);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.join(this);
    }
  }
}
