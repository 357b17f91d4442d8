package io.pveha.simulator.machine;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a task: {@code UPID:node:pid:pstart:starttime:type:id:user:}, the numbers in hex.
 *
 * @param node where it runs
 * @param pid of the worker
 * @param pstart of the worker
 * @param starttime epoch seconds
 * @param type {@code zfscreate}, {@code vzstart} ...
 * @param id what it works on; may be empty
 * @param user who asked for it
 */
public record Upid(
    String node, int pid, long pstart, long starttime, String type, String id, String user) {

  private static final Pattern FORM =
      Pattern.compile(
          "UPID:([a-zA-Z0-9-]+):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):"
              + "([^:\\s]+):([^:\\s]*):([^:\\s]+):");

  /** Reads the text form; empty when it is none. */
  public static Optional<Upid> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Upid(
            matcher.group(1),
            Integer.parseUnsignedInt(matcher.group(2), 16),
            Long.parseLong(matcher.group(3), 16),
            Long.parseLong(matcher.group(4), 16),
            matcher.group(5),
            matcher.group(6),
            matcher.group(7)));
  }

  static Upid of(
      String node, int pid, long pstart, Instant start, String type, String id, String user) {
    return new Upid(node, pid, pstart, start.getEpochSecond(), type, id, user);
  }

  @Override
  public String toString() {
    return String.format(
        "UPID:%s:%08X:%08X:%08X:%s:%s:%s:", node, pid, pstart, starttime, type, id, user);
  }
}
