package io.pveha.simulator.access;

import io.pveha.simulator.machine.PveVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Privileges and built-in roles of each release. */
final class Privileges {

  private static final List<String> COMMON =
      List.of(
          "Datastore.Allocate",
          "Datastore.AllocateSpace",
          "Datastore.AllocateTemplate",
          "Datastore.Audit",
          "Group.Allocate",
          "Mapping.Audit",
          "Mapping.Modify",
          "Mapping.Use",
          "Permissions.Modify",
          "Pool.Allocate",
          "Pool.Audit",
          "Realm.Allocate",
          "Realm.AllocateUser",
          "SDN.Allocate",
          "SDN.Audit",
          "SDN.Use",
          "Sys.AccessNetwork",
          "Sys.Audit",
          "Sys.Console",
          "Sys.Incoming",
          "Sys.Modify",
          "Sys.PowerMgmt",
          "Sys.Syslog",
          "User.Modify",
          "VM.Allocate",
          "VM.Audit",
          "VM.Backup",
          "VM.Clone",
          "VM.Config.CDROM",
          "VM.Config.CPU",
          "VM.Config.Cloudinit",
          "VM.Config.Disk",
          "VM.Config.HWType",
          "VM.Config.Memory",
          "VM.Config.Network",
          "VM.Config.Options",
          "VM.Console",
          "VM.Migrate",
          "VM.PowerMgmt",
          "VM.Snapshot",
          "VM.Snapshot.Rollback");

  private static final List<String> ONLY_EIGHT = List.of("VM.Monitor");

  private static final List<String> SINCE_NINE =
      List.of(
          "VM.GuestAgent.Audit",
          "VM.GuestAgent.FileRead",
          "VM.GuestAgent.FileSystemMgmt",
          "VM.GuestAgent.FileWrite",
          "VM.GuestAgent.Unrestricted",
          "VM.Replicate");

  private static final List<String> NOT_FOR_ADMINS =
      List.of(
          "Permissions.Modify",
          "Realm.Allocate",
          "Sys.AccessNetwork",
          "Sys.Incoming",
          "Sys.Modify",
          "Sys.PowerMgmt");

  private static final Map<PveVersion, SortedMap<String, SortedSet<String>>> BUILT_IN =
      new ConcurrentHashMap<>();

  private Privileges() {}

  static SortedSet<String> of(PveVersion version) {
    List<String> all = new ArrayList<>(COMMON);
    all.addAll(version.isNine() ? SINCE_NINE : ONLY_EIGHT);
    return Collections.unmodifiableSortedSet(new TreeSet<>(all));
  }

  /** Asked for with each request of a client, so made once. */
  static SortedMap<String, SortedSet<String>> builtInRoles(PveVersion version) {
    return BUILT_IN.computeIfAbsent(
        version, any -> Collections.unmodifiableSortedMap(rolesOf(version)));
  }

  private static SortedMap<String, SortedSet<String>> rolesOf(PveVersion version) {
    SortedSet<String> all = of(version);
    SortedMap<String, SortedSet<String>> roles = new TreeMap<>();
    roles.put("Administrator", all);
    roles.put("NoAccess", Collections.emptySortedSet());
    roles.put("PVEAdmin", only(all, name -> !NOT_FOR_ADMINS.contains(name)));
    roles.put("PVEAuditor", only(all, name -> name.endsWith(".Audit")));
    roles.put("PVEDatastoreAdmin", only(all, name -> name.startsWith("Datastore.")));
    roles.put(
        "PVEDatastoreUser",
        only(all, List.of("Datastore.AllocateSpace", "Datastore.Audit")::contains));
    roles.put("PVEMappingAdmin", only(all, name -> name.startsWith("Mapping.")));
    roles.put("PVEMappingAuditor", only(all, "Mapping.Audit"::equals));
    roles.put("PVEMappingUser", only(all, List.of("Mapping.Audit", "Mapping.Use")::contains));
    roles.put("PVEPoolAdmin", only(all, name -> name.startsWith("Pool.")));
    roles.put("PVEPoolUser", only(all, "Pool.Audit"::equals));
    roles.put("PVESDNAdmin", only(all, name -> name.startsWith("SDN.")));
    roles.put("PVESDNUser", only(all, List.of("SDN.Audit", "SDN.Use")::contains));
    roles.put(
        "PVESysAdmin", only(all, List.of("Sys.Audit", "Sys.Console", "Sys.Syslog")::contains));
    roles.put("PVETemplateUser", only(all, List.of("VM.Audit", "VM.Clone")::contains));
    roles.put(
        "PVEUserAdmin",
        only(all, List.of("Group.Allocate", "Realm.AllocateUser", "User.Modify")::contains));
    roles.put("PVEVMAdmin", only(all, name -> name.startsWith("VM.")));
    roles.put(
        "PVEVMUser",
        only(
            all,
            List.of(
                    "VM.Audit",
                    "VM.Backup",
                    "VM.Config.CDROM",
                    "VM.Config.Cloudinit",
                    "VM.Console",
                    "VM.Monitor",
                    "VM.PowerMgmt",
                    "VM.GuestAgent.Audit",
                    "VM.GuestAgent.Unrestricted")
                ::contains));
    return roles;
  }

  static SortedSet<String> parse(String list) {
    SortedSet<String> names = new TreeSet<>();
    for (String name : list.split("[,;\\s]+")) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  private static SortedSet<String> only(Collection<String> all, Predicate<String> wanted) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(all.stream().filter(wanted).toList()));
  }
}
