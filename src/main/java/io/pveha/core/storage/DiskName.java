package io.pveha.core.storage;

import io.pveha.core.storage.PoolFacts.Disk;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path that a user wrote for a disk. Linux gives a disk many names: that of the kernel, and links
 * by what it tells of itself. Proxmox shows the kernel's name and one link; the others are known by
 * WWN, model and serial number.
 *
 * @param path as written
 */
record DiskName(String path) {

  private static final String BY_ID = "/dev/disk/by-id/";

  private static final Pattern PARTITION =
      Pattern.compile(
          "(/dev/disk/by-[a-z]+/.+)-part\\d+|(/dev/(?:sd|vd|xvd|hd)[a-z]+)\\d+"
              + "|(/dev/(?:nvme\\d+n\\d+|mmcblk\\d+))p\\d+");

  /** The devices of these that it names: none, one, or several paths of one disk. */
  List<Disk> among(Collection<Disk> disks) {
    List<Disk> exact = disks.stream().filter(this::isShownFor).toList();
    if (!exact.isEmpty() || !path.startsWith(BY_ID)) {
      return exact;
    }
    String id = path.substring(BY_ID.length());
    List<Disk> byWwn = disks.stream().filter(disk -> isWwnOf(id, disk)).toList();
    return byWwn.isEmpty()
        ? disks.stream().filter(disk -> isModelAndSerialOf(id, disk)).toList()
        : byWwn;
  }

  /** The device that it names; empty when it names none of these, or different disks. */
  Optional<Disk> in(Collection<Disk> disks) {
    List<Disk> named = among(disks);
    return DiskIdentity.distinct(named).size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
  }

  /** What to hand to Proxmox for this device: as written where Proxmox shows it, else its link. */
  String pathOf(Disk disk) {
    return isShownFor(disk) ? path : disk.byId().orElse(disk.path());
  }

  /** The whole disk that it names a partition of; empty when it names none. */
  Optional<String> whole() {
    Matcher partition = PARTITION.matcher(path);
    if (!partition.matches()) {
      return Optional.empty();
    }
    for (int group = 1; group <= partition.groupCount(); group++) {
      if (partition.group(group) != null) {
        return Optional.of(partition.group(group));
      }
    }
    return Optional.empty();
  }

  private boolean isShownFor(Disk disk) {
    return disk.path().equals(path) || disk.byId().filter(path::equals).isPresent();
  }

  /**
   * As in {@code wwn-0x5000c5…}, {@code nvme-eui.0025…}, {@code scsi-36001…}, {@code nvme-uuid…}.
   */
  private static boolean isWwnOf(String id, Disk disk) {
    return DiskIdentity.wwn(disk.wwn())
        .filter(
            wwn -> {
              String name = id.toLowerCase(Locale.ROOT);
              return name.equals("wwn-0x" + wwn)
                  || name.equals("nvme-eui." + wwn)
                  // Of a SCSI id the first digit says what kind follows; 3 is a WWN, 2 an EUI.
                  || name.equals("scsi-3" + wwn)
                  || name.equals("scsi-2" + wwn)
                  || name.equals("dm-uuid-mpath-3" + wwn);
            })
        .isPresent();
  }

  /** As in {@code ata-MODEL_SERIAL}, with which bus ever and what udev appends. */
  private static boolean isModelAndSerialOf(String id, Disk disk) {
    String serial = udev(disk.serial());
    String model = udev(disk.model());
    if (serial.length() < 4) {
      return false;
    }
    return id.matches(
            "(ata|nvme|usb|virtio|mmc|scsi-[0-9]?S?[A-Za-z]*|scsi)-?.*"
                + "(^|[_-])"
                + Pattern.quote(serial)
                + "(_\\d+|-\\d+:\\d+)?")
        && (model.isEmpty() || id.startsWith("virtio-") || id.contains(model));
  }

  private static String udev(String text) {
    return text.strip().replaceAll("\\s+", "_");
  }
}
