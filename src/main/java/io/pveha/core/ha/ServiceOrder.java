package io.pveha.core.ha;

import java.util.Locale;

/**
 * What a user asked for one service, waiting for the next look at it.
 *
 * @param target node of a move, null for a stop
 * @param timeout seconds of grace of a stop, 0 for at once; null for a move
 */
public record ServiceOrder(Verb verb, String target, Integer timeout) {

  /** What is asked. */
  public enum Verb {
    MIGRATE,
    RELOCATE,
    STOP;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static ServiceOrder move(Verb verb, String target) {
    return new ServiceOrder(verb, target, null);
  }

  public static ServiceOrder stop(int timeout) {
    return new ServiceOrder(Verb.STOP, null, timeout);
  }

  public boolean isMove() {
    return verb != Verb.STOP;
  }

  /** The state a service is in while this is carried out. */
  public ServiceState state() {
    return switch (verb) {
      case MIGRATE -> ServiceState.MIGRATE;
      case RELOCATE -> ServiceState.RELOCATE;
      case STOP -> ServiceState.REQUEST_STOP;
    };
  }
}
