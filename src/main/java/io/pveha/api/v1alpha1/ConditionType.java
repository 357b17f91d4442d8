package io.pveha.api.v1alpha1;

/**
 * Types of the conditions of the four kinds. {@code Ready}, {@code Reconciling} and {@code Stalled}
 * are as kstatus reads them.
 */
public enum ConditionType {
  // All kinds

  /** Proxmox is as the spec says, and it works. */
  READY("Ready"),

  /** The operator is at work on it, or waits for something that will come. */
  RECONCILING("Reconciling"),

  /** It can't go on until a person acts; the message says what to do. */
  STALLED("Stalled"),

  // ProxmoxCluster

  /** All nodes of the spec are members of one cluster of the name wanted. */
  FORMED("Formed"),

  /** Proxmox answers over the API with the credentials given. */
  CONNECTED("Connected"),

  /** The token has every privilege that something in use rests on. */
  PERMITTED("Permitted"),

  /** The members online hold the quorum, as at least two of them say. */
  QUORATE("Quorate"),

  /** The votes survive the loss of any one node, and no other site can tip the home site. */
  VOTES_SOUND("VotesSound"),

  /** Every member is online and in good health. */
  NODES_HEALTHY("NodesHealthy"),

  /** Every HA guest would be recovered if any one node died now. */
  FAILOVER_READY("FailoverReady"),

  /** Proxmox is turning HA groups into rules; placement waits for that. */
  PLACEMENT_MIGRATION_PENDING("PlacementMigrationPending"),

  /** A guard holds an automatic action back; the message says which. */
  ACTION_HELD_BACK("ActionHeldBack"),

  /** Nodes that are to be emptied hold no guest; the message says which guest stays, and why. */
  EMPTIED("Emptied"),

  // ZfsPool

  /** The pool is online on every node of the spec. */
  POOLS_HEALTHY("PoolsHealthy"),

  /** The one storage entry lists every node that has the pool, and is active there. */
  STORAGE_READY("StorageReady"),

  // ReplicationJob

  /** Every guest has a replica that is younger than {@code rpoSeconds}. */
  RPO_MET("RpoMet"),

  /** A job fails, or a replica is missing that the spec asks for. */
  DEGRADED("Degraded"),

  /** Proxmox understands the schedule. */
  SCHEDULE_ACCEPTED("ScheduleAccepted"),

  // HaResource

  /** The guest exists, and is of the kind wanted. */
  GUEST_PRESENT("GuestPresent"),

  /** Proxmox HA has the guest with the settings of the spec. */
  MANAGED("Managed"),

  /** The guest is in the state wanted. */
  IN_REQUESTED_STATE("InRequestedState"),

  /** The guest runs where placement allows, and somewhere else is allowed too. */
  PLACED("Placed"),

  /** The probe answers. */
  ANSWERING("Answering"),

  /** The guest is on its way from one node to another. */
  FAILING_OVER("FailingOver");

  private final String text;

  ConditionType(String text) {
    this.text = text;
  }

  /** As written in a condition. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }
}
