package io.pveha.core.failover;

import io.pveha.core.failover.Remedy.Kind;
import io.pveha.core.guest.StartNeed;
import io.pveha.core.placement.ServiceId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What binds a guest to some nodes: something that its start needs and that not every node is known
 * to have.
 *
 * @param replicable of a disk, whether its storage can be replicated
 * @param nodes nodes that have it
 * @param unsure nodes that are unknown
 */
public record Bond(
    StartNeed need, boolean replicable, SortedSet<String> nodes, SortedSet<String> unsure) {

  public Bond {
    nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    unsure = Collections.unmodifiableSortedSet(new TreeSet<>(unsure));
  }

  /** Whether the guest is known not to start there. */
  public boolean forbids(String node) {
    return !nodes.contains(node) && !unsure.contains(node);
  }

  boolean leavesOpen(String node) {
    return unsure.contains(node);
  }

  /** Why it can't start there, to be read after the node was named. */
  String complaint() {
    return switch (need.kind()) {
      case DISK -> disk();
      case CLOUD_INIT ->
          "the storage of its cloud-init drive %s is not active there".formatted(need.words());
      case IMAGE -> "the CD in %s is not there".formatted(need.words());
      case SNIPPET -> "the file of %s is not there".formatted(need.words());
      case DEVICE -> "%s is a device of %s".formatted(need.words(), String.join(" and ", nodes));
      case PATH -> "%s is a path of %s".formatted(need.words(), String.join(" and ", nodes));
      case PCI_MAPPING, USB_MAPPING, DIRECTORY_MAPPING ->
          "mapping %s of %s has no entry for that node".formatted(need.subject(), need.key());
    };
  }

  private String disk() {
    if (need.exempt()) {
      return "there is no replica of %s, since it has replicate=0".formatted(need.words());
    }
    return replicable
        ? "the replica there lacks %s".formatted(need.words())
        : "there is no replica of %s, whose storage can't be replicated".formatted(need.words());
  }

  /** The one change that would help there. */
  Remedy remedy(ServiceId guest, String node) {
    if (need.kind() == StartNeed.Kind.DISK && !need.exempt() && replicable) {
      return new Remedy(
          Kind.FINISH_SYNC,
          node,
          "",
          "Make the replication of %s to %s succeed once more.".formatted(guest, node));
    }
    return new Remedy(Kind.UNBIND, node, need.key(), sentence(guest, node));
  }

  private String sentence(ServiceId guest, String node) {
    String sid = guest.toString();
    String key = need.key();
    return switch (need.kind()) {
      case DISK ->
          need.exempt() && replicable
              ? "Remove replicate=0 from %s of %s and replicate it to %s.".formatted(key, sid, node)
              : "Move %s of %s to a ZFS storage that is replicated, or to one that all nodes share."
                  .formatted(key, sid);
      case CLOUD_INIT -> "Move %s of %s to a storage that %s has too.".formatted(key, sid, node);
      case IMAGE ->
          ("Eject it from %s with \"qm set %s --%s none,media=cdrom\", or put the image on a"
                  + " storage that %s has too.")
              .formatted(sid, sid.substring(sid.indexOf(':') + 1), key, node);
      case SNIPPET ->
          "Put it on %s too, under the same name, or on a storage that all nodes share."
              .formatted(node);
      case DEVICE, PATH ->
          key.startsWith("hostpci") || key.startsWith("usb")
              ? ("Use a mapping of the cluster in %s (mapping=...) that has a device "
                      + "of %s, or remove it from %s.")
                  .formatted(key, node, sid)
              : ("Remove %s from %s, or provide the same on %s and write shared=1 "
                      + "where the option takes it.")
                  .formatted(key, sid, node);
      case PCI_MAPPING, USB_MAPPING, DIRECTORY_MAPPING ->
          "Add an entry for %s to mapping %s, or remove %s from %s."
              .formatted(node, need.subject(), key, sid);
    };
  }

  /** What must be so on that node, where that is unknown. */
  String caution(String node) {
    return switch (need.kind()) {
      case PATH ->
          "%s of %s must exist on %s, which Proxmox does not report. Check it%s."
              .formatted(
                  need.subject(),
                  need.key(),
                  node,
                  need.key().startsWith("mp") ? " and write shared=1 on " + need.key() : "");
      case PCI_MAPPING, USB_MAPPING, DIRECTORY_MAPPING ->
          ("mapping %s of %s must have an entry for %s, and is not visible. Give the "
                  + "operator's token Mapping.Audit on /mapping.")
              .formatted(need.subject(), need.key(), node);
      case DISK, CLOUD_INIT ->
          ("%s needs storage %s on %s, and the storage is not visible. Give the operator's "
                  + "token Datastore.Audit on /storage/%2$s.")
              .formatted(need.words(), need.storage().orElseThrow(), node);
      case IMAGE, SNIPPET, DEVICE ->
          "%s must be on %s, where its storage could not be listed.".formatted(need.words(), node);
    };
  }
}
