package io.pveha.core.ha;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of the management software: {@code 8.4.1}, {@code 7.4-4}, {@code 9.0.0~16}.
 *
 * @param preview number of a pre-release, or null for a release, which is newer than all of them
 */
record PveVersion(int major, int minor, int patch, Integer preview) {

  /** The first version whose HA manager reads rules. */
  static final PveVersion FIRST_WITH_RULES = new PveVersion(9, 0, 0, 16);

  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:[.-](\\d{1,9}))?(?:~(\\d{1,9}))?");

  static Optional<PveVersion> parse(String text) {
    Matcher matcher = SHAPE.matcher(text == null ? "" : text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new PveVersion(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)),
            matcher.group(4) == null ? null : Integer.valueOf(matcher.group(4))));
  }

  boolean isAtLeast(PveVersion other) {
    if (major != other.major) {
      return major > other.major;
    }
    if (minor != other.minor) {
      return minor > other.minor;
    }
    if (patch != other.patch) {
      return patch > other.patch;
    }
    return preview == null || other.preview != null && preview >= other.preview;
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch + (preview == null ? "" : "~" + preview);
  }
}
