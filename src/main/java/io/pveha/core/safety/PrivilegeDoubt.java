package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists that are shortened for want of a privilege, or may be. */
final class PrivilegeDoubt {

  private static final Set<Listing> IN_POOLS =
      EnumSet.of(Listing.GUESTS, Listing.POOL_MEMBERS, Listing.REPLICATION_JOBS, Listing.STORAGES);

  private PrivilegeDoubt() {}

  /** Why nothing is concluded from the gaps of a list; empty when its privileges are held. */
  static Optional<Finding> of(Listing listing, HeldPrivileges held) {
    if (held.unknown().isPresent()) {
      return Optional.of(
          Finding.delays(
              ConditionReason.NOT_TOLD,
              ("Proxmox does not say what the token may do (%s), so nothing is concluded from what"
                      + " its lists lack.")
                  .formatted(held.unknown().get().replaceAll("\\.$", ""))));
    }
    return NeededPrivilege.ALL.stream()
        .filter(privilege -> privilege.lists().contains(listing))
        .filter(privilege -> gaps(privilege, held).contains(privilege.path()))
        .findFirst()
        .map(privilege -> doubt(listing, privilege, privilege.path()))
        .or(() -> hiddenInPool(listing, held));
  }

  /** Doubts about single keys, on whose own path the privilege is missing. */
  static Map<String, Finding> ofKeys(Listing listing, HeldPrivileges held) {
    Map<String, Finding> doubts = new HashMap<>();
    for (NeededPrivilege privilege : NeededPrivilege.ALL) {
      if (held.unknown().isEmpty() && privilege.lists().contains(listing)) {
        for (String where : gaps(privilege, held)) {
          if (!where.equals(privilege.path())) {
            doubts.put(
                where.substring(where.lastIndexOf('/') + 1), doubt(listing, privilege, where));
          }
        }
      }
    }
    return doubts;
  }

  /** The first by name of those that are for want of a privilege. */
  static Optional<Finding> first(Map<String, Finding> doubts) {
    return doubts.entrySet().stream()
        .filter(entry -> entry.getValue().reason() == ConditionReason.PERMISSION_DENIED)
        .min(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  /** Space to use on a storage shows it in the lists of storages as well. */
  private static List<String> gaps(NeededPrivilege privilege, HeldPrivileges held) {
    List<String> gaps = privilege.gaps(held);
    return privilege.name().equals("Datastore.Audit")
        ? gaps.stream().filter(where -> !held.holds("Datastore.AllocateSpace", where)).toList()
        : gaps;
  }

  private static Optional<Finding> hiddenInPool(Listing listing, HeldPrivileges held) {
    return IN_POOLS.contains(listing)
        ? held.hidingPools().stream()
            .findFirst()
            .map(
                pool ->
                    Finding.blocks(
                        ConditionReason.PERMISSION_DENIED,
                        ("The token lacks Pool.Audit on %s: role NoAccess there also hides the"
                                + " guests and storages in that pool, so nothing is concluded from"
                                + " %s that are not listed. Condition Permitted of the"
                                + " ProxmoxCluster has the command that helps.")
                            .formatted(pool, listing.plural())))
        : Optional.empty();
  }

  private static Finding doubt(Listing listing, NeededPrivilege privilege, String where) {
    return Finding.blocks(
        ConditionReason.PERMISSION_DENIED,
        ("The token lacks %s on %s, without which Proxmox leaves out %s that it may not see;"
                + " nothing is concluded from what is not listed. Condition Permitted of the"
                + " ProxmoxCluster has the command that grants it.")
            .formatted(privilege.name(), where, listing.plural()));
  }
}
