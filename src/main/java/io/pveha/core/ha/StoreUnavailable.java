package io.pveha.core.ha;

/** The cluster file system refuses to be read or written on this node right now. */
public final class StoreUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message) {
    super(message);
  }
}
