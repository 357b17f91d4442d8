package io.pveha.core.cluster;

import java.util.Objects;

/** Name of a ZFS pool; several nodes may each have a pool of the same name. */
public record PoolName(String value) implements Comparable<PoolName> {

  public PoolName {
    Objects.requireNonNull(value);
  }

  @Override
  public int compareTo(PoolName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
