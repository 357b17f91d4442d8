package io.pveha.api.v1alpha1;

/** Reasons in conditions and Events. Stable: users alert on them. */
public enum ConditionReason {
  // All is well

  /** Proxmox is as the spec says. */
  AS_SPECIFIED("AsSpecified"),

  /** managementPolicy is Observe; nothing differs or the plan is in status.plannedChanges. */
  OBSERVED("Observed"),

  /** Checked, and nothing is wrong. */
  HEALTHY("Healthy"),

  // At work or waiting

  /** Steps are known and about to be taken. */
  PLANNED("Planned"),

  /** Proxmox is carrying a task out. */
  IN_PROGRESS("InProgress"),

  /** The ProxmoxCluster exists but is not ready for this yet. */
  WAITING_FOR_CLUSTER("WaitingForCluster"),

  /** There is no ProxmoxCluster of the name in clusterRef. */
  CLUSTER_NOT_FOUND("ClusterNotFound"),

  /** Another ProxmoxCluster owns the Proxmox cluster. */
  CLUSTER_TAKEN("ClusterTaken"),

  /** The mark of the Proxmox cluster's owner can't be read. */
  OWNER_UNKNOWN("OwnerUnknown"),

  /** A Secret that the spec names does not exist. */
  SECRET_NOT_FOUND("SecretNotFound"),

  /** A node that takes part is not online. */
  WAITING_FOR_NODE("WaitingForNode"),

  /** The storage that the guest needs is not there yet. */
  WAITING_FOR_STORAGE("WaitingForStorage"),

  /** The guest does not exist yet, and this object does not create it. */
  WAITING_FOR_GUEST("WaitingForGuest"),

  /** A HaResource named in placement does not exist or is not managed yet. */
  WAITING_FOR_HA_RESOURCE("WaitingForHaResource"),

  /** Something is being created. */
  CREATING("Creating"),

  /** A node is joining the cluster. */
  JOINING("Joining"),

  /** The object is being deleted, and its deletion policy carried out. */
  DELETING("Deleting"),

  /** The object can't be deleted as its policy says; the message says why and what lets it go. */
  DELETION_BLOCKED("DeletionBlocked"),

  /** A task of Proxmox failed; it is tried again later. */
  TASK_FAILED("TaskFailed"),

  /** A task did not end in time; its outcome is looked up. */
  TASK_OVERDUE("TaskOverdue"),

  // Reaching Proxmox

  /** No configured address answers. */
  ENDPOINT_UNREACHABLE("EndpointUnreachable"),

  /** Proxmox refuses the token or the password. */
  CREDENTIALS_REJECTED("CredentialsRejected"),

  /** A Secret does not name the ProxmoxCluster in its annotation, so it is not sent anywhere. */
  SECRET_NOT_SHARED("SecretNotShared"),

  /** A Secret lacks a key, or its value has the wrong form. */
  SECRET_INCOMPLETE("SecretIncomplete"),

  /** The certificate is neither of a trusted authority nor of the pinned fingerprint. */
  CERTIFICATE_REJECTED("CertificateRejected"),

  /** The address answers, but not as the Proxmox API does. */
  NOT_PROXMOX("NotProxmox"),

  /** The token lacks a privilege; the message names it. */
  PERMISSION_DENIED("PermissionDenied"),

  /** Proxmox refused a request; the message has its words. */
  REQUEST_REFUSED("RequestRefused"),

  /** This version of Proxmox VE can't do what the spec asks. */
  UNSUPPORTED_VERSION("UnsupportedVersion"),

  /** This version of the operator can't do what the spec asks. */
  NOT_SUPPORTED("NotSupported"),

  // ProxmoxCluster

  /** The node belongs to a cluster of another name. */
  CLUSTER_NAME_MISMATCH("ClusterNameMismatch"),

  /** The node at the address has another name than the spec says. */
  NODE_NAME_MISMATCH("NodeNameMismatch"),

  /** A node that is named is not a member of the cluster. */
  NODE_UNKNOWN("NodeUnknown"),

  /** A node that should join has guests or is in a cluster already. */
  NODE_NOT_BARE("NodeNotBare"),

  /** A member is not online. */
  NODE_OFFLINE("NodeOffline"),

  /** A member has a bad condition; the message says which. */
  NODE_UNHEALTHY("NodeUnhealthy"),

  /** Another client changed status fields that the operator acts on; they are not trusted. */
  STATUS_NOT_TRUSTED("StatusNotTrusted"),

  /** A ConfigMap with conditions of nodes can't be read; the message says where. */
  CONDITIONS_UNREADABLE("ConditionsUnreadable"),

  /** The cluster has a member that the spec does not list. */
  UNLISTED_MEMBER("UnlistedMember"),

  /** All nodes of the spec are members. */
  FORMED("Formed"),

  /** The cluster isn't formed yet. */
  NOT_FORMED("NotFormed"),

  /** The members online hold the quorum. */
  QUORATE("Quorate"),

  /** Too few votes are online; Proxmox refuses writes. */
  QUORUM_LOST("QuorumLost"),

