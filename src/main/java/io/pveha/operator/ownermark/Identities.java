package io.pveha.operator.ownermark;

import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.ClusterClaim;
import io.pveha.core.safety.ClusterIdentity;
import io.pveha.operator.host.Claimants;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.proxmox.ClusterCalls.JoinNode;
import io.pveha.proxmox.ClusterCalls.Member;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which Proxmox cluster a ProxmoxCluster speaks of. */
public final class Identities {

  private Identities() {}

  /** What status keeps of it. */
  public static ProxmoxClusterStatus.Identity saved(
      ClusterFacts facts, ProxmoxClusterStatus.Identity former) {
    Optional<String> firstMember = firstMember(facts);
    boolean sameMember =
        former != null && firstMember.filter(m -> m.equals(former.firstMember())).isPresent();
    return new ProxmoxClusterStatus.Identity(
        name(facts).orElse(null),
        facts.slow().authority().orElse(sameMember ? former.authority() : null),
        firstMember.orElse(null));
  }

  /** The claim of an object, by what was seen of its cluster, or else by what status keeps. */
  static ClusterClaim claim(ProxmoxCluster cluster, Optional<ClusterFacts> facts) {
    ProxmoxClusterStatus.Identity former = cluster.reported().identity();
    ProxmoxClusterStatus.Identity known = facts.map(f -> saved(f, former)).orElse(former);
    Set<String> addresses =
        cluster.getSpec().nodes().stream()
            .map(node -> node.host() + ":" + node.port())
            .collect(Collectors.toSet());
    return new ClusterClaim(
        Claimants.of(cluster, false),
        known == null
            ? ClusterIdentity.at(addresses)
            : new ClusterIdentity(
                Optional.ofNullable(known.clusterName()),
                Optional.ofNullable(known.authority()),
                Optional.ofNullable(known.firstMember()),
                addresses));
  }

  private static Optional<String> name(ClusterFacts facts) {
    return facts.fast().views().values().stream()
        .flatMap(view -> view.clusterName().stream())
        .sorted()
        .findFirst();
  }

  private static Optional<String> firstMember(ClusterFacts facts) {
    return facts.fast().members().stream()
        .min(Comparator.comparing(Member::nodeId))
        .map(Member::name)
        .map(NodeName::value)
        .flatMap(
            first ->
                facts.slow().join().nodelist().stream()
                    .filter(node -> first.equals(node.name()))
                    .findFirst())
        .map(JoinNode::fingerprint);
  }
}
