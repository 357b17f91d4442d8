package io.pveha.core.cluster;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A part of a ZFS pool as {@code zpool status} shows it: the pool itself, a group of disks such as
 * {@code mirror-0}, or a disk.
 *
 * @param state in ZFS's words
 */
public record PoolPart(String name, String state, List<PoolPart> parts) {

  private static final Pattern PARITY = Pattern.compile("d?raid(?:z)?([123])?[-:].*");

  /** What a pool can do without. */
  private static final Set<String> SPARE_PARTS = Set.of("cache", "spares", "logs");

  private static final Set<String> SERVING = Set.of("ONLINE", "DEGRADED");

  public PoolPart {
    name = name == null ? "" : name;
    state = state == null ? "" : state.toUpperCase(Locale.ROOT);
    parts = List.copyOf(parts);
  }

  /** Whether a group lost so many disks that the next one takes data along. */
  public boolean isExhausted() {
    if (SPARE_PARTS.contains(name)) {
      return false;
    }
    if (isDisk()) {
      return !isWell();
    }
    return isGroup()
        ? lost() > 0 && lost() >= tolerated()
        : parts.stream().anyMatch(PoolPart::isExhausted);
  }

  /** Whether the loss of this disk takes data along; others that have errors are not relied on. */
  public boolean needs(PoolDisk disk) {
    if (SPARE_PARTS.contains(name)) {
      return false;
    }
    if (isDisk()) {
      return disk.isCalled(name);
    }
    if (!isGroup()) {
      return parts.stream().anyMatch(part -> part.needs(disk));
    }
    long doubtful =
        parts.stream().filter(part -> !part.has(disk) && !part.isWithoutErrors()).count();
    return leaves().anyMatch(leaf -> disk.isCalled(leaf.name) && leaf.isWell())
        && doubtful >= tolerated();
  }

  private boolean has(PoolDisk disk) {
    return leaves().anyMatch(leaf -> disk.isCalled(leaf.name));
  }

  private boolean isWithoutErrors() {
    return isDisk() ? state.equals("ONLINE") : parts.stream().anyMatch(PoolPart::isWithoutErrors);
  }

  private boolean isDisk() {
    return parts.isEmpty();
  }

  private boolean isGroup() {
    return tolerated() > 0;
  }

  private long lost() {
    return parts.stream().filter(part -> !part.isWell()).count();
  }

  /** A disk with errors still serves; one that is being replaced does while one of the two does. */
  private boolean isWell() {
    return isDisk() ? SERVING.contains(state) : parts.stream().anyMatch(PoolPart::isWell);
  }

  private int tolerated() {
    if (name.startsWith("mirror-")) {
      return parts.size() - 1;
    }
    Matcher parity = PARITY.matcher(name);
    return parity.matches() && !isDisk()
        ? parity.group(1) == null ? 1 : Integer.parseInt(parity.group(1))
        : 0;
  }

  private Stream<PoolPart> leaves() {
    return isDisk() ? Stream.of(this) : parts.stream().flatMap(PoolPart::leaves);
  }
}
