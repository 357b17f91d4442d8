package io.pveha.simulator.world;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.storage.Writes;
import java.time.Instant;
import java.util.List;

/**
 * What really is the case.
 *
 * @param at simulated time
 * @param guests all that exist anywhere
 * @param nodes all nodes
 * @param violations each time a second copy of a guest was started while another one ran
 * @param destroyed volumes, pools and guests that are gone for good
 * @param removed entries of the configuration that are gone or reach fewer nodes than before
 * @param syncs volumes that replication carried, since the world began
 */
public record Truth(
    Instant at,
    List<GuestTruth> guests,
    List<NodeTruth> nodes,
    List<String> violations,
    List<Ledger.Destroyed> destroyed,
    List<Ledger.Destroyed> removed,
    List<Ledger.Syncs> syncs) {

  /**
   * A guest.
   *
   * @param runningOn nodes on which a copy runs (or boots) now
   * @param answersOn nodes on which a copy runs, has booted, and can be reached by clients
   * @param copies its data, wherever it lies
   */
  public record GuestTruth(
      int vmid,
      GuestKind kind,
      List<String> runningOn,
      List<String> answersOn,
      List<Copy> copies) {}

  /**
   * One copy of a guest's data.
   *
   * @param volume its volume id
   * @param lastWrite number of the last write that it holds
   * @param history which run of the guest made which writes, oldest first
   * @param snapshots of the replication
   */
  public record Copy(
      String node, String volume, long lastWrite, List<Writes> history, List<String> snapshots) {}

  /** A node. */
  public record NodeTruth(
      String name,
      boolean powered,
      boolean booted,
      boolean network,
      Instant bootedAt,
      int certificateGeneration,
      boolean haMaster) {}
}
