package io.pveha.operator.polling;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.StartNeed;
import io.pveha.core.guest.StartNeeds;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.MappingCalls;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls;
import io.pveha.proxmox.StorageCalls.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads what guests under HA need where they start. Each round reads so many configurations of each
 * node, those first that were never read, then those read longest ago: the number of calls depends
 * on nodes. What could not be read keeps what was known.
 */
final class StartLook {

  private static final int NEW_ONES = 64;
  private static final int KNOWN_ONES = 16;

  private record Reading(List<StartNeed> needs, long round) {}

  private final ClusterAccess access;
  private final Asking<NodeName> asking;
  private final Duration patience;
  private final Map<GuestId, Reading> readings = new HashMap<>();
  private Map<NodeName, Map<String, Set<String>>> files = Map.of();
  private long round;

  StartLook(ClusterAccess access, Asking<NodeName> asking, Duration patience) {
    this.access = access;
    this.asking = asking;
    this.patience = patience;
  }

  /**
   * A round.
   *
   * @param slow with the HA resources
   * @param guests where they are
   * @param members that hold the quorum
   */
  StartFacts look(SlowFacts slow, List<Guest> guests, List<NodeName> members) {
    round++;
    Set<String> managed =
        slow.resources().stream().map(resource -> resource.sid()).collect(Collectors.toSet());
    List<Guest> wanted =
        guests.stream().filter(guest -> managed.contains(guest.id().sid())).toList();
    readings.keySet().retainAll(wanted.stream().map(Guest::id).collect(Collectors.toSet()));
    read(wanted, members);
    Map<GuestId, List<StartNeed>> needs = new HashMap<>();
    readings.forEach((guest, reading) -> needs.put(guest, reading.needs()));
    files = files(needs, slow, members);
    return new StartFacts(needs, files, mappings(needs, slow.member()));
  }

  private void read(List<Guest> wanted, List<NodeName> members) {
    Map<NodeName, List<Guest>> due = new TreeMap<>();
    wanted.stream()
        .filter(guest -> members.contains(guest.node()))
        .sorted(Comparator.comparing(this::lastRead).thenComparing(guest -> guest.id().vmid()))
        .forEach(
            guest -> {
              List<Guest> here = due.computeIfAbsent(guest.node(), node -> new ArrayList<>());
              if (here.size() < (readings.containsKey(guest.id()) ? KNOWN_ONES : NEW_ONES)) {
                here.add(guest);
              }
            });
    asking
        .ask(List.copyOf(due.keySet()), patience, node -> configurations(node, due.get(node)))
        .values()
        .forEach(
            answer ->
                answer.ifPresent(
                    read ->
                        read.forEach(
                            (guest, found) -> readings.put(guest, new Reading(found, round)))));
  }

  private long lastRead(Guest guest) {
    Reading reading = readings.get(guest.id());
    return reading == null ? 0 : reading.round();
  }

  private Map<GuestId, List<StartNeed>> configurations(NodeName node, List<Guest> guests) {
    GuestCalls calls = new GuestCalls(access.node(node));
    Map<GuestId, List<StartNeed>> read = new HashMap<>();
    for (Guest guest : guests) {
      try {
        read.put(
            guest.id(), StartNeeds.of(guest.id().kind(), calls.config(node, guest.id()).get()));
      } catch (ProxmoxFailure.Unreachable silent) {
        return read;
      } catch (ProxmoxFailure untold) {
        continue;
      }
    }
    return read;
  }

  /** Lists what lies beside disks on storages that not all nodes share, if a guest needs it. */
  private Map<NodeName, Map<String, Set<String>>> files(
      Map<GuestId, List<StartNeed>> needs, SlowFacts slow, List<NodeName> members) {
    Set<String> kinds =
        needs.values().stream()
            .flatMap(List::stream)
            .filter(StartLook::isFile)
            .map(StartNeed::subject)
            .filter(volume -> volume.indexOf('/') > 0)
            .map(volume -> volume.substring(0, volume.indexOf('/')))
            .collect(Collectors.toCollection(TreeSet::new));
    if (kinds.isEmpty()) {
      return Map.of();
    }
    Map<NodeName, Map<String, Set<String>>> found = new TreeMap<>();
    asking
        .ask(members, patience, node -> files(node, kinds, slow))
        .forEach(
            (node, answer) ->
                found.put(node, answer.orElseGet(() -> files.getOrDefault(node, Map.of()))));
    return found;
  }

  private static boolean isFile(StartNeed need) {
    return need.kind() == StartNeed.Kind.IMAGE || need.kind() == StartNeed.Kind.SNIPPET;
  }

  private Map<String, Set<String>> files(NodeName node, Set<String> kinds, SlowFacts slow) {
    StorageCalls calls = new StorageCalls(access.node(node));
    Set<String> active =
        slow.nodes().containsKey(node)
            ? slow.nodes().get(node).storages().stream()
                .filter(storage -> storage.isActive() && !storage.shared())
                .map(StorageCalls.StorageStatus::storage)
                .collect(Collectors.toSet())
            : Set.of();
    Map<String, Set<String>> files = new TreeMap<>();
    for (String kind : kinds) {
      int colon = kind.indexOf(':');
      if (active.contains(kind.substring(0, colon))) {
        try {
          files.put(
              kind,
              calls
                  .content(node, kind.substring(0, colon), kind.substring(colon + 1))
                  .get()
                  .stream()
                  .map(Volume::volid)
                  .collect(Collectors.toCollection(TreeSet::new)));
        } catch (ProxmoxFailure untold) {
          continue;
        }
      }
    }
    return files;
  }

  private Map<String, Set<NodeName>> mappings(
      Map<GuestId, List<StartNeed>> needs, NodeName member) {
    Set<StartNeed.Kind> kinds =
        needs.values().stream()
            .flatMap(List::stream)
            .map(StartNeed::kind)
            .collect(Collectors.toSet());
    MappingCalls calls = new MappingCalls(access.node(member));
    Map<String, Set<NodeName>> mappings = new TreeMap<>();
    if (kinds.contains(StartNeed.Kind.PCI_MAPPING)) {
      add("pci", calls.pci()::get, mappings);
    }
    if (kinds.contains(StartNeed.Kind.USB_MAPPING)) {
      add("usb", calls.usb()::get, mappings);
    }
    if (kinds.contains(StartNeed.Kind.DIRECTORY_MAPPING)) {
      add("dir", calls.directories()::get, mappings);
    }
    return mappings;
  }

  private static void add(
      String kind, Supplier<Map<String, Set<NodeName>>> told, Map<String, Set<NodeName>> mappings) {
    try {
      told.get().forEach((id, nodes) -> mappings.put(kind + "/" + id, nodes));
    } catch (ProxmoxFailure untold) {
      // What is not known of stays open.
    }
  }
}
