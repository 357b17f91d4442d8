package io.pveha.simulator.time;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Events by time, then by the order in which they were added. */
final class EventQueue {

  private static final Comparator<Event> BY_TIME =
      Comparator.comparing((Event event) -> event.at).thenComparingLong(event -> event.number);

  private final PriorityQueue<Event> events = new PriorityQueue<>(BY_TIME);
  private long count;

  static final class Event implements SimClock.Scheduled {
    final Instant at;
    final Runnable action;
    private final long number;
    private boolean cancelled;

    private Event(Instant at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  Event add(Instant at, Runnable action) {
    Event event = new Event(at, count++, action);
    events.add(event);
    return event;
  }

  /** The next event that was not cancelled, left in the queue; null when there is none. */
  Event peek() {
    while (!events.isEmpty() && events.peek().cancelled) {
      events.remove();
    }
    return events.peek();
  }

  /** Takes the next event out if it is due at {@code now}; null otherwise. */
  Event takeDue(Instant now) {
    Event next = peek();
    return next == null || next.at.isAfter(now) ? null : events.remove();
  }
}
