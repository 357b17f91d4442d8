package io.pveha.core.guest;

import java.util.Optional;

/**
 * One thing beside memory that a guest's configuration makes its start need of a node.
 *
 * @param key the option of the configuration, as in {@code scsi1}
 * @param subject what the option names: a volume, a device, a mapping or a path
 * @param exempt whether it is a disk or a mount point that replication leaves out, by {@code
 *     replicate=0}
 * @param shared whether the configuration says that all nodes have the same, by {@code shared=1}
 */
public record StartNeed(Kind kind, String key, String subject, boolean exempt, boolean shared) {

  /** What it is. */
  public enum Kind {
    /** A disk or a mount point on a storage. */
    DISK,
    /** A cloud-init drive, which Proxmox rebuilds at each start. */
    CLOUD_INIT,
    /** A CD image, on a storage. */
    IMAGE,
    /** A hook script or a cloud-init snippet, on a storage. */
    SNIPPET,
    /** A device of one node, named by where it is plugged in. */
    DEVICE,
    /** A PCI device by the cluster's mapping. */
    PCI_MAPPING,
    /** A USB device by the cluster's mapping. */
    USB_MAPPING,
    /** A directory by the cluster's mapping. */
    DIRECTORY_MAPPING,
    /** A directory or a file of a node, outside the storages. */
    PATH
  }

  /** Of a volume, the id of its storage. */
  public Optional<String> storage() {
    return switch (kind) {
      case DISK, CLOUD_INIT, IMAGE, SNIPPET ->
          Optional.of(subject.substring(0, subject.indexOf(':')));
      case DEVICE, PCI_MAPPING, USB_MAPPING, DIRECTORY_MAPPING, PATH -> Optional.empty();
    };
  }

  /** As in {@code scsi1 (tank:vm-100-disk-1)}. */
  public String words() {
    return "%s (%s)".formatted(key, subject);
  }
}
