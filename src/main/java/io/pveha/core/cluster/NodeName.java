package io.pveha.core.cluster;

import java.util.Objects;

/** Name of a node in Proxmox: its host name without domain. */
public record NodeName(String value) implements Comparable<NodeName> {

  public NodeName {
    Objects.requireNonNull(value);
    if (value.isBlank()) {
      throw new IllegalArgumentException("a node's name can't be blank");
    }
  }

  @Override
  public int compareTo(NodeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