  /** Members contradict each other about who is online; nothing is concluded. */
  VIEWS_DIFFER("ViewsDiffer"),

  /** Fewer than two members could be asked; nothing is concluded. */
  TOO_FEW_VIEWS("TooFewViews"),

  /** The votes survive the loss of any one node. */
  VOTES_SOUND("VotesSound"),

  /** The number of votes is even: a split in halves stops both. */
  EVEN_VOTES("EvenVotes"),

  /** Two nodes can't outvote each other; an external quorum device is missing. */
  TIE_BREAKER_MISSING("TieBreakerMissing"),

  /** The home site alone is not quorate when the other sites are lost. */
  REMOTE_SITE_TIPS_QUORUM("RemoteSiteTipsQuorum"),

  /** The loss of one node stops the cluster. */
  NO_FAILURE_TOLERATED("NoFailureTolerated"),

  /** Proxmox is turning HA groups into rules. */
  MIGRATION_PENDING("MigrationPending"),

  /** The HA stack is disarmed: nothing is recovered. */
  HA_DISARMED("HaDisarmed"),

  /** Guests would stay down if a node died. */
  GUESTS_STRANDED("GuestsStranded"),

  /** A guest needs something of the node it starts on that Proxmox does not tell of. */
  DEPENDS_ON_NODE("DependsOnNode"),

  /** A guard of health holds an action back. */
  GUARD_HOLDS("GuardHolds"),

  // Nodes

  /** The node has not told in time how this is; nothing is concluded. */
  NOT_TOLD("NotTold"),

  /** The node's HA agent has written nothing for 30 seconds. */
  AGENT_SILENT("AgentSilent"),

  /** SMART says that a disk in use is failing. */
  DISK_FAILING("DiskFailing"),

  /** A solid-state disk in use has little life left. */
  DISK_WORN("DiskWorn"),

  /** A service that a cluster node needs does not run. */
  SERVICE_DOWN("ServiceDown"),

  /** A network interface, or a part of a bond, is down. */
  LINK_DOWN("LinkDown"),

  /** The node's clock differs from those of the other nodes. */
  CLOCK_OFF("ClockOff"),

  /** A certificate of the node ends within two weeks, or has ended. */
  CERTIFICATE_EXPIRING("CertificateExpiring"),

  /** Memory is nearly used up. */
  MEMORY_SHORT("MemoryShort"),

  /** The root file system is nearly full. */
  ROOT_DISK_FULL("RootDiskFull"),

  /** Proxmox HA waits until the node is confirmed down. */
  BEING_FENCED("BeingFenced"),

  /** The node was reset or is powered off. */
  FENCED("Fenced"),

  /** The node is emptied and kept empty, by order. */
  IN_MAINTENANCE("InMaintenance"),

  // ZfsPool

  /** Proxmox reports a disk as used; it is not touched. */
  DISK_IN_USE("DiskInUse"),

  /** A node has no disk of that path. */
  DISK_NOT_FOUND("DiskNotFound"),

  /** Two names in the spec are one disk. */
  DISK_TWICE("DiskTwice"),

  /** Fewer unused disks fit the selector than the pool needs. */
  TOO_FEW_DISKS("TooFewDisks"),

  /** A node has a different pool of that name. */
  POOL_NAME_TAKEN("PoolNameTaken"),

  /** Another ZfsPool manages the pool of that name on one of the nodes. */
  POOL_TAKEN("PoolTaken"),

  /** Another ZfsPool manages the storage entry. */
  STORAGE_TAKEN("StorageTaken"),

  /** The storage id belongs to something else. */
  STORAGE_ID_TAKEN("StorageIdTaken"),

  /** A pool lost a disk. */
  POOL_DEGRADED("PoolDegraded"),

  /** A pool is faulted, suspended or gone. */
  POOL_FAILED("PoolFailed"),

  /** A pool that was there is gone; none is made in its place. */
  POOL_LOST("PoolLost"),

  /** The storage is not active on a node. */
  STORAGE_INACTIVE("StorageInactive"),

  /** Guests use the storage, so it is not removed. */
  STORAGE_IN_USE("StorageInUse"),

  /** What lies on a pool can't be seen, so it is not destroyed. */
  STORAGE_NOT_VISIBLE("StorageNotVisible"),

  // ReplicationJob

  /** No guest of that number exists. */
  GUEST_NOT_FOUND("GuestNotFound"),

  /** No guest fits the selector. */
  NO_GUEST_SELECTED("NoGuestSelected"),

  /** The guest has no disk on a ZFS storage. */
  NOTHING_TO_REPLICATE("NothingToReplicate"),

  /** A target is not a member of the cluster. */
  TARGET_UNKNOWN("TargetUnknown"),

  /** A target lacks the storage of the guest's disks. */
  TARGET_LACKS_STORAGE("TargetLacksStorage"),

  /** No other node can take a replica. */
  NO_TARGET("NoTarget"),

  /** Proxmox does not understand the schedule. */
  SCHEDULE_REFUSED("ScheduleRefused"),

