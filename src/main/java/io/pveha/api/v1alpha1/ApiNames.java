package io.pveha.api.v1alpha1;

/** Names that every part of the product and its users share. */
public final class ApiNames {
  public static final String NAME = "pveha.io";
  public static final String VERSION = "v1alpha1";
  public static final String CATEGORY = "pveha";

  /** Finalizer on all four kinds. */
  public static final String FINALIZER = NAME + "/finalizer";

  /** On a HaResource: move the guest to the named node once; the operator removes it when done. */
  public static final String MOVE_TO = NAME + "/move-to";

  /** On a ReplicationJob: replicate now; the operator removes it when asked of Proxmox. */
  public static final String SYNC_NOW = NAME + "/sync-now";

  /**
   * On an object that is being deleted: let it go without carrying out its deletion policy. The
   * value is the object's UID; on a ProxmoxCluster it counts for all that belongs to it, too.
   */
  public static final String ABANDON = NAME + "/abandon";

  /**
   * On a HaResource whose guest is lost, or a ZfsPool that lost a pool: recreate it empty. A time
   * after the loss, or an id; each value counts once.
   */
  public static final String RECREATE = NAME + "/recreate";

  /**
   * On a ZfsPool that is being deleted by policy Destroy: destroy the pools though data is left, or
   * may be, that no guest needs. The value is the object's UID.
   */
  public static final String DESTROY_DATA = NAME + "/destroy-data";

  /**
   * On a ReplicationJob whose selection shrank: what is missing may go as the deletion policy says.
   * The value is {@code status.selection.since}, and counts for just those guests.
   */
  public static final String ACCEPT_SELECTION = NAME + "/accept-selection";

  /** What Proxmox takes for the name of a node: a host name without domain. */
  public static final String NODE_NAME = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$";

  /**
   * On a ReplicationJob: a replica of which it is not proven that it is an older copy of its guest
   * may be destroyed to be recreated. The value is {@code JOB@TIME}, as the message says, or
   * several of them with commas between.
   */
  public static final String REPAIR = NAME + "/repair";

  /**
   * On a ProxmoxCluster: take the Proxmox cluster over from the owner whose mark is in the
   * datacenter notes. The value is the id of that owner's claim, so that it counts against no later
   * one.
   */
  public static final String TAKE_OVER = NAME + "/take-over";

  /**
   * On a Secret: the ProxmoxClusters of its namespace that may use it, by name, with commas
   * between. The operator sends a Secret to the nodes of no other.
   */
  public static final String SHARED_WITH = NAME + "/proxmox-cluster";

  /**
   * Label on a ConfigMap: what it says of nodes concerns the ProxmoxCluster of that name in its
   * namespace. It carries no trust: it may make a health rule apply, and nothing else.
   */
  public static final String NODE_CONDITIONS = NAME + "/node-conditions";

  private ApiNames() {}
}
