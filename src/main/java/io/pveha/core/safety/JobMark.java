package io.pveha.core.safety;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark that a replication job of Proxmox bears in its comment: the ReplicationJob that it
 * belongs to. A comment of Proxmox is one line of up to 4096 characters; the mark is at its
 * beginning, and more words may follow it.
 *
 * @param namespace of the ReplicationJob
 * @param name of the ReplicationJob
 */
public record JobMark(String namespace, String name) {

  private static final Pattern MARK =
      Pattern.compile(
          "\\s*pveha:\\s*([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:\\s.*)?",
          Pattern.DOTALL);

  /** The mark in a comment; empty when it has none. */
  public static Optional<JobMark> in(String comment) {
    Matcher matcher = MARK.matcher(comment == null ? "" : comment);
    return matcher.matches()
        ? Optional.of(new JobMark(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The comment that says so. */
  public String comment() {
    return "pveha: " + id();
  }

  /** How a message names the object: {@code namespace/name}. */
  public String id() {
    return namespace + "/" + name;
  }
}
