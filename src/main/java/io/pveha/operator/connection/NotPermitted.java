package io.pveha.operator.connection;

/** A write was not sent, since the permit for it does not hold any more. */
public final class NotPermitted extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotPermitted(String why) {
    super(why);
  }
}
