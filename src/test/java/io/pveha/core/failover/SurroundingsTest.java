package io.pveha.core.failover;

import static io.pveha.core.failover.Pictures.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.GuestKind;
import io.pveha.core.guest.StartNeeds;
import io.pveha.core.placement.ServiceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which nodes have what a guest on node1 needs, and what is said of those that lack it. */
class SurroundingsTest {

  private static final ServiceId VM = ServiceId.of("vm:100");

  private final Map<String, Set<String>> volumes = new HashMap<>();
  private final Map<String, Map<String, Set<String>>> files = new HashMap<>();
  private final Map<String, Set<String>> mappings = new HashMap<>();

  private List<Bond> bonds(String... options) {
    return bonds(GuestKind.VM, options);
  }

  private List<Bond> bonds(GuestKind kind, String... options) {
    Map<String, String> config = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      config.put(options[i], options[i + 1]);
    }
    return new Surroundings(
            ids("node1", "node2", "node3"),
            Set.of("nas"),
            Set.of("secret"),
            Set.of("local", "local-lvm", "nas"),
            Map.of(
                "node1", Set.of("tank", "local", "local-lvm", "nas"),
                "node2", Set.of("tank", "local", "nas"),
                "node3", Set.of("tank", "local")),
            volumes,
            files,
            mappings)
        .bonds(StartNeeds.of(kind, config), "node1");
  }

  private Bond bond(String key, String value) {
    List<Bond> bonds = bonds(key, value);
    assertThat(bonds).hasSize(1);
    return bonds.get(0);
  }

  @Test
  void replicatedDisksAndThoseOnSharedStorageBindNothing() {
    assertThat(bonds("scsi0", "tank:vm-100-disk-0", "scsi1", "nas:100/vm-100-disk-1.qcow2"))
        .isEmpty();
    assertThat(bonds("scsi1", "nas:100/vm-100-disk-1.qcow2,replicate=0")).isEmpty();
  }

  @Test
  void whatAHiddenStorageHoldsIsOnNobodyKnowsWhichNode() {
    Bond bond = bond("scsi0", "secret:vm-100-disk-0");

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.leavesOpen("node2")).isTrue();
    assertThat(bond.caution("node2"))
        .isEqualTo(
            "scsi0 (secret:vm-100-disk-0) needs storage secret on node2, and the storage is "
                + "not visible. Give the operator's token Datastore.Audit on /storage/secret.");
  }

  @Test
  void diskWithoutReplicationIsOnItsNodeOnly() {
    Bond bond = bond("scsi1", "tank:vm-100-disk-1,replicate=0");

    assertThat(bond.forbids("node2")).isTrue();
    assertThat(bond.complaint())
        .isEqualTo("there is no replica of scsi1 (tank:vm-100-disk-1), since it has replicate=0");
    assertThat(bond.remedy(VM, "node2").sentence())
        .isEqualTo("Remove replicate=0 from scsi1 of vm:100 and replicate it to node2.");
  }

  @Test
  void diskOnAStorageThatCantBeReplicatedIsOnItsNodeOnly() {
    for (String value :
        List.of("local-lvm:vm-100-disk-1", "local:100/vm-100-disk-1.qcow2,replicate=0")) {
      Bond bond = bond("scsi1", value);

      assertThat(bond.forbids("node2")).isTrue();
      assertThat(bond.remedy(VM, "node2").sentence()).startsWith("Move scsi1 of vm:100 to a ZFS");
    }
  }

  @Test
  void diskThatIsNewerThanTheReplicaIsMissingThere() {
    volumes.put("node2", Set.of("tank:vm-100-disk-0"));
    volumes.put("node3", Set.of());

    List<Bond> bonds = bonds("scsi0", "tank:vm-100-disk-0", "scsi1", "tank:vm-100-disk-1");

    assertThat(bonds).hasSize(1);
    assertThat(bonds.get(0).forbids("node2")).isTrue();
    assertThat(bonds.get(0).forbids("node3")).as("nothing of the guest is seen there").isFalse();
    assertThat(bonds.get(0).complaint())
        .isEqualTo("the replica there lacks scsi1 (tank:vm-100-disk-1)");
  }

  @Test
  void linkedCloneIsKnownByItsOwnName() {
    volumes.put("node2", Set.of("tank:vm-100-disk-0", "tank:vm-100-disk-1"));

    assertThat(
            bonds(
                "scsi0", "tank:base-9000-disk-0/vm-100-disk-0",
                "scsi1", "tank:vm-100-disk-1"))
        .isEmpty();
  }

  @Test
  void rawDeviceIsOfOneNode() {
    Bond bond = bond("hostpci0", "0000:01:00.0");

    assertThat(bond.forbids("node3")).isTrue();
    assertThat(bond.complaint()).isEqualTo("hostpci0 (0000:01:00.0) is a device of node1");
    assertThat(bond.remedy(VM, "node3").sentence()).contains("mapping=...", "node3");
  }

  @Test
  void mappingCountsWhereItHasTheNode() {
    mappings.put("pci/gpu", Set.of("node1", "node2"));

    Bond bond = bond("hostpci0", "mapping=gpu,pcie=1");

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.leavesOpen("node2")).isFalse();
    assertThat(bond.forbids("node3")).isTrue();
    assertThat(bond.remedy(VM, "node3").sentence()).contains("node3", "mapping gpu");
  }

  @Test
  void mappingThatIsNotShownLeavesItOpen() {
    Bond bond = bond("usb0", "mapping=key");

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.leavesOpen("node2")).isTrue();
    assertThat(bond.caution("node2")).contains("Mapping.Audit");
  }

  @Test
  void imageOnALocalStorageMustLieThere() {
    files.put("node2", Map.of("local:iso", Set.of("local:iso/debian.iso")));
    files.put("node3", Map.of("local:iso", Set.of()));

    Bond bond = bond("ide2", "local:iso/debian.iso,media=cdrom");

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.forbids("node3")).isTrue();
    assertThat(bond.remedy(VM, "node3").sentence())
        .contains("\"qm set 100 --ide2 none,media=cdrom\"");
  }

  @Test
  void imageIsUnsureWhereItsStorageWasNotListed() {
    Bond bond = bond("ide2", "local:iso/debian.iso,media=cdrom");

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.leavesOpen("node2")).isTrue();
  }

  @Test
  void imageOnASharedStorageIsWhereThatIsActive() {
    Bond bond = bond("ide2", "nas:iso/debian.iso,media=cdrom");

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.forbids("node3")).isTrue();
  }

  @Test
  void cloudInitNeedsItsStorageOnly() {
    assertThat(bonds("ide2", "tank:vm-100-cloudinit,media=cdrom")).isEmpty();

    Bond bond = bond("ide2", "local-lvm:vm-100-cloudinit,media=cdrom");

    assertThat(bond.forbids("node2")).isTrue();
    assertThat(bond.remedy(VM, "node2").sentence())
        .isEqualTo("Move ide2 of vm:100 to a storage that node2 has too.");
  }

  @Test
  void directoryOfTheNodeMustExistThere() {
    Bond bond = bonds(GuestKind.CT, "mp0", "/mnt/data,mp=/data,replicate=0").get(0);

    assertThat(bond.forbids("node2")).isFalse();
    assertThat(bond.leavesOpen("node2")).isTrue();
    assertThat(bond.caution("node2"))
        .isEqualTo(
            "/mnt/data of mp0 must exist on node2, which Proxmox does not report. Check it "
                + "and write shared=1 on mp0.");
    assertThat(bonds(GuestKind.CT, "mp0", "/mnt/data,mp=/data,replicate=0,shared=1")).isEmpty();
  }
}
