package io.pveha.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Rounds of polling lanes that ended with an exception, which the lanes only log. */
final class LaneErrors extends Handler implements AutoCloseable {

  private static final Logger LANES = Logger.getLogger("io.pveha.operator.polling.Lane");

  private final List<String> errors = new ArrayList<>();

  LaneErrors() {
    LANES.addHandler(this);
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
      Throwable thrown = line.getThrown();
      errors.add(thrown == null ? line.getMessage() : thrown + " at " + thrown.getStackTrace()[0]);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LANES.removeHandler(this);
  }
}
