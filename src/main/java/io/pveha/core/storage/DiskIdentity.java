package io.pveha.core.storage;

import io.pveha.core.storage.PoolFacts.Disk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether two devices that Linux shows are one disk, so that a pool made of both has no redundancy.
 *
 * <table>
 * <caption>What tells</caption>
 * <tr><th>Both have</th><th>One disk</th><th>Because</th></tr>
 * <tr><td>the same path</td><td>yes</td><td></td></tr>
 * <tr><td>the same link by id</td><td>yes</td><td>udev makes it from the disk's own id</td></tr>
 * <tr><td>the same WWN, and the same or no serial number</td><td>yes</td><td>two paths of one LUN
 * </td></tr>
 * <tr><td>the same WWN and different serial numbers</td><td>no</td><td>makers write one WWN into a
 * whole series</td></tr>
 * <tr><td>the same NVMe controller</td><td>yes</td><td>namespaces of one disk</td></tr>
 * <tr><td>the same serial number alone</td><td>no</td><td>USB bridges write one into a whole series
 * </td></tr>
 * </table>
 */
final class DiskIdentity {

  private static final Pattern NVME = Pattern.compile("/dev/(nvme\\d+)n\\d+");

  private DiskIdentity() {}

  /** Whether both are one disk. */
  static boolean isSame(Disk one, Disk other) {
    if (one.path().equals(other.path()) || areSame(one.byId(), other.byId())) {
      return true;
    }
    if (areSame(wwn(one.wwn()), wwn(other.wwn()))) {
      return one.serial().isBlank()
          || other.serial().isBlank()
          || one.serial().strip().equals(other.serial().strip());
    }
    return areSame(controller(one), controller(other));
  }

  /** The devices of these that are the same disk as this one, itself among them, by path. */
  static List<Disk> allOf(Disk disk, Collection<Disk> disks) {
    return disks.stream()
        .filter(other -> isSame(disk, other))
        .sorted(java.util.Comparator.comparing(Disk::path))
        .toList();
  }

  /** Each disk once, by the device whose path sorts first. */
  static List<Disk> distinct(Collection<Disk> disks) {
    List<Disk> distinct = new ArrayList<>();
    disks.stream()
        .sorted(java.util.Comparator.comparing(Disk::path))
        .filter(disk -> distinct.stream().noneMatch(taken -> isSame(taken, disk)))
        .forEach(distinct::add);
    return distinct;
  }

  /**
   * A World Wide Name without what Linux puts before it; empty when there is none, or one that
   * names nothing.
   */
  static Optional<String> wwn(Optional<String> told) {
    return told.map(text -> text.strip().toLowerCase(Locale.ROOT))
        .map(text -> text.replaceFirst("^(0x|eui\\.|naa\\.|nvme-eui\\.|wwn-0x)", ""))
        .filter(text -> text.matches("[0-9a-f]{8,32}"))
        .filter(text -> !text.matches("0+|f+"));
  }

  private static Optional<String> controller(Disk disk) {
    Matcher nvme = NVME.matcher(disk.path());
    return nvme.matches() ? Optional.of(nvme.group(1)) : Optional.empty();
  }

  private static boolean areSame(Optional<String> one, Optional<String> other) {
    return one.isPresent() && one.equals(other);
  }
}
