package io.pveha.core.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.GuestKind;
import io.pveha.core.guest.StartNeed.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a configuration binds a guest to what a node has. */
class StartNeedsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scsi1     | tank:vm-203-disk-1,replicate=0,size=8G    | DISK        | tank:vm-203-disk-1",
        "virtio0   | file=local-lvm:vm-1-disk-0,size=8G        | DISK        |"
            + " local-lvm:vm-1-disk-0",
        "tpmstate0 | tank:vm-1-disk-2,version=v2.0             | DISK        | tank:vm-1-disk-2",
        "hostpci0  | 0000:01:00.0                              | DEVICE      | 0000:01:00.0",
        "hostpci1  | host=01:00,pcie=1                         | DEVICE      | 01:00",
        "hostpci2  | mapping=gpu,pcie=1                        | PCI_MAPPING | gpu",
        "usb0      | host=1-1                                  | DEVICE      | 1-1",
        "usb1      | 1234:5678,usb3=1                          | DEVICE      | 1234:5678",
        "usb2      | mapping=key                               | USB_MAPPING | key",
        "serial0   | /dev/ttyS0                                | DEVICE      | /dev/ttyS0",
        "parallel0 | /dev/parport0                             | DEVICE      | /dev/parport0",
        "virtiofs0 | media,cache=always                        | DIRECTORY_MAPPING | media",
        "scsi2     | /dev/disk/by-id/ata-1,size=1T             | DEVICE      |"
            + " /dev/disk/by-id/ata-1",
        "sata0     | /srv/old.raw,size=1T                      | PATH        | /srv/old.raw",
        "ide2      | local:iso/debian-12.iso,media=cdrom       | IMAGE       |"
            + " local:iso/debian-12.iso",
        "ide0      | tank:vm-1-cloudinit,media=cdrom           | CLOUD_INIT  | tank:vm-1-cloudinit",
        "sata1     | local:1/vm-1-cloudinit.qcow2,media=cdrom  | CLOUD_INIT  |"
            + " local:1/vm-1-cloudinit.qcow2",
        "hookscript| local:snippets/hook.pl                    | SNIPPET     |"
            + " local:snippets/hook.pl",
        "cicustom  | user=local:snippets/user.yml              | SNIPPET     |"
            + " local:snippets/user.yml",
      })
  void ofAMachine(String key, String value, Kind kind, String subject) {
    assertThat(StartNeeds.of(GuestKind.VM, Map.of(key.strip(), value)))
        .singleElement()
        .satisfies(
            need -> {
              assertThat(need.kind()).isEqualTo(kind);
              assertThat(need.subject()).isEqualTo(subject);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ide2    | none,media=cdrom",
        "ide2    | cdrom,media=cdrom",
        "usb0    | spice,usb3=1",
        "serial0 | socket",
        "unused0 | tank:vm-1-disk-9",
        "net0    | virtio=BC:24:11:00:00:01,bridge=vmbr0",
        "name    | web",
      })
  void notOfAMachine(String key, String value) {
    assertThat(StartNeeds.of(GuestKind.VM, Map.of(key.strip(), value))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rootfs | tank:subvol-1-disk-0,size=8G               | DISK    | tank:subvol-1-disk-0 |"
            + " false",
        "mp0    | volume=tank:subvol-1-disk-1,mp=/x,replicate=no | DISK | tank:subvol-1-disk-1 |"
            + " true",
        "mp1    | /mnt/data,mp=/data                         | PATH    | /mnt/data     | false",
        "mp2    | /mnt/data,mp=/data,replicate=0             | PATH    | /mnt/data     | true",
        "mp3    | /dev/sdb1,mp=/data,replicate=0             | DEVICE  | /dev/sdb1     | true",
        "dev0   | /dev/ttyUSB0,mode=0660                     | DEVICE  | /dev/ttyUSB0  | true",
        "dev1   | path=/dev/dri/renderD128,gid=104           | DEVICE  | /dev/dri/renderD128 |"
            + " true",
        "lxc    | lxc.mount.entry = /dev/dri dev/dri none bind,create=dir 0 0 | DEVICE | /dev/dri |"
            + " true",
        "lxc    | lxc.mount.entry = /srv/x srv/x none bind 0 0 | PATH   | /srv/x        | true",
      })
  void ofAContainer(String key, String value, Kind kind, String subject, boolean exempt) {
    assertThat(StartNeeds.of(GuestKind.CT, Map.of(key.strip(), value)))
        .singleElement()
        .satisfies(
            need -> {
              assertThat(need.kind()).isEqualTo(kind);
              assertThat(need.subject()).isEqualTo(subject);
              assertThat(need.exempt()).isEqualTo(exempt);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dev0 | /dev/net/tun",
        "dev0 | /dev/fuse,mode=0666",
        "lxc  | lxc.cgroup2.devices.allow = c 10:200 rwm",
        "lxc  | lxc.mount.entry = /dev/dri dev/dri none bind,optional,create=dir",
        "lxc  | lxc.mount.entry = /dev/net dev/net none bind,create=dir",
        "unused0 | tank:subvol-1-disk-3",
      })
  void notOfAContainer(String key, String value) {
    assertThat(StartNeeds.of(GuestKind.CT, Map.of(key.strip(), value))).isEmpty();
  }

  @Test
  void whatIsSaidToBeOnAllNodesIsShared() {
    assertThat(StartNeeds.of(GuestKind.CT, Map.of("mp0", "/mnt/data,mp=/data,shared=1")))
        .singleElement()
        .matches(StartNeed::shared);
  }
}
