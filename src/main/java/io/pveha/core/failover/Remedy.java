package io.pveha.core.failover;

/**
 * The one change that would release a stranded guest.
 *
 * @param node where it is made; empty text when it is made nowhere in particular
 * @param subject the storage or the rule that is changed, or an amount of bytes; empty text when
 *     there is none
 * @param sentence for the owner
 */
public record Remedy(Kind kind, String node, String subject, String sentence) {

  /** What is changed. */
  public enum Kind {
    /** The cluster gets votes. */
    ADD_VOTES,
    /** The HA stack is armed. */
    ARM,
    /** The owner sets the guest to disabled and then to started. */
    CLEAR_ERROR,
    /** Its LRM comes back. */
    RESTART_AGENT,
    /** A node comes back, or is added. */
    BRING_NODE,
    /** A rule names one more node. */
    ALLOW_NODE,
    /** The guest leaves a rule. */
    LEAVE_RULE,
    /** A node that has all it needs is preferred. */
    PREFER_NODE,
    /** A node gets a storage. */
    ADD_STORAGE,
    /** The guest no longer needs what only some nodes have, or a node gets it. */
    UNBIND,
    /** Its disks are replicated to a node. */
    ADD_REPLICA,
    /** The first replication to a node succeeds. */
    FINISH_SYNC,
    /** A node gets memory back. */
    FREE_MEMORY
  }
}
