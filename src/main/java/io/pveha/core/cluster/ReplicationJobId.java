package io.pveha.core.cluster;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Id of a replication job, written {@code 100-0}. It stays when source and target swap.
 *
 * @param vmid the guest
 * @param number tells the jobs of one guest apart
 */
public record ReplicationJobId(int vmid, int number) implements Comparable<ReplicationJobId> {

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{2,8})-([0-9]{1,9})");

  /** From Proxmox's way to write it; empty when it is something else. */
  public static Optional<ReplicationJobId> parse(String text) {
    Matcher matcher = FORM.matcher(text == null ? "" : text);
    return matcher.matches()
        ? Optional.of(
            new ReplicationJobId(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(ReplicationJobId other) {
    return Comparator.comparingInt(ReplicationJobId::vmid)
        .thenComparingInt(ReplicationJobId::number)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return vmid + "-" + number;
  }
}
