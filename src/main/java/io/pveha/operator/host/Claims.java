package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.core.safety.Claimant;
import java.time.Instant;

/** Objects as claimants of what they are about. */
public final class Claims {

  private Claims() {}

  /** One that yields when it is being deleted. */
  public static Claimant of(HasMetadata object) {
    return of(object, false);
  }

  /**
   * The same.
   *
   * @param mayNotWrite whether it yields anyway, as when its ProxmoxCluster is owned by another
   */
  public static Claimant of(HasMetadata object, boolean mayNotWrite) {
    return new Claimant(
        object.getMetadata().getNamespace(),
        object.getMetadata().getName(),
        Instant.parse(object.getMetadata().getCreationTimestamp()),
        mayNotWrite || object.isMarkedForDeletion());
  }
}
