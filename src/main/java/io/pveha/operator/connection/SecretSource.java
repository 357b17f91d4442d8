package io.pveha.operator.connection;

import java.util.Map;
import java.util.Optional;

/** The Secrets of one namespace. */
@FunctionalInterface
public interface SecretSource {

  /** Its decoded entries; empty when there is no such Secret. */
  Optional<Map<String, String>> read(String name);
}
