package io.pveha.rehearsal;

import io.pveha.core.placement.ServiceId;
import java.util.HashMap;
import java.util.Map;

/**
 * How {@code fa} services misbehave: by the digits {@code a b c d e f} of their name. b = starts
 * that fail before one works, c = moves likewise, d not 0 = never stops, f not 0 = b and c only on
 * node f.
 */
final class FailingService {

  private final Map<ServiceId, Integer> failedStarts = new HashMap<>();
  private final Map<ServiceId, Integer> failedMoves = new HashMap<>();

  boolean startFails(ServiceId sid, String node) {
    return fails(sid, node, 1, failedStarts);
  }

  boolean moveFails(ServiceId sid, String node) {
    return fails(sid, node, 2, failedMoves);
  }

  boolean neverStops(ServiceId sid) {
    return isFailing(sid) && digit(sid, 3) != 0;
  }

  private static boolean fails(
      ServiceId sid, String node, int position, Map<ServiceId, Integer> counters) {
    if (!isFailing(sid)) {
      return false;
    }
    int only = digit(sid, 5);
    boolean here = only == 0 || node.equals("node" + only);
    int failed = counters.getOrDefault(sid, 0);
    if (here && failed < digit(sid, position)) {
      counters.put(sid, failed + 1);
      return true;
    }
    counters.remove(sid);
    return false;
  }

  private static boolean isFailing(ServiceId sid) {
    return sid.type().equals("fa");
  }

  private static int digit(ServiceId sid, int position) {
    String digits = sid.name();
    return position < digits.length() ? Character.digit(digits.charAt(position), 10) : 0;
  }
}
