package io.pveha.core.failover;

import io.pveha.core.placement.ServiceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What would become of one guest.
 *
 * @param from the node it is on
 * @param node where it runs again, or where its configuration ends up; empty when nowhere else
 * @param tried nodes where its start fails before that, in order
 * @param point what its disks hold then; only of a recovered guest
 * @param outage from the loss until it serves again; only of a recovered guest
 * @param stranded why it stays down; only of a stranded guest
 * @param doubt why it is unknown; only of one whose outcome is unknown
 */
public record GuestForecast(
    ServiceId guest,
    String from,
    Outcome outcome,
    Optional<String> node,
    List<String> tried,
    Optional<RecoveryPoint> point,
    Optional<Duration> outage,
    Optional<Stranded> stranded,
    Optional<Doubt> doubt) {

  public GuestForecast {
    tried = List.copyOf(tried);
  }

  /** Its fate in a word. */
  public enum Outcome {
    /** It runs on another node. */
    RECOVERED,
    /** It is wanted started and stays down. */
    STRANDED,
    /** It is not wanted started, and is not. */
    STAYS_STOPPED,
    /** Unknown: what decides about it is not understood. */
    UNKNOWN
  }

  /** Why it stays down, what it ends up as, and what would help. */
  public record Stranded(StrandedReason reason, Ending ending, Remedy remedy, String sentence) {

    /** Why, and the one change that would release it. */
    public String message() {
      return Character.toUpperCase(sentence.charAt(0))
          + sentence.substring(1)
          + ". "
          + remedy.sentence();
    }
  }

  /** Why its outcome is unknown. */
  public record Doubt(Cause cause, String why) {

    /** Where the doubt comes from. */
    public enum Cause {
      /** A rule, a group or its HA resource is not understood. */
      RULE,
      /** Its configuration has not been read yet. */
      CONFIGURATION,
      /** It needs something of the node that Proxmox does not tell of. */
      NODE
    }
  }

  public boolean isStranded() {
    return outcome == Outcome.STRANDED;
  }
}
