package io.pveha.core.resource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last failed start of a guest, as the task list of its node has it.
 *
 * @param text in Proxmox's words
 */
public record StartFailure(Instant at, String text) {

  private record Words(Kind kind, Pattern pattern) {}

  /** Texts of Proxmox VE 8 and 9 for what can be seen to pass; the group is what it is about. */
  private static final List<Words> KNOWN =
      List.of(
          new Words(Kind.LOCK, Pattern.compile("is locked \\(([a-z-]+)\\)")),
          new Words(Kind.VOLUME, Pattern.compile("volume '([^']+:[^']+)' does not exist")),
          new Words(
              Kind.STORAGE,
              Pattern.compile(
                  "storage '([^']+)' (?:is not online|is disabled|is not available|does not"
                      + " exist)")),
          new Words(Kind.STORAGE, Pattern.compile("could not activate storage '([^']+)'")),
          new Words(Kind.POOL, Pattern.compile("cannot (?:open|import) '([^'/]+)(?:/[^']*)?'")));

  /** What kind of thing kept a guest from starting. */
  public enum Kind {
    /** A lock on its configuration; gone when it has none. */
    LOCK,
    /** A disk; gone when its storage lists it on the node. */
    VOLUME,
    /** A storage; gone when it is active on the node, and its pool works. */
    STORAGE,
    /** A ZFS pool; gone when it works on the node. */
    POOL
  }

  /**
   * What kept it from starting.
   *
   * @param name the lock, volume, storage or pool
   */
  public record Cause(Kind kind, String name) {

    String words() {
      return switch (kind) {
        case LOCK -> "lock %s on its configuration".formatted(name);
        case VOLUME -> "disk %s that is not there".formatted(name);
        case STORAGE -> "storage %s that does not work".formatted(name);
        case POOL -> "pool %s that does not work".formatted(name);
      };
    }

    String untilGone() {
      return switch (kind) {
        case LOCK -> "the lock is off";
        case VOLUME -> "the disk is there";
        case STORAGE -> "storage %s works".formatted(name);
        case POOL -> "pool %s works".formatted(name);
      };
    }
  }

  /** Its cause, if the text names one that can be looked at. */
  public Optional<Cause> cause() {
    for (Words words : KNOWN) {
      Matcher matcher = words.pattern().matcher(text);
      if (matcher.find()) {
        return Optional.of(new Cause(words.kind(), matcher.group(1)));
      }
    }
    return Optional.empty();
  }
}
