package io.pveha.simulator.world;

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
    List<Destroyed> destroyed,
    List<Destroyed> removed,
    List<Syncs> syncs) {

  /**
   * A guest.
   *
   * @param runningOn nodes on which a copy runs (or boots) now
   * @param answersOn nodes on which a copy runs, has booted, and can be reached by clients
   * @param copies its data, wherever it lies
   */
  public record GuestTruth(
      int vmid,
      NodeGuests.Kind kind,
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

  /** Writes {@code first..last} that one run of the guest made. */
  public record Writes(long run, String node, long first, long last) {}

  /** A node. */
  public record NodeTruth(
      String name,
      boolean powered,
      boolean booted,
      boolean network,
      Instant bootedAt,
      int certificateGeneration,
      boolean haMaster) {}

  /**
   * Something that was destroyed ({@code volume}, {@code pool}, {@code guest} or {@code disk}) or
   * removed ({@code job}, {@code storage}, or {@code storage-node} for a node that an entry no
   * longer covers).
   *
   * @param by who asked for it; for a replica, the job and who removed that
   */
  public record Destroyed(Instant at, String node, String what, String name, String by) {}

  /**
   * How volumes of one job went from one node to another.
   *
   * @param full how often all of a volume was copied
   * @param incremental how often only what had changed
   */
  public record Syncs(String job, String source, String target, int full, int incremental) {}
}
