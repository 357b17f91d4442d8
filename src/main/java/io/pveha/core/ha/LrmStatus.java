package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one node's LRM tells the manager ({@code /etc/pve/nodes/NODE/lrm_status}). It outlives the
 * LRM: after a power cut the old one is read until a new LRM writes.
 *
 * @param state null when nobody ever wrote it
 * @param results by the uid of the job
 * @param timestamp null when nobody ever wrote it
 */
public record LrmStatus(
    LrmState state, LrmMode mode, SortedMap<String, JobResult> results, Instant timestamp) {

  /** Read where nothing was ever written. */
  public static final LrmStatus MISSING =
      new LrmStatus(null, LrmMode.ACTIVE, Collections.emptySortedMap(), null);

  public LrmStatus {
    results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
  }

  /** State of an LRM daemon. */
  public enum LrmState {
    /** Has nothing to do, holds neither lock nor watchdog. */
    WAIT_FOR_AGENT_LOCK,
    /** Holds lock and watchdog, works on its services. */
    ACTIVE,
    /** Gives its services away, then holds nothing. */
    MAINTENANCE,
    /** Could not renew its lock; the watchdog is ticking. */
    LOST_AGENT_LOCK;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What an LRM is about. */
  public enum LrmMode {
    ACTIVE,
    /** Will be back: services are frozen. */
    RESTART,
    /** Goes down with its node: services are stopped or recovered. */
    SHUTDOWN,
    MAINTENANCE,
    /** The HA stack is switched off. */
    DISARM;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The answer to one job. */
  public record JobResult(ServiceId sid, ServiceState state, int exitCode) {}
}
