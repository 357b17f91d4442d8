package io.pveha.simulator.guests;

import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.storage.VolumeData;

/** What a guest that moves asks of replication. */
public interface GuestReplicas {

  /** The guest goes to another node, and the state of its jobs with it. */
  void handOver(int vmid, Machine target);

  /** After a migration both sides share the snapshot that its last replication made. */
  void commonBase(int vmid, VolumeData source, VolumeData target);
}
