package io.pveha.core.cluster;

import java.util.Objects;

/** Id of a storage entry, the same on every node that has it. */
public record StorageId(String value) implements Comparable<StorageId> {

  public StorageId {
    Objects.requireNonNull(value);
  }

  @Override
  public int compareTo(StorageId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
