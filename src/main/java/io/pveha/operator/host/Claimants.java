package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.core.safety.Claimant;
import java.time.Duration;
import java.time.Instant;

/** Objects as claimants of what they are about; see {@link io.pveha.core.safety.Ownership}. */
public final class Claimants {

  /** Nothing wakes an object when its rival goes. */
  public static final Duration RIVAL_LOOK = Duration.ofSeconds(5);

  private Claimants() {}

  /** One that yields when it is being deleted. */
  public static Claimant of(HasMetadata object) {
    return of(object, object.isMarkedForDeletion());
  }

  /** One that is told whether it yields. */
  public static Claimant of(HasMetadata object, boolean yields) {
    return new Claimant(
        object.getMetadata().getNamespace(),
        object.getMetadata().getName(),
        Instant.parse(object.getMetadata().getCreationTimestamp()),
        yields);
  }
}
