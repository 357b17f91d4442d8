package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the operator knows of a ProxmoxCluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProxmoxClusterStatus(
    @JsonPropertyDescription("Generation of the spec that this status speaks of.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Standard conditions; Ready, Reconciling and Stalled are as kstatus reads them.")
        @ListKey("type")
        List<Condition> conditions,
    @JsonPropertyDescription("Steps ahead, in order; empty when all is as specified.")
        List<PlannedChange> plannedChanges,
    @JsonPropertyDescription("What was asked of Proxmox and isn't known to be done.")
        List<PendingTask> pendingTasks,
    @JsonPropertyDescription("How far the cluster is formed.") FormationProgress formation,
    @JsonPropertyDescription("Name of the cluster as Proxmox reports it.") String clusterName,
    @JsonPropertyDescription("Lowest version of Proxmox VE on a member.") String pveVersion,
    @JsonPropertyDescription("Members online of all, as in 2/3.") String nodesOnline,
    @JsonPropertyDescription("Votes and what they allow.") Quorum quorum,
    @JsonPropertyDescription("Node that runs the HA manager now.") String haMaster,
    @JsonPropertyDescription("Whether the HA stack is armed, in Proxmox's words (9.x).")
        String armedState,
    @JsonPropertyDescription("What is known of each member.") @ListKey("name") List<Node> nodes,
    @JsonPropertyDescription("What happens to every guest if a node died now.") @ListKey("node")
        List<Readiness> failoverReadiness)
    implements ReportedStatus<ProxmoxClusterStatus> {

  /** Before the first report. */
  public static final ProxmoxClusterStatus EMPTY =
      new ProxmoxClusterStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  public ProxmoxClusterStatus {
    conditions = Copies.of(conditions);
    plannedChanges = Copies.of(plannedChanges);
    pendingTasks = Copies.of(pendingTasks);
    nodes = Copies.of(nodes);
    failoverReadiness = Copies.of(failoverReadiness);
  }

  /** Looks a member up by its name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  @Override
  public ProxmoxClusterStatus withObservedGeneration(Long generation) {
    return new ProxmoxClusterStatus(
        generation,
        conditions,
        plannedChanges,
        pendingTasks,
        formation,
        clusterName,
        pveVersion,
        nodesOnline,
        quorum,
        haMaster,
        armedState,
        nodes,
        failoverReadiness);
  }

  @Override
  public ProxmoxClusterStatus withConditions(List<Condition> merged) {
    return new ProxmoxClusterStatus(
        observedGeneration,
        merged,
        plannedChanges,
        pendingTasks,
        formation,
        clusterName,
        pveVersion,
        nodesOnline,
        quorum,
        haMaster,
        armedState,
        nodes,
        failoverReadiness);
  }

  @Override
  public ProxmoxClusterStatus withPlannedChanges(List<PlannedChange> changes) {
    return new ProxmoxClusterStatus(
        observedGeneration,
        conditions,
        changes,
        pendingTasks,
        formation,
        clusterName,
        pveVersion,
        nodesOnline,
        quorum,
        haMaster,
        armedState,
        nodes,
        failoverReadiness);
  }

  @Override
  public ProxmoxClusterStatus withPendingTasks(List<PendingTask> tasks) {
    return new ProxmoxClusterStatus(
        observedGeneration,
        conditions,
        plannedChanges,
        tasks,
        formation,
        clusterName,
        pveVersion,
        nodesOnline,
        quorum,
        haMaster,
        armedState,
        nodes,
        failoverReadiness);
  }

  public ProxmoxClusterStatus withFormation(FormationProgress progress) {
    return new ProxmoxClusterStatus(
        observedGeneration,
        conditions,
        plannedChanges,
        pendingTasks,
        progress,
        clusterName,
        pveVersion,
        nodesOnline,
        quorum,
        haMaster,
        armedState,
        nodes,
        failoverReadiness);
  }

  public ProxmoxClusterStatus withNodes(List<Node> members) {
    return new ProxmoxClusterStatus(
        observedGeneration,
        conditions,
        plannedChanges,
        pendingTasks,
        formation,
        clusterName,
        pveVersion,
        nodesOnline,
        quorum,
        haMaster,
        armedState,
        members,
        failoverReadiness);
  }

  /**
   * How far the cluster is formed.
   *
   * @param firstNode node on which the cluster was created; set before it is asked, then fixed
   * @param joining node that joins now
   * @param members nodes of the spec that are members
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record FormationProgress(
      @JsonPropertyDescription("How far it is.") FormationPhase phase,
      @JsonPropertyDescription("Node on which the cluster is created.") String firstNode,
      @JsonPropertyDescription("Node that joins now.") String joining,
      @JsonPropertyDescription("Nodes of the spec that are members.") List<String> members,
      @JsonPropertyDescription("When the first step was taken.") Instant startedAt,
      @JsonPropertyDescription("When all were members.") Instant completedAt) {

    public FormationProgress {
      members = Copies.of(members);
    }
  }

  /**
   * Votes and what they allow.
   *
   * @param votes votes of the members online, with the device's if it votes
   * @param expectedVotes votes of all members and the device
   * @param votesNeeded fewest votes that are quorate
   * @param failuresTolerated how many nodes, taken with the most votes first, may still go
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Quorum(
      @JsonPropertyDescription("Whether the members online may write.") Boolean quorate,
      @JsonPropertyDescription("Votes present.") Integer votes,
      @JsonPropertyDescription("Votes of all members.") Integer expectedVotes,
      @JsonPropertyDescription("Fewest votes that are quorate.") Integer votesNeeded,
      @JsonPropertyDescription("How many more nodes may be lost.") Integer failuresTolerated,
      @JsonPropertyDescription("External tie-breaker, if there is one.") QuorumDevice device) {}

  /** An external quorum device as Proxmox reports it; set up on the command line only. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record QuorumDevice(
      @JsonPropertyDescription("Host that runs the quorum daemon.") String host,
      @JsonPropertyDescription("Whether it is connected, in Proxmox's words.") String state,
      @JsonPropertyDescription("How it votes, as in ffsplit or lms.") String algorithm) {}

  /**
   * What is known of a member.
   *
   * @param address cluster address (link 0) as Proxmox reports it
   * @param tlsFingerprint certificate trusted now; learned from a trusted member when joining
   *     replaced the one of the spec
   * @param conditions types in {@link NodeConditionType}; other controllers may add their own by
   *     server-side apply with a field manager of their own
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Node(
      @JsonPropertyDescription("Name of the node.") String name,
      @JsonPropertyDescription("Number of the node in corosync.") Integer nodeId,
      @JsonPropertyDescription("Cluster address as Proxmox reports it.") String address,
      @JsonPropertyDescription("Member of the quorate part.") Boolean online,
      @JsonPropertyDescription("Version of Proxmox VE.") String pveVersion,
      @JsonPropertyDescription("Its votes in the quorum.") Integer votes,
      @JsonPropertyDescription("Where it stands, as the spec says.") String site,
      @JsonPropertyDescription("What part it plays.") List<NodeRole> roles,
      @JsonPropertyDescription("SHA-256 of the certificate that is trusted now.")
          String tlsFingerprint,
      @JsonPropertyDescription("When it was first seen as a member.") Instant joinedAt,
      @JsonPropertyDescription(
              "Health of the node. Other controllers may add conditions by server-side apply.")
          @ListKey("type")
          List<Condition> conditions) {

    public Node {
      roles = Copies.of(roles);
      conditions = Copies.of(conditions);
    }
  }

  /** What happens to the guests when one node dies. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Readiness(
      @JsonPropertyDescription("Node whose loss is spoken of.") String node,
      @JsonPropertyDescription("Guests that would be recovered.") Integer recovered,
      @JsonPropertyDescription("Guests that would stay down.") Integer stranded,
      @JsonPropertyDescription("What becomes of each guest.") List<GuestReadiness> guests) {

    public Readiness {
      guests = Copies.of(guests);
    }
  }

  /** What happens to one guest when its node dies. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record GuestReadiness(
      @JsonPropertyDescription("As in ct:100.") String guest,
      @JsonPropertyDescription("Recovered or stranded.") GuestOutcome outcome,
      @JsonPropertyDescription("Where it is recovered.") String target,
      @JsonPropertyDescription("Data lost, from the last replication.") Long dataLossSeconds,
      @JsonPropertyDescription("Predicted outage.") Long outageSeconds,
      @JsonPropertyDescription("Why it is stranded, and the one change that would release it.")
          String message) {}
}
