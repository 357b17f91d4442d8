package io.pveha.core.storage;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.storage.PoolFacts.Disk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses the disks that a pool is made of on one node. Properties kept:
 *
 * <ol>
 *   <li>a disk of which any path is in use is never chosen;
 *   <li>no disk is chosen twice, by whatever names.
 * </ol>
 *
 * @param disks paths to hand to Proxmox; empty when they can't be chosen
 * @param findings why not
 */
record DiskChoice(Optional<List<String>> disks, List<Finding> findings) {

  /**
   * Chooses.
   *
   * @param isBeingMade whether the pool is being made, so that its disks may show as used already
   */
  static DiskChoice of(WantedPool.Node node, List<Disk> found, boolean isBeingMade) {
    return node.selector().isPresent()
        ? selected(node, found, node.selector().get(), isBeingMade)
        : named(node, found, isBeingMade);
  }

  private static DiskChoice named(WantedPool.Node node, List<Disk> found, boolean isBeingMade) {
    List<Finding> findings = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    Map<String, Disk> taken = new HashMap<>();
    for (String path : node.disks()) {
      DiskName name = new DiskName(path);
      Optional<Disk> disk = name.in(found);
      if (disk.isEmpty()) {
        findings.add(Finding.blocks(ConditionReason.DISK_NOT_FOUND, notFound(node, name, found)));
        continue;
      }
      Optional<String> twin =
          taken.entrySet().stream()
              .filter(other -> DiskIdentity.isSame(other.getValue(), disk.get()))
              .map(Map.Entry::getKey)
              .findFirst();
      twin.ifPresent(
          other ->
              findings.add(
                  Finding.blocks(
                      ConditionReason.DISK_TWICE,
                      "spec.nodes[%s].disks: %s and %s are the same disk; name each disk once."
                          .formatted(node.name(), other, path))));
      taken.put(path, disk.get());
      paths.add(name.pathOf(disk.get()));
      use(disk.get(), found)
          .filter(unused -> !isBeingMade)
          .ifPresent(
              use ->
                  findings.add(
                      Finding.blocks(
                          ConditionReason.DISK_IN_USE,
                          "spec.nodes[%s].disks: %s on %s is in use (%s) and is not touched; name an"
                                  .formatted(node.name(), path, node.name(), use)
                              + " unused disk, or wipe it yourself.")));
    }
    return new DiskChoice(
        findings.isEmpty() ? Optional.of(List.copyOf(paths)) : Optional.empty(), findings);
  }

  private static String notFound(WantedPool.Node node, DiskName name, List<Disk> found) {
    String where = "spec.nodes[%s].disks: ".formatted(node.name());
    if (name.whole().isPresent()) {
      return where
          + "%s is a partition, and a pool takes whole disks; write %s."
              .formatted(name.path(), name.whole().get());
    }
    List<Disk> several = name.among(found);
    if (!several.isEmpty()) {
      return where
          + "%s may be any of %s; write one of these.".formatted(name.path(), names(several));
    }
    return where
        + "%s has no disk %s; it has %s.".formatted(node.name(), name.path(), names(found));
  }

  private static DiskChoice selected(
      WantedPool.Node node, List<Disk> found, WantedPool.Selector selector, boolean isBeingMade) {
    List<Disk> fitting =
        found.stream().filter(selector::fits).filter(d -> use(d, found).isEmpty()).toList();
    List<Disk> distinct = DiskIdentity.distinct(fitting);
    if (distinct.size() < selector.count() && !isBeingMade) {
      return new DiskChoice(
          Optional.empty(),
          List.of(
              Finding.blocks(
                  ConditionReason.TOO_FEW_DISKS,
                  "spec.nodes[%s].diskSelector: %s of %s match, of %d needed%s; add disks or loosen"
                          .formatted(
                              node.name(),
                              Count.of(distinct.size(), "unused disk"),
                              node.name(),
                              selector.count(),
                              paths(distinct, fitting))
                      + " the selector.")));
    }
    return new DiskChoice(
        Optional.of(distinct.stream().limit(selector.count()).map(Disk::path).toList()), List.of());
  }

  /** Names the devices that are paths of one disk. */
  private static String paths(List<Disk> distinct, List<Disk> devices) {
    return distinct.stream()
        .map(disk -> DiskIdentity.allOf(disk, devices))
        .filter(same -> same.size() > 1)
        .map(
            same ->
                "; %s are %s of one disk"
                    .formatted(
                        same.stream().map(Disk::path).collect(Collectors.joining(" and ")),
                        same.size() == 2 ? "two paths" : same.size() + " paths"))
        .collect(Collectors.joining());
  }

  /** What a disk is used for, by whichever of its paths; empty when it is unused. */
  static Optional<String> use(Disk disk, List<Disk> found) {
    return disk.usedAs()
        .or(
            () ->
                DiskIdentity.allOf(disk, found).stream()
                    .filter(path -> path.usedAs().isPresent())
                    .map(path -> "%s by its path %s".formatted(path.usedAs().get(), path.path()))
                    .findFirst());
  }

  /** Disks that are named for a node and are in no use, so in none of its pools either. */
  static List<String> unused(WantedPool.Node node, List<Disk> found) {
    return node.disks().stream()
        .filter(
            path -> new DiskName(path).in(found).filter(d -> use(d, found).isEmpty()).isPresent())
        .toList();
  }

  private static String names(List<Disk> disks) {
    return disks.isEmpty()
        ? "none"
        : disks.stream()
            .map(disk -> disk.path() + disk.byId().map(id -> " (" + id + ")").orElse(""))
            .sorted()
            .collect(Collectors.joining(", "));
  }
}
