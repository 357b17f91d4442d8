package io.pveha.simulator.api.web;

import java.io.IOException;

/** What came in is no request; the client is told, and the connection ends. */
final class BadRequest extends IOException {

  private static final long serialVersionUID = 1L;

  private final int status;

  BadRequest(int status, String message) {
    super(message);
    this.status = status;
  }

  static BadRequest tooLong() {
    return new BadRequest(501, "for data too large");
  }

  WebAnswer answer() {
    return WebAnswer.text(status, getMessage(), "text/plain", "");
  }
}
