package io.pveha.core.cluster;

import java.util.regex.Pattern;

/**
 * Id of a task of Proxmox.
 *
 * @param value as Proxmox wrote it: {@code UPID:node:pid:pstart:starttime:type:id:user:}
 */
public record Upid(String value) {

  private static final Pattern FORM =
      Pattern.compile(
          "UPID:([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?):[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}"
              + ":[0-9A-Fa-f]{8}:([^:\\s/]+):([^:\\s]*):([^:\\s]+):");

  public Upid {
    if (!isUpid(value)) {
      throw new IllegalArgumentException("not a UPID: " + value);
    }
  }

  /** Whether this text is an id of a task; some calls answer with other texts. */
  public static boolean isUpid(String text) {
    return text != null && FORM.matcher(text).matches();
  }

  /** The node that the task runs on, and the only one to ask about it. */
  public NodeName node() {
    return new NodeName(value.split(":", -1)[1]);
  }

  /** What kind of task it is, as in {@code zfscreate}. */
  public String type() {
    return value.split(":", -1)[5];
  }

  /** Who asked for it: a user as in {@code root@pam}, or a token as in {@code me@pve!name}. */
  public String user() {
    return value.split(":", -1)[7];
  }

  @Override
  public String toString() {
    return value;
  }
}
