package io.pveha.core.cluster;

/**
 * Id of a task of Proxmox.
 *
 * @param value as Proxmox wrote it: {@code UPID:node:pid:pstart:starttime:type:id:user:}
 */
public record Upid(String value) {

  private static final int FEWEST_FIELDS = 8;

  public Upid {
    if (!isUpid(value)) {
      throw new IllegalArgumentException("not a UPID: " + value);
    }
  }

  /** Whether this text is an id of a task; some calls answer with other texts. */
  public static boolean isUpid(String text) {
    if (text == null || !text.startsWith("UPID:")) {
      return false;
    }
    String[] fields = text.split(":", -1);
    return fields.length >= FEWEST_FIELDS && !fields[1].isBlank();
  }

  /** The node that the task runs on, and the only one to ask about it. */
  public NodeName node() {
    return new NodeName(value.split(":", -1)[1]);
  }

  /** What kind of task it is, as in {@code zfscreate}. */
  public String type() {
    return value.split(":", -1)[5];
  }

  @Override
  public String toString() {
    return value;
  }
}
