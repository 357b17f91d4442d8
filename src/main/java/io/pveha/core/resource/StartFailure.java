package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
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

  /**
   * Texts of Proxmox VE 8 and 9 for what can be seen to pass; the group is what it is about. What
   * ZFS says of a dataset it says of the pool only where its words do.
   */
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
          new Words(
              Kind.DATASET,
              Pattern.compile("cannot open '([^'/]+/[^']+)': dataset does not exist")),
          new Words(Kind.POOL, Pattern.compile("cannot (?:open|import) '([^'/]+)'")),
          new Words(
              Kind.POOL,
              Pattern.compile(
                  "cannot (?:open|import) '([^'/]+)/[^']*': (?:no such pool|pool I/O is|I/O"
                      + " error)")),
          new Words(Kind.POOL, Pattern.compile("zpool \\w+(?: [^' ]+)* ([A-Za-z][^' ]*)' failed")));

  /** What kind of thing kept a guest from starting. */
  public enum Kind {
    /** A lock on its configuration; gone when it has none. */
    LOCK,
    /** A disk; gone when its storage lists it on the node. */
    VOLUME,
    /** A dataset or zvol of a disk; gone when a storage on the node lists it. */
    DATASET,
    /** A storage; gone when it is active on the node, and its pool works. */
    STORAGE,
    /** A ZFS pool; gone when it works on the node. */
    POOL
  }

  /**
   * What kept it from starting.
   *
   * @param name the lock, volume, dataset, storage or pool
   */
  public record Cause(Kind kind, String name) {

    /** What is wrong on its node. */
    String words(NodeName node) {
      return switch (kind) {
        case LOCK -> "lock %s on its configuration".formatted(name);
        case VOLUME -> "disk %s, which is missing on %s".formatted(name, node);
        case DATASET -> "dataset %s, which is missing on %s".formatted(name, node);
        case STORAGE -> "storage %s that does not work".formatted(name);
        case POOL -> "pool %s that does not work".formatted(name);
      };
    }

    String untilGone() {
      return switch (kind) {
        case LOCK -> "the lock is off";
        case VOLUME, DATASET ->
            "the disk is there; restore it from a backup, or run the guest from a replica";
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
