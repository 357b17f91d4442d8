package io.pveha.operator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.proxmox.StorageCalls.Storage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicatedDisksTest {

  private static final List<Storage> STORAGES =
      List.of(storage("tank", "zfspool"), storage("nas", "nfs"), storage("local", "dir"));

  @Test
  void leavesOutWhatProxmoxLeavesOut() {
    Disks disks =
        of(
            Map.of(
                "scsi0", "tank:vm-208-disk-0,size=4G",
                "scsi1", "nas:208/vm-208-disk-1.qcow2,size=8G",
                "scsi2", "tank:vm-208-disk-2,replicate=0",
                "ide2", "local:iso/debian-12.iso,media=cdrom",
                "ide3", "none,media=cdrom",
                "net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0"));

    assertThat(disks).isEqualTo(new Disks(Set.of("tank"), List.of(), List.of()));
  }

  @Test
  void namesWhatCantBeReplicated() {
    assertThat(of(Map.of("rootfs", "tank:subvol-1-disk-0", "mp1", "local:1/vm-1-disk-1.raw,mp=/x")))
        .isEqualTo(new Disks(Set.of("tank"), List.of("local:1/vm-1-disk-1.raw"), List.of()));
  }

  @Test
  void namesWhatIsOfTheNodeUnlessItIsExempt() {
    assertThat(
            of(
                Map.of(
                    "rootfs", "tank:subvol-110-disk-0",
                    "mp0", "/mnt/data,mp=/data",
                    "mp1", "/mnt/more,mp=/more,replicate=0")))
        .isEqualTo(new Disks(Set.of("tank"), List.of(), List.of("mp0 (/mnt/data)")));
    assertThat(of(Map.of("scsi1", "/dev/disk/by-id/ata-1")).paths())
        .containsExactly("scsi1 (/dev/disk/by-id/ata-1)");
  }

  private static Disks of(Map<String, String> config) {
    return ReplicatedDisks.of(config, STORAGES, Set.of("nas"));
  }

  private static Storage storage(String id, String type) {
    return new Storage(id, type, null, null, null, null, null, false, null);
  }
}