  /** The replicas are young enough. */
  WITHIN_RPO("WithinRpo"),

  /** The freshest replica is older than the RPO. */
  RPO_MISSED("RpoMissed"),

  /** The schedule runs less often than the RPO demands. */
  RPO_UNREACHABLE("RpoUnreachable"),

  /** No run has succeeded yet. */
  NEVER_SYNCED("NeverSynced"),

  /** The time of the last run is unknown: its node is gone and nothing was saved. */
  SYNC_UNKNOWN("SyncUnknown"),

  /** A job fails; the message has Proxmox's words. */
  JOB_FAILING("JobFailing"),

  /** Source and replica have no snapshot in common; the job must be recreated. */
  CHAIN_BROKEN("ChainBroken"),

  /** The target of a job is offline; Proxmox does not try. */
  JOB_TARGET_OFFLINE("JobTargetOffline"),

  /** Replication is suspended in the spec. */
  SUSPENDED("Suspended"),

  /** Proxmox has not removed a job yet; its node must be online for that. */
  REMOVAL_PENDING("RemovalPending"),

  /**
   * Guests do not fit spec.selector any more; nothing of them is removed until that is accepted.
   */
  SELECTION_SHRANK("SelectionShrank"),

  /** A job of a guest has no mark of this object, so that it is neither changed nor removed. */
  FOREIGN_JOB("ForeignJob"),

  /** An older ReplicationJob has the say over the guest. */
  JOB_TAKEN("JobTaken"),

  // HaResource

  /** The vmid belongs to a guest of the other kind. */
  GUEST_KIND_MISMATCH("GuestKindMismatch"),

  /** The guest was there and is gone; nothing is made in its place. */
  GUEST_LOST("GuestLost"),

  /** What is not listed is not known to be absent; nothing is concluded from it yet. */
  ABSENCE_UNPROVEN("AbsenceUnproven"),

  /** The operator itself failed at the object; a fault of its own. */
  INTERNAL_ERROR("InternalError"),

  /** Kubernetes does not tell the operator of a kind of objects that this one rests on. */
  KUBERNETES_LIST_MISSING("KubernetesListMissing"),

  /** Nothing new was told for so long that nothing may rest on what was told last. */
  FACTS_TOO_OLD("FactsTooOld"),

  /** Proxmox HA lists the guest, and no list of guests shows it. */
  GUEST_NOT_VISIBLE("GuestNotVisible"),

  /** A rule or group is not ours to change, and what is wanted would change it. */
  FOREIGN_RULE("ForeignRule"),

  /** An object has a property that this version does not know, and is left as it is. */
  UNKNOWN_PROPERTY("UnknownProperty"),

  /** Guests that are bound to each other have nodes of different priorities. */
  PRIORITY_CONFLICT("PriorityConflict"),

  /** The guest is a template, which can't be started. */
  GUEST_IS_TEMPLATE("GuestIsTemplate"),

  /** Another HaResource manages the guest. */
  VMID_TAKEN("VmidTaken"),

  /** The template or the guest to clone does not exist on the node. */
  TEMPLATE_NOT_FOUND("TemplateNotFound"),

  /** The guest exists. */
  GUEST_PRESENT("GuestPresent"),

  /** The guest is in the state wanted. */
  IN_REQUESTED_STATE("InRequestedState"),

  /** The guest is being started. */
  STARTING("Starting"),

  /** The guest is being stopped. */
  STOPPING("Stopping"),

  /** The guest is moving to another node. */
  MOVING("Moving"),

  /** The guest's node is lost; Proxmox HA waits until it is confirmed down. */
  NODE_LOST("NodeLost"),

  /** The node is fenced; Proxmox HA is choosing a new one, or that is starting the guest. */
  RECOVERING("Recovering"),

  /** A guest can't leave a node that is to be emptied; the message says why. */
  GUEST_STAYS("GuestStays"),

  /** No node that is online may take the guest. */
  NO_NODE_ALLOWED("NoNodeAllowed"),

  /** Proxmox HA left the guest alone while its node reboots or HA is disarmed. */
  FROZEN("Frozen"),

  /** Proxmox HA gave up on the guest: set state to disabled, fix it, set started. */
  HA_ERROR("HaError"),

  /** Proxmox refuses the placement as infeasible. */
  PLACEMENT_REFUSED("PlacementRefused"),

  /** Placement allows the guest on one node only; it would not be recovered. */
  ONLY_ONE_NODE("OnlyOneNode"),

  /** No other node holds a replica young enough. */
  NO_REPLICA("NoReplica"),

  /** The probe answers. */
  PROBE_ANSWERS("ProbeAnswers"),

  /** The probe does not answer. */
  PROBE_FAILS("ProbeFails"),

  /** No probe is configured. */
  NO_PROBE("NoProbe"),

  /** The guest answered again on another node. */
  FAILED_OVER("FailedOver"),

  /** The guest stays where it is. */
  NOT_FAILING_OVER("NotFailingOver");

  private final String text;

  ConditionReason(String text) {
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
