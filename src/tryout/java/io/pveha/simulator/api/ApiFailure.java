package io.pveha.simulator.api;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A request that is refused before the world is asked; carries what the answer says. */
final class ApiFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient SortedMap<String, String> errors;

  ApiFailure(int status, String message) {
    this(status, message, new TreeMap<>());
  }

  private ApiFailure(int status, String message, SortedMap<String, String> errors) {
    super(message, null, false, false);
    this.status = status;
    this.errors = errors;
  }

  static ApiFailure badParameters(Map<String, String> errors) {
    return new ApiFailure(400, "Parameter verification failed.", new TreeMap<>(errors));
  }

  static ApiFailure badParameter(String name, String error) {
    return badParameters(Map.of(name, error));
  }

  static ApiFailure forbidden(String what) {
    return new ApiFailure(403, "Permission check failed (" + what + ")");
  }

  static ApiFailure unauthorized(String message) {
    return new ApiFailure(401, message);
  }

  /** A {@code die} of the real server. */
  static ApiFailure died(String message) {
    return new ApiFailure(500, message);
  }

  int status() {
    return status;
  }

  SortedMap<String, String> errors() {
    return errors;
  }
}
