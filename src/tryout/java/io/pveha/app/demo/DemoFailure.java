package io.pveha.app.demo;

/** The story could not be told to its end; the message is for the person who watches. */
final class DemoFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }
}
