package io.pveha.simulator.api.web;

/** Thrown by a handler in place of an answer: the connection is broken off. */
public final class NoAnswer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NoAnswer() {
    super("connection broken off on purpose", null, false, false);
  }
}
