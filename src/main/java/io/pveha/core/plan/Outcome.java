package io.pveha.core.plan;

import io.pveha.api.v1alpha1.ConditionReason;

/**
 * What became of a step that was asked.
 *
 * @param state how far it is
 * @param reason why it failed; meaningful for {@link State#FAILED} only
 * @param text Proxmox's words; empty when there are none
 */
public record Outcome(State state, ConditionReason reason, String text) {

  /** How far a step is. */
  public enum State {
    /** The task is at work; left when Proxmox reports its end. */
    RUNNING,
    /** Proxmox said yes, or the task ended well; the facts will show it. */
    SUCCEEDED,
    /** Proxmox said no, or the task ended badly; it may be asked again after a pause. */
    FAILED,
    /** Unknown: a dropped connection, an operator that died. Only the facts can tell. */
    UNKNOWN
  }

  public static final Outcome RUNNING = new Outcome(State.RUNNING, ConditionReason.IN_PROGRESS, "");
  public static final Outcome SUCCEEDED =
      new Outcome(State.SUCCEEDED, ConditionReason.AS_SPECIFIED, "");
  public static final Outcome UNKNOWN = new Outcome(State.UNKNOWN, ConditionReason.IN_PROGRESS, "");

  public static Outcome failed(ConditionReason reason, String text) {
    return new Outcome(State.FAILED, reason, text);
  }
}
