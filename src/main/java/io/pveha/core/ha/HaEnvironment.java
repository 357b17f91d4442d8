package io.pveha.core.ha;

/**
 * The world as the HA daemons of one node see it at the moment they have their turn. The core calls
 * it only inside {@link CrmDaemon} and {@link LrmDaemon} methods, on the caller's thread, and keeps
 * nothing of it but the reference.
 */
public interface HaEnvironment extends ClusterStore, GuestActions {

  /** The node that the daemons run on. */
  String node();

  /** Whether this node is up, connected and in the partition with the majority. */
  boolean isQuorate();

  ClusterMembers members();

  /**
   * Refreshes the view of the shared documents at the start of a turn; false makes a master or an
   * active LRM skip its round.
   */
  boolean refreshView();

  /**
   * Asks for a lock in the name of this node, or renews it. A master asks for another node's agent
   * lock to prove that node dead: it is granted only when that node did not renew it for {@link
   * HaTimings#lockLife}. {@link LockTable} answers as Proxmox does.
   */
  LockGrant lock(HaLock lock);

  /** Gives a lock back; false when it was not ours or there is no quorum. */
  boolean unlock(HaLock lock);

  /** From now on this daemon must update its watchdog or the node is reset. */
  void openWatchdog(HaDaemon daemon);

  void updateWatchdog(HaDaemon daemon);

  /** Ends the watch without a reset. */
  void closeWatchdog(HaDaemon daemon);

  /** What a daemon tells; time and place are added by the environment. */
  void emit(HaDaemon daemon, HaEvent event);
}
