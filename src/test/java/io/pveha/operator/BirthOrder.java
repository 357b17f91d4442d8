package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives each object a second of its own to be made in. The API in this process stamps with the
 * machine's clock in whole seconds, in which a story makes several: which of two objects is older
 * must not hang on how fast a test runs.
 */
final class BirthOrder {

  private static final Map<String, Instant> MADE = new HashMap<>();

  private static Instant last = Instant.EPOCH;

  private BirthOrder() {}

  /** Corrects the times at which objects were made; the API numbers their UIDs as they come. */
  static synchronized void correct(Collection<? extends HasMetadata> objects) {
    objects.stream()
        .filter(object -> !MADE.containsKey(uid(object)))
        .sorted(Comparator.comparing(BirthOrder::stamp).thenComparing(BirthOrder::uid))
        .forEach(
            object -> {
              Instant stamp = stamp(object);
              last = stamp.isAfter(last) ? stamp : last.plusSeconds(1);
              MADE.put(uid(object), last);
            });
    objects.forEach(
        object -> object.getMetadata().setCreationTimestamp(MADE.get(uid(object)).toString()));
  }

  private static Instant stamp(HasMetadata object) {
    return Instant.parse(object.getMetadata().getCreationTimestamp());
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }
}
