package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.NodeRole;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Quorum;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.QuorumDevice;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.Votes;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.ownermark.Identities;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.HaCalls.StatusRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Fills the status of a formed cluster from facts, and the conditions that follow from them. */
final class ClusterStatus {

  private final ProxmoxClusterSpec spec;
  private final ProxmoxClusterStatus former;
  private final ClusterFacts facts;
  private final ClusterAccess access;
  private final Map<NodeName, List<Condition>> nodeConditions;
  private final Conditions conditions;
  private final Instant now;

  ClusterStatus(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus former,
      ClusterFacts facts,
      ClusterAccess access,
      Map<NodeName, List<Condition>> nodeConditions,
      Conditions conditions,
      Instant now) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
    this.access = access;
    this.nodeConditions = nodeConditions;
    this.conditions = conditions;
    this.now = now;
  }

  ProxmoxClusterStatus status() {
    List<Member> members = facts.fast().members();
    long online = members.stream().filter(member -> isOnline(member.name())).count();
    quorate();
    return new ProxmoxClusterStatus(
        former.observedGeneration(),
        former.conditions(),
        List.of(),
        List.of(),
        former.formation(),
        spec.clusterName(),
        facts.slow().nodes().values().stream()
            .map(SlowFacts.Node::version)
            .filter(Objects::nonNull)
            .min(ClusterStatus::compareVersions)
            .orElse(former.pveVersion()),
        online + "/" + members.size(),
        quorum(members),
        facts.fast().ha().manager().masterNode(),
        facts.slow().haStatus().stream()
            .map(StatusRow::armedState)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        nodes(members),
        former.failoverReadiness(),
        former.health(),
        former.moves(),
        former.away(),
        Identities.saved(facts, former.identity()),
        former.seal());
  }

  private static int compareVersions(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("[^0-9]+"))
        .filter(part -> !part.isEmpty())
        .mapToInt(part -> part.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(part))
        .toArray();
  }

  private static String moreNodes(int count) {
    return count == 0 ? "no more node" : count == 1 ? "one more node" : count + " more nodes";
  }

  private boolean isOnline(NodeName node) {
    return facts.fast().online(node).orElse(false);
  }

  private Quorum quorum(List<Member> members) {
    Optional<ClusterCalls.QuorumDevice> device = facts.slow().device();
    int nodeVotes = members.stream().mapToInt(member -> votes(member.name())).sum();
    Votes votes =
        Votes.count(
            members.stream()
                .map(
                    member ->
                        new Votes.Voter(
                            member.name(),
                            votes(member.name()),
                            spec.node(member.name().value()).map(ProxmoxClusterSpec.Node::site),
                            isOnline(member.name())))
                .toList(),
            device.map(
                d ->
                    new Votes.Device(
                        d.host(), d.state(), deviceVotes(d, members.size(), nodeVotes))),
            spec.effectiveHomeSite());
    if (votes.findings().isEmpty()) {
      conditions.isTrue(
          ConditionType.VOTES_SOUND,
          ConditionReason.VOTES_SOUND,
          "%d of %s %s needed%s."
              .formatted(
                  votes.needed(),
                  Count.of(votes.expected(), "vote"),
                  votes.needed() == 1 ? "is" : "are",
                  votes.present() < votes.needed()
                      ? ", and only %d of them %s online"
                          .formatted(votes.present(), votes.present() == 1 ? "is" : "are")
                      : ", so %s may fail".formatted(moreNodes(votes.failuresTolerated()))));
    } else {
      Finding worst = votes.findings().get(0);
      conditions.isFalse(
          ConditionType.VOTES_SOUND,
          worst.reason(),
          votes.findings().stream().map(Finding::message).collect(Collectors.joining(" ")));
    }
    return new Quorum(
        facts.fast().isQuorate(),
        votes.present(),
        votes.expected(),
        votes.needed(),
        votes.failuresTolerated(),
        device.map(d -> new QuorumDevice(d.host(), d.state(), d.algorithm())).orElse(null));
  }

  /** A device votes once with ffsplit, and for all nodes but one with lms. */
  private static int deviceVotes(ClusterCalls.QuorumDevice device, int nodes, int nodeVotes) {
    boolean lastManStanding =
        device.algorithm() != null
            && (device.algorithm().toLowerCase().contains("lms")
                || device.algorithm().toLowerCase().contains("last man"));
    return lastManStanding ? nodes - 1 : nodeVotes % 2 == 0 ? 1 : 0;
  }

  /** As corosync has it; the spec counts only until Proxmox says so. */
  private int votes(NodeName node) {
    return facts
        .slow()
        .join()
        .node(node)
        .map(ClusterCalls.JoinNode::votes)
        .or(() -> spec.node(node.value()).map(ProxmoxClusterSpec.Node::votes))
        .orElse(1);
  }

  private void quorate() {
    if (facts.fast().isQuorate()) {
      conditions.isTrue(
          ConditionType.QUORATE,
          ConditionReason.QUORATE,
          "%s answered and %s the quorum."
              .formatted(
                  facts.fast().quorateViews().stream()
                      .map(view -> view.self().value())
                      .collect(Collectors.joining(", ")),
                  facts.fast().quorateViews().size() == 1 ? "holds" : "hold"));
    } else {
      conditions.isFalse(
          ConditionType.QUORATE, ConditionReason.QUORUM_LOST, "No quorate member answers.");
    }
  }

  private List<ProxmoxClusterStatus.Node> nodes(List<Member> members) {
    return members.stream().map(this::node).toList();
  }

  private ProxmoxClusterStatus.Node node(Member member) {
    NodeName name = member.name();
    Optional<ProxmoxClusterStatus.Node> before = former.node(name.value());
    Optional<ProxmoxClusterSpec.Node> wanted = spec.node(name.value());
    return new ProxmoxClusterStatus.Node(
        name.value(),
        member.nodeId(),
        member.ip(),
        facts.fast().online(name).orElse(null),
        Optional.ofNullable(facts.slow().nodes().get(name))
            .map(SlowFacts.Node::version)
            .or(() -> before.map(ProxmoxClusterStatus.Node::pveVersion))
            .orElse(null),
        votes(name),
        wanted.map(ProxmoxClusterSpec.Node::site).orElse(null),
        roles(name, wanted),
        access
            .learned(name)
            .or(() -> before.map(ProxmoxClusterStatus.Node::tlsFingerprint))
            .orElse(null),
        before.map(ProxmoxClusterStatus.Node::joinedAt).orElse(now),
        nodeConditions.getOrDefault(
            name, before.map(ProxmoxClusterStatus.Node::conditions).orElse(List.of())));
  }

  private List<NodeRole> roles(NodeName name, Optional<ProxmoxClusterSpec.Node> wanted) {
    List<NodeRole> roles = new ArrayList<>();
    if (name.value().equals(facts.fast().ha().manager().masterNode())) {
      roles.add(NodeRole.HA_MASTER);
    }
    Optional<String> home = spec.effectiveHomeSite();
    Optional<String> site = wanted.map(ProxmoxClusterSpec.Node::site);
    if (home.isPresent() && site.isPresent() && !site.equals(home)) {
      roles.add(NodeRole.REMOTE_SITE);
    }
    if (votes(name) == 0) {
      roles.add(NodeRole.VOTELESS);
    }
    return roles;
  }
}
