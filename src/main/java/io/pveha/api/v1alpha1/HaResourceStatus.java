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
import java.util.stream.Stream;

/** What the operator knows of a HaResource. */
@JsonDeserialize(using = StatusReader.class)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@RecordBuilder
public record HaResourceStatus(
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
    @JsonPropertyDescription("Id in Proxmox HA, as in ct:100.") String sid,
    @JsonPropertyDescription("State in Proxmox HA's words, as in started, fence, recovery.")
        String state,
    @JsonPropertyDescription("Node where the guest is now.") String node,
    @JsonPropertyDescription("Its home node: where it was before its first failover.")
        String homeNode,
    @JsonPropertyDescription("Nodes that hold a replica.") @ListKey("node") List<Replica> replicas,
    @JsonPropertyDescription("The placement as Proxmox has it.") AppliedPlacement placement,
    @JsonPropertyDescription("Whether its probe answers.") ProbeResult probe,
    @JsonPropertyDescription("The failover that is in progress.") Failover failoverInProgress,
    @JsonPropertyDescription("Failovers that ended, newest first, the last ten.")
        List<Failover> failovers,
    @JsonPropertyDescription("Number of failovers, including those no longer in the list.")
        Integer failoverCount,
    @JsonPropertyDescription("The move that annotation pveha.io/move-to asked for, until it ended.")
        RequestedMove requestedMove,
    @JsonPropertyDescription("When the error state was cleared by the operator, newest first.")
        List<ErrorRecovery> errorRecoveries,
    @JsonPropertyDescription("Whether the guest ever existed, so that it is not recreated.")
        Presence presence,
    @JsonPropertyDescription(
            "The operator's signature of the fields that it acts on later: homeNode, "
                + "requestedMove and presence. Fields that do not match are not trusted.")
        String seal)
    implements ReportedStatus<HaResourceStatus>, SealedStatus<HaResourceStatus> {

  /** How many entries {@link #failovers()} keeps. */
  public static final int LEDGER_SIZE = 10;

  /** Before the first report. */
  public static final HaResourceStatus EMPTY =
      new HaResourceStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null);

  public HaResourceStatus {
    conditions = Copies.conditions(conditions);
    plannedChanges = Copies.of(plannedChanges);
    pendingTasks = Copies.of(pendingTasks, PendingTask::isWhole);
    node = Copies.text(node);
    homeNode = Copies.text(homeNode);
    replicas = Copies.of(replicas, replica -> Copies.areTold(replica.node()));
    failovers = Copies.of(failovers, Failover::isWhole).stream().limit(LEDGER_SIZE).toList();
    failoverInProgress = Copies.onlyIf(failoverInProgress, Failover::isWhole);
    failoverCount = Math.max(0, Copies.orElse(failoverCount, 0));
    requestedMove = Copies.onlyIf(requestedMove, RequestedMove::isWhole);
    errorRecoveries = Copies.of(errorRecoveries, recovery -> Copies.areTold(recovery.at()));
  }

  /** Where it belongs, where it was asked to go, and that it was there. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Sealed(String homeNode, RequestedMove requestedMove, Presence presence) {}

  @Override
  public Sealed sealed() {
    return new Sealed(homeNode, requestedMove, presence);
  }

  @Override
  public HaResourceStatus withSealedOf(HaResourceStatus other) {
    return withHomeNode(other.homeNode)
        .withRequestedMove(other.requestedMove)
        .withPresence(other.presence);
  }

  /**
   * It belongs where it is found, and its owner has to ask again. That it was there only ever keeps
   * it from being recreated, so that stays.
   */
  @Override
  public HaResourceStatus distrusted() {
    return withHomeNode(null).withRequestedMove(null);
  }

  @Override
  public HaResourceStatus withSeal(String made) {
    return HaResourceStatusBuilder.builder(this).seal(made).build();
  }

  @Override
  public HaResourceStatus withObservedGeneration(Long generation) {
    return HaResourceStatusBuilder.builder(this).observedGeneration(generation).build();
  }

  @Override
  public HaResourceStatus withConditions(List<Condition> merged) {
    return HaResourceStatusBuilder.builder(this).conditions(merged).build();
  }

  @Override
  public HaResourceStatus withPlannedChanges(List<PlannedChange> changes) {
    return HaResourceStatusBuilder.builder(this).plannedChanges(changes).build();
  }

  @Override
  public HaResourceStatus withPendingTasks(List<PendingTask> tasks) {
    return HaResourceStatusBuilder.builder(this).pendingTasks(tasks).build();
  }

  /** The error state is about to be cleared once more. */
  public HaResourceStatus withErrorRecoveries(List<ErrorRecovery> recoveries) {
    return HaResourceStatusBuilder.builder(this).errorRecoveries(recoveries).build();
  }

  /** With what its probe saw; null when it is not probed. */
  public HaResourceStatus withProbe(ProbeResult seen) {
    return HaResourceStatusBuilder.builder(this).probe(seen).build();
  }

  /** A failover began, went on, or (with null) is not in progress any more. */
  public HaResourceStatus withFailoverInProgress(Failover current) {
    return HaResourceStatusBuilder.builder(this).failoverInProgress(current).build();
  }

  /** The failover ended and goes to the top of the ledger. */
  public HaResourceStatus withFinished(Failover ended) {
    List<Failover> ledger = Stream.concat(Stream.of(ended), failovers.stream()).toList();
    return HaResourceStatusBuilder.builder(this)
        .failoverInProgress(null)
        .failovers(ledger)
        .failoverCount(failoverCount + 1)
        .build();
  }

  /** Its owner asks for a move; or (with null) that has ended. */
  public HaResourceStatus withRequestedMove(RequestedMove request) {
    return HaResourceStatusBuilder.builder(this).requestedMove(request).build();
  }

  /** What is remembered of the guest, to be saved before anything is done about its absence. */
  public HaResourceStatus withPresence(Presence remembered) {
    return HaResourceStatusBuilder.builder(this).presence(remembered).build();
  }

  /** It belongs there now. */
  public HaResourceStatus withHomeNode(String home) {
    return HaResourceStatusBuilder.builder(this).homeNode(home).build();
  }

  /** A node that holds a replica of the guest's disks. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Replica(
      @JsonPropertyDescription("Name of the node.") String node,
      @JsonPropertyDescription("Recovery point: start of the last sync that succeeded.")
          Instant lastSync,
      @JsonPropertyDescription("Id of the job, as in 100-0.") String jobId) {}

  /**
   * What placement came to in Proxmox.
   *
   * @param name of the rule (9.x) or group (8.x) that holds it
   * @param nodes where it may be recovered, in order of preference
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record AppliedPlacement(
      @JsonPropertyDescription("Rule (9.x) or group (8.x) in Proxmox.") String name,
      @JsonPropertyDescription("Nodes where it may run, preferred ones first.") List<String> nodes,
      @JsonPropertyDescription("Whether it may run only there.") Boolean strict) {

    public AppliedPlacement {
      nodes = Copies.texts(nodes);
    }
  }

  /** What the probe saw. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ProbeResult(
      @JsonPropertyDescription("Whether the last probe was answered.") Boolean answering,
      @JsonPropertyDescription(
              "Since when it has been answering, or its last answer while it does not answer.")
          Instant since,
      @JsonPropertyDescription("What was observed instead of an answer.") String message) {

    public ProbeResult {
      message = Copies.words(message);
    }
  }

  /**
   * One change of node, planned or not: the receipt.
   *
   * @param recoveryPoint last sync of the replica that it was recovered from
   * @param outageSeconds as the probe saw it; from HA states when there is no probe
   * @param dataLossSeconds from the loss back to the recovery point; null when unknown
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Failover(
      @JsonPropertyDescription("Why it changed its node.") FailoverCause cause,
      @JsonPropertyDescription("Node that it left.") String from,
      @JsonPropertyDescription("Node where it runs since.") String to,
      @JsonPropertyDescription("What happened and when, in order.") List<Phase> phases,
      @JsonPropertyDescription("Last sync of the replica that it was recovered from.")
          Instant recoveryPoint,
      @JsonPropertyDescription("How long it did not answer.") Long outageSeconds,
      @JsonPropertyDescription("Outage that was predicted.") Long predictedOutageSeconds,
      @JsonPropertyDescription("From the loss back to the recovery point.") Long dataLossSeconds,
      @JsonPropertyDescription("Outage within rtoSeconds.") Boolean rtoMet,
      @JsonPropertyDescription("Data loss within the ReplicationJob's rpoSeconds.")
          Boolean rpoMet) {

    public Failover {
      to = Copies.text(to);
      phases = Copies.of(phases, phase -> Copies.areTold(phase.phase(), phase.at()));
    }

    boolean isWhole() {
      return Copies.areTold(cause, from);
    }

    /** When the phase was reached. */
    public Optional<Instant> reached(FailoverPhase phase) {
      return phases.stream().filter(p -> p.phase() == phase).map(Phase::at).findFirst();
    }
  }

  /** A phase of a failover. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Phase(
      @JsonPropertyDescription("What happened.") FailoverPhase phase,
      @JsonPropertyDescription("When it happened.") Instant at) {}

  /**
   * A move that the owner asked for. The annotation is taken off once this is saved, and this once
   * the move ended.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record RequestedMove(
      @JsonPropertyDescription("Node to move to.") String to,
      @JsonPropertyDescription("When it was asked for.") Instant requestedAt) {

    boolean isWhole() {
      return Copies.areTold(to, requestedAt);
    }
  }

  /** The error state of Proxmox HA, cleared by the operator since its cause was known and gone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ErrorRecovery(
      @JsonPropertyDescription("When it was begun.") Instant at,
      @JsonPropertyDescription("What had caused the error and is gone now.") String cause) {

    public ErrorRecovery {
      cause = Copies.words(cause);
    }
  }

  /** Whether the guest was ever there, whatever became of it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Presence(
      @JsonPropertyDescription("Since when it has been known to exist.") Instant seenSince,
      @JsonPropertyDescription("Since when it has been known to be gone; absent while it's there.")
          Instant lostSince,
      @JsonPropertyDescription(
              "Last value seen of annotation pveha.io/recreate; each value counts once.")
          String recreate) {}
}
