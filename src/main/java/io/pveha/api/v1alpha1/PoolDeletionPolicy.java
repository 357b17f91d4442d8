package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to pool and storage when the ZfsPool is deleted. */
public enum PoolDeletionPolicy {
  /** Pool and storage entry stay as they are. */
  @JsonProperty("Retain")
  RETAIN,

  /** The storage entry is removed, the pools stay with all data. */
  @JsonProperty("DetachStorage")
  DETACH_STORAGE,

  /** The storage entry is removed and the pools are destroyed with all data. */
  @JsonProperty("Destroy")
  DESTROY
}
