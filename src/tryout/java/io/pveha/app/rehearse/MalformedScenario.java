package io.pveha.app.rehearse;

/** A scenario document that can't be played; the message says what is wrong where. */
public final class MalformedScenario extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MalformedScenario(String message, Throwable cause) {
    super(message, cause);
  }
}
