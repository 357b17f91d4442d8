package io.pveha.core.cluster;

import java.util.List;
import java.util.Optional;

/**
 * A guest as the cluster lists it.
 *
 * @param node where its configuration is
 * @param running whether it runs there; empty when nobody knows, as on a lost node
 * @param name empty when it has none
 * @param pool resource pool; empty when in none
 * @param lock operation that it is locked for; empty when free
 */
public record ListedGuest(
    GuestId id,
    NodeName node,
    Optional<Boolean> running,
    Optional<String> name,
    List<String> tags,
    Optional<String> pool,
    boolean template,
    Optional<String> lock) {

  public ListedGuest {
    tags = List.copyOf(tags);
  }
}
