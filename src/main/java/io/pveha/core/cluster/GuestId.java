package io.pveha.core.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest of a cluster.
 *
 * @param vmid its number, unique in the cluster over both kinds
 */
public record GuestId(GuestKind kind, int vmid) implements Comparable<GuestId> {

  private static final Pattern SID = Pattern.compile("(vm|ct):([1-9][0-9]{0,8})");

  /** From its id in Proxmox HA; empty when that is something else. */
  public static Optional<GuestId> ofSid(String sid) {
    Matcher matcher = SID.matcher(sid == null ? "" : sid);
    return matcher.matches()
        ? Optional.of(
            new GuestId(
                matcher.group(1).equals("vm") ? GuestKind.VM : GuestKind.CT,
                Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** Its id in Proxmox HA, as in {@code ct:100}. */
  public String sid() {
    return kind.haPrefix() + ":" + vmid;
  }

  @Override
  public int compareTo(GuestId other) {
    return Integer.compare(vmid, other.vmid);
  }

  @Override
  public String toString() {
    return sid();
  }
}
