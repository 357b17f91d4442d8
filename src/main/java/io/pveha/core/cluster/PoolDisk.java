package io.pveha.core.cluster;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A disk, to be found among the parts of a pool, which may call it by any of its names.
 *
 * @param path as in {@code /dev/sdb}
 * @param byId as in {@code /dev/disk/by-id/ata-X}; empty when not told
 * @param serial empty when not told
 */
public record PoolDisk(String path, String byId, String serial) {

  private static final int SHORTEST_SERIAL = 6;

  /** Whether a part of this name is this disk, or a partition of it. */
  public boolean isCalled(String part) {
    String called = last(part);
    boolean named =
        Stream.of(path, byId)
            .map(PoolDisk::last)
            .filter(name -> !name.isBlank())
            .anyMatch(
                name ->
                    called.equals(name)
                        || called.matches(Pattern.quote(name) + "(-part|p)?[0-9]{1,3}"));
    return named
        || serial.length() >= SHORTEST_SERIAL
            && called.matches(".*[_-]" + Pattern.quote(serial) + "(-part[0-9]{1,3})?");
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
