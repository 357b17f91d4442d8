package io.pveha.core.storage;

import io.pveha.core.cluster.PoolDisk;
import io.pveha.core.storage.PoolFacts.Disk;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.CreatePool;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is remembered of the disks that a pool was made from, to know it again: Linux may give a
 * disk another name at each start, and somebody may have made another pool of the same name.
 *
 * @param ids of the disks, by what they tell of themselves; empty for a pool that is not ours, or
 *     of a disk that tells nothing
 */
public record MadePool(List<String> ids) {

  /** One that we did not make, as far as is remembered. */
  public static final MadePool NONE = new MadePool(List.of());

  public MadePool {
    ids = List.copyOf(ids);
  }

  /** What is to be remembered of a pool that is made from some of these disks. */
  public static MadePool of(CreatePool step, List<Disk> found) {
    List<String> ids =
        step.disks().stream()
            .flatMap(path -> new DiskName(path).in(found).stream())
            .flatMap(disk -> id(disk).stream())
            .toList();
    return ids.size() == step.disks().size() ? new MadePool(ids) : NONE;
  }

  /** Whether a pool is made of the remembered disks and no others. */
  boolean isThis(Pool pool, List<Disk> found) {
    List<Disk> ours = found.stream().filter(this::isOurs).toList();
    return !pool.disks().isEmpty()
        && pool.disks().size() == ids.size()
        && DiskIdentity.distinct(ours).size() == ids.size()
        && pool.disks().stream().allMatch(part -> ours.stream().anyMatch(d -> isCalled(d, part)));
  }

  /** A disk of the pool that is none of those named; empty when no such is known. */
  static Optional<Disk> stranger(WantedPool.Node node, Pool pool, List<Disk> found) {
    List<Disk> named =
        node.disks().stream().flatMap(path -> new DiskName(path).among(found).stream()).toList();
    return pool.disks().stream()
        .flatMap(part -> found.stream().filter(disk -> isCalled(disk, part)).limit(1))
        .filter(disk -> named.stream().noneMatch(each -> DiskIdentity.isSame(each, disk)))
        .findFirst();
  }

  private boolean isOurs(Disk disk) {
    return id(disk).filter(ids::contains).isPresent();
  }

  private static boolean isCalled(Disk disk, String part) {
    return new PoolDisk(disk.path(), disk.byId().orElse(""), disk.serial()).isCalled(part);
  }

  private static Optional<String> id(Disk disk) {
    List<String> told =
        Stream.concat(DiskIdentity.wwn(disk.wwn()).stream(), Stream.of(disk.serial().strip()))
            .filter(text -> !text.isEmpty())
            .toList();
    return told.isEmpty() ? Optional.empty() : Optional.of(String.join("/", told));
  }
}
