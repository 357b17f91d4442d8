package io.pveha.operator.connection;

import io.pveha.core.safety.SecretConsent;
import java.util.Map;
import java.util.Optional;

/** The Secrets of one namespace. */
@FunctionalInterface
public interface SecretSource {

  /**
   * A Secret.
   *
   * @param entries decoded
   * @param consent who may use it
   */
  record Found(Map<String, String> entries, SecretConsent consent) {

    public Found {
      entries = Map.copyOf(entries);
    }

    /** No secret gets into a log. */
    @Override
    public String toString() {
      return "Secret with " + entries.keySet();
    }
  }

  /** Empty when there is no such Secret. */
  Optional<Found> read(String name);
}
