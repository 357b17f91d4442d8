package io.pveha.core.safety;

import static io.pveha.core.safety.Feature.CLONING_GUESTS;
import static io.pveha.core.safety.Feature.HIGH_AVAILABILITY;
import static io.pveha.core.safety.Feature.MAKING_GUESTS;
import static io.pveha.core.safety.Feature.MOVING_UNMANAGED_GUESTS;
import static io.pveha.core.safety.Feature.OPTIONS;
import static io.pveha.core.safety.Feature.OWNERSHIP;
import static io.pveha.core.safety.Feature.POOLS;
import static io.pveha.core.safety.Feature.REPLICATION;
import static io.pveha.core.safety.Feature.SEEING;
import static io.pveha.core.safety.Listing.GUESTS;
import static io.pveha.core.safety.Listing.HA_PLACEMENTS;
import static io.pveha.core.safety.Listing.HA_RESOURCES;
import static io.pveha.core.safety.Listing.POOL_MEMBERS;
import static io.pveha.core.safety.Listing.REPLICATION_JOBS;
import static io.pveha.core.safety.Listing.STORAGES;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the operator needs a privilege for. Where Proxmox itself filters a list by the privilege and
 * answers 200 all the same, the gaps of that list prove nothing without it.
 *
 * @param name as Proxmox writes it
 * @param path on which it is needed, and on everything below
 * @param feature that rests on it
 * @param purpose what for, in words that follow "which is needed for"
 * @param lists whose gaps prove nothing without it
 * @param since first major version of Proxmox VE that asks for it
 * @param until last one that does
 */
public record NeededPrivilege(
    String name,
    String path,
    Feature feature,
    String purpose,
    Set<Listing> lists,
    int since,
    int until) {

  private static final int FIRST = 0;
  private static final int LAST = Integer.MAX_VALUE;

  /** All of them: what lists rest on first. */
  public static final List<NeededPrivilege> ALL = all();

  public NeededPrivilege {
    EnumSet<Listing> copy = EnumSet.noneOf(Listing.class);
    copy.addAll(lists);
    lists = Collections.unmodifiableSet(copy);
  }

  private static List<NeededPrivilege> all() {
    List<NeededPrivilege> all = new ArrayList<>();
    all.add(list("Sys.Audit", "/", "seeing nodes, disks and HA", HA_RESOURCES, HA_PLACEMENTS));
    all.add(
        list(
            "VM.Audit",
            "/vms",
            "seeing guests and their replication jobs",
            GUESTS,
            POOL_MEMBERS,
            REPLICATION_JOBS));
    all.add(
        list(
            HeldPrivileges.SEES_ENTRIES,
            "/access",
            "seeing on which paths the token is kept out",
            GUESTS,
            POOL_MEMBERS,
            REPLICATION_JOBS,
            STORAGES));
    all.add(list("Datastore.Audit", "/storage", "seeing storages", STORAGES));
    all.add(list("Pool.Audit", "/pool", "seeing which guests a resource pool has", POOL_MEMBERS));
    all.add(write("Sys.Console", "/", HIGH_AVAILABILITY, "every write to HA"));
    all.add(
        write("Sys.Modify", "/", OWNERSHIP, "marking the owner before anything else is written"));
    all.add(write("Sys.Modify", "/", POOLS, "creating and destroying ZFS pools"));
    all.add(write("Datastore.Allocate", "/storage", POOLS, "writing storage entries"));
    all.add(write("Sys.Modify", "/", OPTIONS, "writing the options of the datacenter"));
    all.add(
        new NeededPrivilege(
            "Datastore.Allocate",
            "/storage",
            REPLICATION,
            "writing and running replication jobs on Proxmox VE 8",
            Set.of(),
            FIRST,
            8));
    all.add(
        new NeededPrivilege(
            "VM.Replicate",
            "/vms",
            REPLICATION,
            "writing and running replication jobs on Proxmox VE 9",
            Set.of(),
            9,
            LAST));
    all.add(write("VM.Allocate", "/vms", MAKING_GUESTS, "creating guests"));
    all.add(write("Datastore.AllocateSpace", "/storage", MAKING_GUESTS, "disks of new guests"));
    for (String part : List.of("CPU", "Disk", "HWType", "Memory", "Network", "Options")) {
      all.add(write("VM.Config." + part, "/vms", MAKING_GUESTS, "the settings of new guests"));
    }
    all.add(write("SDN.Use", "/sdn/zones", MAKING_GUESTS, "the network of new guests"));
    all.add(write("VM.Clone", "/vms", CLONING_GUESTS, "cloning guests"));
    all.add(
        write(
            "VM.Migrate",
            "/vms",
            MOVING_UNMANAGED_GUESTS,
            "emptying nodes of guests that are not under HA"));
    return List.copyOf(all);
  }

  private static NeededPrivilege list(String name, String path, String purpose, Listing... lists) {
    return new NeededPrivilege(name, path, SEEING, purpose, Set.of(lists), FIRST, LAST);
  }

  private static NeededPrivilege write(String name, String path, Feature feature, String purpose) {
    return new NeededPrivilege(name, path, feature, purpose, Set.of(), FIRST, LAST);
  }

  /** Whether a cluster of these major versions asks for it. */
  public boolean isAskedBy(int oldestMajor, int newestMajor) {
    return oldestMajor <= until && newestMajor >= since;
  }

  /**
   * Where it is missing; empty when it is held. Objects below some paths are judged one by one, and
   * all of them count.
   */
  public List<String> gaps(HeldPrivileges held) {
    return switch (path) {
      case "/access" -> held.holds(name, path) ? List.of() : List.of(path);
      case "/" -> {
        if (!held.holds(name, path)) {
          yield List.of(path);
        }
        yield lists.isEmpty() ? List.of() : held.gaps(name, "/nodes");
      }
      case "/storage", "/pool" ->
          lists.isEmpty() && held.holds(name, path) ? List.of() : held.gaps(name, path);
      default -> held.gaps(name, path);
    };
  }

  /** The role of docs/getting-started.md that has it. */
  public String role() {
    return switch (path) {
      case "/", "/access" -> "HaOperatorCluster";
      case "/storage" -> "HaOperatorStorage";
      case "/vms" -> "HaOperatorGuests";
      case "/sdn/zones" -> "HaOperatorNetwork";
      case "/pool" -> "HaOperatorPools";
      default -> throw new IllegalStateException("no role for " + path);
    };
  }
}
