package io.pveha.core.storage;

import java.util.List;

/** Tells whether the parts of a pool, as ZFS names them, are those of a RAID level. */
final class PoolLayout {

  private PoolLayout() {}

  /** True also when nothing is known of the parts: unknown is not no. */
  static boolean fits(String raidLevel, List<String> parts) {
    if (parts.isEmpty()) {
      return true;
    }
    return switch (raidLevel) {
      case "single" -> parts.size() == 1 && isDisk(parts.get(0));
      case "mirror" -> parts.size() == 1 && parts.get(0).startsWith("mirror");
      case "raid10" -> parts.size() > 1 && parts.stream().allMatch(p -> p.startsWith("mirror"));
      case "raidz" -> allOf(parts, "raidz1") || allOf(parts, "raidz-");
      case "raidz2", "raidz3" -> allOf(parts, raidLevel);
      case "draid" -> allOf(parts, "draid1") || allOf(parts, "draid:");
      default -> allOf(parts, raidLevel);
    };
  }

  private static boolean allOf(List<String> parts, String prefix) {
    return parts.stream().allMatch(part -> part.startsWith(prefix));
  }

  private static boolean isDisk(String part) {
    return !part.startsWith("mirror") && !part.startsWith("raidz") && !part.startsWith("draid");
  }
}
