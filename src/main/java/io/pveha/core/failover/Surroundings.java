package io.pveha.core.failover;

import io.pveha.core.guest.StartNeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the nodes have that guests may need.
 *
 * @param members all nodes
 * @param shared storages whose content every node sees
 * @param hidden storages that the operator's token may not see, and that are unknown
 * @param unreplicable storages that are known to be of a kind that can't be replicated
 * @param active by node, the storages that are active there; a node of which nobody knows is
 *     missing
 * @param volumes by node, the disks of guests there, replicas too; a node that could not list all
 *     its storages is missing
 * @param files by node and kind of file, as in {@code local:iso}, the files there; what could not
 *     be listed is missing
 * @param mappings by id, as in {@code pci/gpu}, the nodes that have something in it; one that is
 *     not shown is missing
 */
public record Surroundings(
    SortedSet<String> members,
    Set<String> shared,
    Set<String> hidden,
    Set<String> unreplicable,
    Map<String, Set<String>> active,
    Map<String, Set<String>> volumes,
    Map<String, Map<String, Set<String>>> files,
    Map<String, Set<String>> mappings) {

  /** What binds a guest on that node, without what every node has. */
  public List<Bond> bonds(List<StartNeed> needs, String home) {
    List<Bond> bonds = new ArrayList<>();
    for (StartNeed need : needs) {
      Bond bond = bond(need, home, needs);
      if (!bond.nodes().containsAll(members)) {
        bonds.add(bond);
      }
    }
    return List.copyOf(bonds);
  }

  private Bond bond(StartNeed need, String home, List<StartNeed> all) {
    if (need.storage().filter(hidden::contains).isPresent()) {
      return open(need, home);
    }
    return switch (need.kind()) {
      case DISK -> disk(need, home, all);
      case CLOUD_INIT -> sure(need, home, node -> isActive(need.storage().orElseThrow(), node));
      case IMAGE, SNIPPET -> file(need, home);
      case DEVICE -> sure(need, home, node -> need.shared());
      case PATH -> need.shared() ? sure(need, home, node -> true) : open(need, home);
      case PCI_MAPPING -> mapping(need, home, "pci/");
      case USB_MAPPING -> mapping(need, home, "usb/");
      case DIRECTORY_MAPPING -> mapping(need, home, "dir/");
    };
  }

  private Bond disk(StartNeed need, String home, List<StartNeed> all) {
    String storage = need.storage().orElseThrow();
    boolean replicable = !unreplicable.contains(storage);
    Predicate<String> has =
        shared.contains(storage)
            ? node -> true
            : need.exempt() || !replicable ? node -> false : node -> !lacks(need, node, all);
    return new Bond(need, replicable, where(home, has), new TreeSet<>());
  }

  /**
   * Whether the replica of the guest on a node was made before it had this disk. Only where another
   * disk of it is seen: then the list would show this one too.
   */
  private boolean lacks(StartNeed need, String node, List<StartNeed> all) {
    Set<String> there = volumes.get(node);
    return there != null
        && !there.contains(volume(need.subject()))
        && all.stream()
            .filter(other -> other.kind() == StartNeed.Kind.DISK && !other.exempt())
            .anyMatch(other -> there.contains(volume(other.subject())));
  }

  /** A volume without what it was cloned from, which a replica does not show. */
  public static String volume(String volid) {
    return volid.substring(0, volid.indexOf(':') + 1)
        + volid.substring(Math.max(volid.indexOf(':'), volid.lastIndexOf('/')) + 1);
  }

  private boolean isActive(String storage, String node) {
    return Optional.ofNullable(active.get(node)).map(ids -> ids.contains(storage)).orElse(true);
  }

  private Bond file(StartNeed need, String home) {
    String storage = need.storage().orElseThrow();
    if (shared.contains(storage)) {
      return sure(need, home, node -> isActive(storage, node));
    }
    int slash = need.subject().indexOf('/');
    String kind = slash < 0 ? need.subject() : need.subject().substring(0, slash);
    SortedSet<String> unsure = new TreeSet<>();
    SortedSet<String> has = new TreeSet<>(Set.of(home));
    for (String node : members) {
      Set<String> there = files.getOrDefault(node, Map.of()).get(kind);
      boolean absent = active.containsKey(node) && !active.get(node).contains(storage);
      if (there == null && !absent) {
        unsure.add(node);
      } else if (there != null && there.contains(need.subject())) {
        has.add(node);
      }
    }
    unsure.remove(home);
    return new Bond(need, false, has, unsure);
  }

  private Bond mapping(StartNeed need, String home, String kind) {
    Set<String> mapped = mappings.get(kind + need.subject());
    return mapped == null ? open(need, home) : sure(need, home, mapped::contains);
  }

  private Bond sure(StartNeed need, String home, Predicate<String> has) {
    return new Bond(need, false, where(home, has), new TreeSet<>());
  }

  private Bond open(StartNeed need, String home) {
    SortedSet<String> others = new TreeSet<>(members);
    others.remove(home);
    return new Bond(need, false, where(home, node -> false), others);
  }

  private SortedSet<String> where(String home, Predicate<String> has) {
    SortedSet<String> nodes = new TreeSet<>(Set.of(home));
    members.stream().filter(has).forEach(nodes::add);
    return nodes;
  }
}
