package io.pveha.core.ha;

import java.util.Locale;

/** What the manager thinks of a node. */
public enum NodeState {
  /** In the quorate partition, takes services. */
  ONLINE,
  /** Takes no services and gives away those it has. */
  MAINTENANCE,
  /** Not in the quorate partition. */
  UNKNOWN,
  /** Must be proved dead before its services go elsewhere. */
  FENCE,
  /** No member of the cluster any more; forgotten after an hour. */
  GONE;

  /** Proxmox's word for it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static NodeState ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
