package io.pveha.simulator.world;

import java.time.Instant;
import java.util.List;

/** A Proxmox calendar event, in UTC. */
public final class CalendarSchedule {

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with the real server's text when it is none
   */
  public static CalendarSchedule parse(String text) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The first event after {@code time}; null when there is none within some years. */
  public Instant after(Instant time) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The next {@code count} events after {@code time}. */
  public List<Instant> next(Instant time, int count) {
    throw new UnsupportedOperationException("not there yet");
  }
}
