package io.pveha.core.safety;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who owns a Proxmox cluster, as one line of the datacenter notes, where every operator sees it
 * whatever Kubernetes cluster it runs in. The line is a comment of Markdown: who edits the notes
 * reads it, and the notes look as before.
 *
 * @param owner the ProxmoxCluster, for people: {@code namespace/name}
 * @param uid of that object: an object that was recreated is another owner
 * @param since when it claimed the cluster; in whole seconds
 * @param tookOver whether it had another owner before, which may still be at work for a while
 */
public record OwnerMark(String owner, String uid, Instant since, boolean tookOver)
    implements Comparable<OwnerMark> {

  /** What every mark begins with, a damaged one, too. */
  static final String BEGINNING = "<!-- pveha.io/owner";

  private static final Pattern LINE =
      Pattern.compile(
          BEGINNING
              + ": ProxmoxCluster (?<owner>[^\\s/]{1,63}/[^\\s/]{1,253}),"
              + " id (?<uid>[0-9A-Za-z._-]{1,64})@(?<since>[0-9TZ:-]{20})"
              + "(?<tookOver>, taken over)?\\..*-->\\s*");

  private static final Comparator<OwnerMark> ORDER =
      Comparator.comparing(OwnerMark::since).thenComparing(OwnerMark::uid);

  public OwnerMark {
    since = Instant.ofEpochSecond(since.getEpochSecond());
  }

  /**
   * What names this claim and no other, also not a later one of the same object: what was written
   * down to take over from it takes over from nobody else.
   */
  public String id() {
    return uid + "@" + since;
  }

  /** As it stands in the notes, without the end of the line. */
  public String line() {
    return "%s: ProxmoxCluster %s, id %s%s. Keep this line: an operator that works on this cluster put it here to keep others off. -->"
        .formatted(BEGINNING, owner, id(), tookOver ? ", taken over" : "");
  }

  /** Of claims at the same moment the earlier one stays. */
  @Override
  public int compareTo(OwnerMark other) {
    return ORDER.compare(this, other);
  }

  /** Whether a line of the notes is meant as a mark, readable or not. */
  static boolean isMeant(String line) {
    return line.startsWith(BEGINNING);
  }

  /** Reads a line; empty when it is no mark, or a damaged one. */
  static Optional<OwnerMark> read(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new OwnerMark(
              matcher.group("owner"),
              matcher.group("uid"),
              Instant.parse(matcher.group("since")),
              matcher.group("tookOver") != null));
    } catch (DateTimeException damaged) {
      return Optional.empty();
    }
  }
}
