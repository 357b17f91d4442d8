package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to the Proxmox jobs when the ReplicationJob is deleted. */
public enum ReplicationDeletionPolicy {
  /** Jobs and replicas stay; Proxmox goes on replicating. */
  @JsonProperty("Retain")
  RETAIN,

  /** The jobs are removed, the replicas stay as they are. */
  @JsonProperty("KeepReplicas")
  KEEP_REPLICAS,

  /** The jobs and the replicas are removed. */
  @JsonProperty("Delete")
  DELETE
}
