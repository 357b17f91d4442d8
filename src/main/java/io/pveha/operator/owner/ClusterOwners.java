package io.pveha.operator.owner;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How each ProxmoxCluster stands, as its reconciler found last. Kept in memory only: after a start
 * nothing that belongs to a cluster is written before that is found anew.
 */
public final class ClusterOwners {

  private final Map<ResourceID, Standing> standings = new ConcurrentHashMap<>();

  /** Empty until its reconciler has looked. */
  public Optional<Standing> standing(ResourceID cluster) {
    return Optional.ofNullable(standings.get(cluster));
  }

  /** Tells whether that is news. */
  public boolean settle(ResourceID cluster, Standing standing) {
    return !standing.equals(standings.put(cluster, standing));
  }

  /** A cluster's object is gone. */
  public void forget(ResourceID cluster) {
    standings.remove(cluster);
  }
}
