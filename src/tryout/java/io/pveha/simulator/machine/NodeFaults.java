package io.pveha.simulator.machine;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What faults make a node tell that nothing else in the world would. */
public final class NodeFaults {

  private final Map<String, Boolean> lies = new TreeMap<>();
  private double memoryUsed = -1;
  private double rootUsed = -1;
  private Instant certificateEnd;

  NodeFaults() {}

  /** The node claims that another one is online, or is not, whatever corosync tells it. */
  public void lie(String about, boolean online) {
    lies.put(about, online);
  }

  /** It says of all nodes again what corosync tells it. */
  public void tellTruth() {
    lies.clear();
  }

  /** What it says of a node of which corosync tells it {@code online}. */
  public boolean says(String about, boolean online) {
    return lies.getOrDefault(about, online);
  }

  /** Something uses this share of its memory, 0 to 1; negative for what its guests use. */
  public void fillMemory(double share) {
    memoryUsed = share;
  }

  /** Something uses this share of its root file system, 0 to 1; negative for the usual. */
  public void fillRoot(double share) {
    rootUsed = share;
  }

  public long memoryUsed(long usual, long total) {
    return memoryUsed < 0 ? usual : (long) (memoryUsed * total);
  }

  public long rootUsed(long usual, long total) {
    return rootUsed < 0 ? usual : (long) (rootUsed * total);
  }

  /** The list of its certificates tells this end of validity; null for the true one. */
  public void certificateEnds(Instant end) {
    certificateEnd = end;
  }

  public Optional<Instant> certificateEnd() {
    return Optional.ofNullable(certificateEnd);
  }
}
