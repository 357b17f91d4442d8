package io.pveha.core.replication;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job that fails since its target already has a volume of that name. Whose it is, Proxmox does
 * not say, and it may be the only copy of something: nobody is told to destroy it unseen.
 */
public final class VolumeInTheWay {

  private static final Pattern EXISTS =
      Pattern.compile(
          "(?:volume|dataset|destination) '?([^\\s']+[:/][^\\s']+)'? (?:already )?exists",
          Pattern.CASE_INSENSITIVE);

  private VolumeInTheWay() {}

  /** What to do, if that is what the error says. */
  public static Optional<String> remedy(String error, String job, String target) {
    Matcher exists = EXISTS.matcher(error == null ? "" : error);
    return exists.find()
        ? Optional.of(
            ("On %s, %s is in the way, and this job did not create it. Check what it "
                    + "holds; remove it if it is not needed (pvesm free), rename it, or "
                    + "delete job %s.")
                .formatted(target, exists.group(1), job))
        : Optional.empty();
  }
}
