package io.pveha.operator.owner;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.core.safety.ClusterHold;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * How each ProxmoxCluster stands, as its reconciler found last. Kept in memory only: after a start
 * nothing that belongs to a cluster is written before that is found again.
 */
public final class ClusterOwners {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  /**
   * Why a mark could not be written.
   *
   * @param again when to try again
   * @param attempts that failed so far
   */
  public record Trouble(ProxmoxFailure failure, Instant again, int attempts) {}

  private final Map<ResourceID, OwnershipState> standings = new ConcurrentHashMap<>();
  private final Map<ResourceID, BooleanSupplier> checks = new ConcurrentHashMap<>();
  private final Map<ResourceID, ClusterHold.Claim> claims = new ConcurrentHashMap<>();
  private final Map<ResourceID, Trouble> troubles = new ConcurrentHashMap<>();

  /** Empty until its reconciler has looked. */
  public Optional<OwnershipState> standing(ResourceID cluster) {
    return Optional.ofNullable(standings.get(cluster));
  }

  /** Tells whether that is news. */
  public boolean settle(ResourceID cluster, OwnershipState standing) {
    return !standing.equals(standings.put(cluster, standing));
  }

  /**
   * Sets how to ask whether a ProxmoxCluster is still what {@link #standing} says, by all that is
   * known at that moment, also before its reconciler looks again.
   */
  public void checkedBy(ResourceID cluster, BooleanSupplier check) {
    checks.put(cluster, check);
  }

  /** Whether a ProxmoxCluster owns its Proxmox cluster, asked at the moment of each write. */
  public boolean stillOwns(ResourceID cluster) {
    return isStill(cluster, OwnershipState::isOwner);
  }

  /** Whether a ProxmoxCluster may form its Proxmox cluster, asked at the moment of each write. */
  public boolean mayStillForm(ResourceID cluster) {
    return isStill(cluster, OwnershipState::mayForm);
  }

  private boolean isStill(ResourceID cluster, Predicate<OwnershipState> so) {
    BooleanSupplier check = checks.get(cluster);
    return standing(cluster).filter(so).isPresent() && check != null && check.getAsBoolean();
  }

  /** What this process knows of the mark of a ProxmoxCluster. */
  public Optional<ClusterHold.Claim> claim(ResourceID cluster) {
    return Optional.ofNullable(claims.get(cluster));
  }

  /** The mark of a ProxmoxCluster was written, or found. */
  public void claimed(ResourceID cluster, ClusterHold.Claim claim) {
    claims.put(cluster, claim);
    troubles.remove(cluster);
  }

  /** Another one's mark is there. */
  public void lost(ResourceID cluster) {
    claims.remove(cluster);
    troubles.remove(cluster);
  }

  /** Why the mark could not be written; empty when it was, or was not tried. */
  public Optional<Trouble> trouble(ResourceID cluster) {
    return Optional.ofNullable(troubles.get(cluster));
  }

  /** The mark could not be written; the pause until it is tried again grows. */
  public void failed(ResourceID cluster, ProxmoxFailure failure, Instant now) {
    int attempts = trouble(cluster).map(Trouble::attempts).orElse(0);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, 10));
    troubles.put(
        cluster,
        new Trouble(
            failure,
            now.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause),
            attempts + 1));
  }

  /** A cluster's object is gone. */
  public void forget(ResourceID cluster) {
    standings.remove(cluster);
    checks.remove(cluster);
    lost(cluster);
  }
}
