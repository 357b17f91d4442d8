package io.pveha.core.ha;

/** How a job of an LRM ended, in Proxmox's numbers. */
public final class ExitCode {
  public static final int SUCCESS = 0;
  public static final int ERROR = 1;

  /** Not an answer: the LRM tries again by itself. */
  public static final int RETRY = 2;

  public static final int WRONG_NODE = 3;
  public static final int UNKNOWN_TYPE = 4;
  public static final int UNKNOWN_COMMAND = 5;
  public static final int BAD_PARAMETER = 6;
  public static final int UNKNOWN_SERVICE = 7;

  /** It already runs, so it was not moved before its first start. */
  public static final int IGNORED = 8;

  public static final int CRASHED = -1;

  private ExitCode() {}
}
