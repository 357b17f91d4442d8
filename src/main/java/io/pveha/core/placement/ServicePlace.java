package io.pveha.core.placement;

import java.util.Collection;
import java.util.stream.Stream;

/**
 * The nodes that one service uses now; only nodes that are online count.
 *
 * @param current where it is, or null
 * @param target where it goes, or null
 * @param confirmed whether what it uses shows in measured figures already
 */
public record ServicePlace(String current, String target, boolean confirmed) {

  public static final ServicePlace NOWHERE = new ServicePlace(null, null, false);

  public static ServicePlace on(String node) {
    return new ServicePlace(node, null, true);
  }

  public boolean isMoving() {
    return current != null && target != null;
  }

  /** The used ones of the two nodes. */
  public Stream<String> nodes() {
    return Stream.of(current, target).filter(node -> node != null).distinct();
  }

  /** Where it will be: the target if it moves, else where it is; null if nowhere. */
  public String destination() {
    return target != null ? target : current;
  }

  /** The same place where nodes that are not online do not count. */
  public ServicePlace among(Collection<String> online) {
    return new ServicePlace(
        current != null && online.contains(current) ? current : null,
        target != null && online.contains(target) ? target : null,
        confirmed);
  }
}
