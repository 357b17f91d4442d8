package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the operator knows of a ProxmoxCluster. */
@JsonDeserialize(using = StatusReader.class)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@RecordBuilder
public record ProxmoxClusterStatus(
    @JsonPropertyDescription("Generation of the spec that this status describes.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Standard conditions; Ready, Reconciling and Stalled are as kstatus reads them.")
        @ListKey("type")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "Steps to be taken, in order; empty when nothing differs from the spec.")
        List<PlannedChange> plannedChanges,
    @JsonPropertyDescription("What was requested from Proxmox and is not known to be done.")
        List<PendingTask> pendingTasks,
    @JsonPropertyDescription("How far the cluster is formed.") FormationProgress formation,
    @JsonPropertyDescription("Name of the cluster as Proxmox reports it.") String clusterName,
    @JsonPropertyDescription("Lowest version of Proxmox VE on a member.") String pveVersion,
    @JsonPropertyDescription("Members online, out of all, as in 2/3.") String nodesOnline,
    @JsonPropertyDescription("Votes and what they allow.") Quorum quorum,
    @JsonPropertyDescription("Node that runs the HA manager now.") String haMaster,
    @JsonPropertyDescription("Whether the HA stack is armed, in Proxmox's words (9.x).")
        String armedState,
    @JsonPropertyDescription("Each member as observed.") @ListKey("name") List<Node> nodes,
    @JsonPropertyDescription(
            "What happens to the guests if a node died now: counts, and the worst guests.")
        @ListKey("node")
        List<Readiness> failoverReadiness,
    @JsonPropertyDescription("What is decided about nodes in bad health.") Health health,
    @JsonPropertyDescription("Guests that are being moved, and the last ones that were.")
        @ListKey("id")
        List<Move> moves,
    @JsonPropertyDescription("Guests that left a node that is being emptied, to go back.")
        @ListKey("guest")
        List<Away> away,
    @JsonPropertyDescription(
            "What identifies this Proxmox cluster; the same for all that manage it.")
        Identity identity,
    @JsonPropertyDescription(
            "The operator's signature of the fields that it acts on later: nodes, moves, "
                + "away and health. Fields that do not match are not trusted.")
        String seal)
    implements ReportedStatus<ProxmoxClusterStatus>, SealedStatus<ProxmoxClusterStatus> {

  /** Before the first report. */
  public static final ProxmoxClusterStatus EMPTY =
      new ProxmoxClusterStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null);

  public ProxmoxClusterStatus {
    conditions = Copies.conditions(conditions);
    plannedChanges = Copies.of(plannedChanges);
    pendingTasks = Copies.of(pendingTasks, PendingTask::isWhole);
    nodes = Copies.of(nodes, node -> Copies.areTold(node.name()));
    failoverReadiness = Copies.of(failoverReadiness, row -> Copies.areTold(row.node()));
    moves = Copies.of(moves, Move::isWhole);
    away = Copies.of(away, Away::isWhole);
  }

  /** Looks a member up by its name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  @Override
  public ProxmoxClusterStatus withObservedGeneration(Long generation) {
    return ProxmoxClusterStatusBuilder.builder(this).observedGeneration(generation).build();
  }

  @Override
  public ProxmoxClusterStatus withConditions(List<Condition> merged) {
    return ProxmoxClusterStatusBuilder.builder(this).conditions(merged).build();
  }

  @Override
  public ProxmoxClusterStatus withPlannedChanges(List<PlannedChange> changes) {
    return ProxmoxClusterStatusBuilder.builder(this).plannedChanges(changes).build();
  }

  @Override
  public ProxmoxClusterStatus withPendingTasks(List<PendingTask> tasks) {
    return ProxmoxClusterStatusBuilder.builder(this).pendingTasks(tasks).build();
  }

  public ProxmoxClusterStatus withFormation(FormationProgress progress) {
    return ProxmoxClusterStatusBuilder.builder(this).formation(progress).build();
  }

  public ProxmoxClusterStatus withFailoverReadiness(List<Readiness> losses) {
    return ProxmoxClusterStatusBuilder.builder(this).failoverReadiness(losses).build();
  }

  public ProxmoxClusterStatus withQuorum(String online, Quorum votes) {
    return ProxmoxClusterStatusBuilder.builder(this).nodesOnline(online).quorum(votes).build();
  }

  public ProxmoxClusterStatus withNodes(List<Node> members) {
    return ProxmoxClusterStatusBuilder.builder(this).nodes(members).build();
  }

  public ProxmoxClusterStatus withHealth(Health decided) {
    return ProxmoxClusterStatusBuilder.builder(this).health(decided).build();
  }

  /** Moves went on. */
  public ProxmoxClusterStatus withMoves(List<Move> orders, List<Away> absent) {
    return ProxmoxClusterStatusBuilder.builder(this).moves(orders).away(absent).build();
  }

  /**
   * Certificates that members told, what was seen of nodes and when, and what was decided.
   *
   * @param nodes by name, what is remembered of each
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Sealed(List<SealedNode> nodes, List<Move> moves, List<Away> away, Health health) {}

  /** What is remembered of a node. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record SealedNode(String name, String tlsFingerprint, List<Condition> conditions) {}

  @Override
  public Sealed sealed() {
    return new Sealed(
        nodes.stream()
            .filter(node -> node.tlsFingerprint() != null || !node.conditions().isEmpty())
            .map(node -> new SealedNode(node.name(), node.tlsFingerprint(), node.conditions()))
            .toList(),
        moves,
        away,
        health);
  }

  @Override
  public ProxmoxClusterStatus withSealedOf(ProxmoxClusterStatus other) {
    return withNodes(
            nodes.stream().map(node -> node.withSealedOf(other.node(node.name()))).toList())
        .withMoves(other.moves, other.away)
        .withHealth(other.health);
  }

  /**
   * Certificates are learned again, nodes looked at, and moves ordered, where there is a reason.
   */
  @Override
  public ProxmoxClusterStatus distrusted() {
    return withSealedOf(EMPTY);
  }

  @Override
  public ProxmoxClusterStatus withSeal(String made) {
    return ProxmoxClusterStatusBuilder.builder(this).seal(made).build();
  }

  /** Whether it was formed or adopted once, whatever became of it since. */
  public boolean wasFormed() {
    return formation != null && formation.completedAt() != null;
  }

  /**
   * What tells a Proxmox cluster from others, whatever our objects call it.
   *
   * @param clusterName as Proxmox reports it
   * @param authority SHA-256 of the certificate of the cluster's own authority; null when unknown
   * @param firstMember SHA-256 of the certificate of the member with the lowest node id
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Identity(
      @JsonPropertyDescription("Name of the cluster as Proxmox reports it.") String clusterName,
      @JsonPropertyDescription("SHA-256 of the certificate of the cluster's own authority.")
          String authority,
      @JsonPropertyDescription("SHA-256 of the certificate of the member with the lowest id.")
          String firstMember) {}

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
      @JsonPropertyDescription("Node that is joining now.") String joining,
      @JsonPropertyDescription("Nodes of the spec that are members.") List<String> members,
      @JsonPropertyDescription("When the first step was taken.") Instant startedAt,
      @JsonPropertyDescription("When all nodes were members.") Instant completedAt) {

    public FormationProgress {
      firstNode = Copies.text(firstNode);
      joining = Copies.text(joining);
      members = Copies.texts(members);
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
   * @param conditions types in {@link NodeConditionType}, and what ConfigMaps labelled {@link
   *     ApiNames#NODE_CONDITIONS} say; written by the operator only
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @RecordBuilder
  public record Node(
      @JsonPropertyDescription("Name of the node.") String name,
      @JsonPropertyDescription("Number of the node in corosync.") Integer nodeId,
      @JsonPropertyDescription("Cluster address, as Proxmox reports it.") String address,
      @JsonPropertyDescription("Member of the quorate part.") Boolean online,
      @JsonPropertyDescription("Version of Proxmox VE.") String pveVersion,
      @JsonPropertyDescription("Its votes in the quorum.") Integer votes,
      @JsonPropertyDescription("Its site, from the spec.") String site,
      @JsonPropertyDescription("Its roles.") List<NodeRole> roles,
      @JsonPropertyDescription("SHA-256 of the certificate that is trusted now.")
          String tlsFingerprint,
      @JsonPropertyDescription("When it was first seen as a member.") Instant joinedAt,
      @JsonPropertyDescription(
              "Health of the node; conditions of other sources come from ConfigMaps "
                  + "labelled pveha.io/node-conditions.")
          @ListKey("type")
          List<Condition> conditions) {

    public Node {
      roles = Copies.of(roles);
      conditions = Copies.conditions(conditions);
    }

    public Node withConditions(List<Condition> merged) {
      return with(tlsFingerprint, merged);
    }

    Node withSealedOf(Optional<Node> other) {
      return with(
          other.map(Node::tlsFingerprint).orElse(null),
          other.map(Node::conditions).orElse(List.of()));
    }

    private Node with(String fingerprint, List<Condition> found) {
      return ProxmoxClusterStatusNodeBuilder.builder(this)
          .tlsFingerprint(fingerprint)
          .conditions(found)
          .build();
    }
  }

  /**
   * What happens to the guests when one node dies. No time is here: replicas get new ones at each
   * sync, which metrics tell.
   *
   * @param guests of all nodes together, the worst 50
   * @param guestsNotListed null when each guest is listed
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Readiness(
      @JsonPropertyDescription("Node whose loss is predicted.") String node,
      @JsonPropertyDescription("Guests that would be recovered.") Integer recovered,
      @JsonPropertyDescription("Guests that would stay down.") Integer stranded,
      @JsonPropertyDescription("Guests whose outcome is unknown.") Integer unknown,
      @JsonPropertyDescription("How many would stay down for which reason.") @ListKey("reason")
          List<StrandedCount> strandedBecause,
      @JsonPropertyDescription(
              "What happens to each guest; the worst 50 of all nodes together, those that "
                  + "would stay down first.")
          List<GuestReadiness> guests,
      @JsonPropertyDescription("Guests that are counted above and not listed.")
          Integer guestsNotListed) {

    public Readiness {
      strandedBecause = Copies.of(strandedBecause, row -> Copies.areTold(row.reason()));
      guests = Copies.of(guests);
    }
  }

  /** How many guests would stay down for a reason. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record StrandedCount(
      @JsonPropertyDescription("Why, as in NoReplica.") String reason,
      @JsonPropertyDescription("How many.") Integer guests) {}

  /** What happens to one guest when its node dies. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record GuestReadiness(
      @JsonPropertyDescription("As in ct:100.") String guest,
      @JsonPropertyDescription("Recovered or stranded.") GuestOutcome outcome,
      @JsonPropertyDescription("Where it is recovered.") String target,
      @JsonPropertyDescription("Predicted outage.") Long outageSeconds,
      @JsonPropertyDescription("Why it is stranded, and the one change that would fix it.")
          String message) {

    public GuestReadiness {
      message = Copies.words(message);
    }
  }

  /**
   * What is decided about nodes in bad health, and what holds decisions back.
   *
   * @param quietUntil no automatic action before; set when many nodes failed at once
   * @param nodes nodes that something is done about
   * @param held actions that a guard holds back
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Health(
      @JsonPropertyDescription(
              "No automatic action before this time, because many nodes failed at once.")
          Instant quietUntil,
      @JsonPropertyDescription("Nodes that are being treated.") @ListKey("node")
          List<Treatment> nodes,
      @JsonPropertyDescription("Actions that a guard holds back.") List<Held> held) {

    public Health {
      nodes = Copies.of(nodes, Treatment::isWhole);
      held = Copies.of(held, Held::isWhole);
    }
  }

  /**
   * What is done about a node.
   *
   * @param cause type of the node's condition that a rule speaks of
   * @param healthySince since when no rule asks for it any more; null while one does
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Treatment(
      @JsonPropertyDescription("Name of the node.") String node,
      @JsonPropertyDescription("What is done.") HealthAction action,
      @JsonPropertyDescription("Condition of the node that a rule applies to.") String cause,
      @JsonPropertyDescription("Since when.") Instant since,
      @JsonPropertyDescription("Since when no rule asks for it any more.") Instant healthySince,
      @JsonPropertyDescription("The cause in words.") String message) {

    public Treatment {
      message = Copies.words(message);
    }

    boolean isWhole() {
      return Copies.areTold(node, action, cause, since);
    }
  }

  /** An action that a guard holds back. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Held(
      @JsonPropertyDescription("Name of the node.") String node,
      @JsonPropertyDescription("What would be done.") HealthAction action,
      @JsonPropertyDescription("Condition of the node that a rule applies to.") String cause,
      @JsonPropertyDescription("The guard.") HealthGuard guard,
      @JsonPropertyDescription("Why the guard holds it back, and what would release it.")
          String message) {

    public Held {
      message = Copies.words(message);
    }

    boolean isWhole() {
      return Copies.areTold(node, action, cause, guard);
    }
  }

  /**
   * One guest on its way from a node to another by our doing: synced first, then moved.
   *
   * @param id of this order; an order is carried out once
   * @param to empty until a node is chosen
   * @param deadline when the present phase times out
   * @param finishedAt when it succeeded or failed
   * @param syncAfter start of the last replication when a new one was asked for, by the clock of
   *     the guest's node; one that began later is waited for
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Move(
      @JsonPropertyDescription("Id of the order.") String id,
      @JsonPropertyDescription("As in ct:100.") String guest,
      @JsonPropertyDescription("Node that it leaves.") String from,
      @JsonPropertyDescription("Node that it goes to, once chosen.") String to,
      @JsonPropertyDescription("Why it is moved.") FailoverCause cause,
      @JsonPropertyDescription("How far it is.") MovePhase phase,
      @JsonPropertyDescription("When it was ordered.") Instant startedAt,
      @JsonPropertyDescription("Deadline of the present phase.") Instant deadline,
      @JsonPropertyDescription("When it succeeded or failed.") Instant finishedAt,
      @JsonPropertyDescription("A replication that started after this time is awaited.")
          Instant syncAfter,
      @JsonPropertyDescription("What it waits for, or why it failed.") String message) {

    public Move {
      message = Copies.words(message);
      to = Copies.text(to);
    }

    boolean isWhole() {
      return Copies.areTold(id, guest, from, cause, phase, startedAt);
    }
  }

  /** A guest that left a node that is being emptied. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Away(
      @JsonPropertyDescription("As in ct:100.") String guest,
      @JsonPropertyDescription("Node that it left and returns to.") String home,
      @JsonPropertyDescription(
              "Node that it was moved to; if it is found elsewhere, it stays there.")
          String at,
      @JsonPropertyDescription("Why it left.") FailoverCause cause,
      @JsonPropertyDescription("When it left.") Instant since) {

    boolean isWhole() {
      return Copies.areTold(guest, home, at, cause, since);
    }
  }
}
