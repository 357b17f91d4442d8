package io.pveha.simulator.machine;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Why a call on the world did not do what it was asked for; the text is what the real server says.
 */
public abstract sealed class WorldFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  private WorldFailure(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The HTTP status that the real server gives, 59x where it is its own pseudo code. */
  public int status() {
    return status;
  }

  /** A {@code die} of the real server: 500 with the text. Nothing was changed. */
  public static final class Refused extends WorldFailure {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(500, message);
    }
  }

  /** A parameter that only the world can judge: 400 with an errors map. Nothing was changed. */
  public static final class BadParameter extends WorldFailure {
    private static final long serialVersionUID = 1L;
    private final transient SortedMap<String, String> errors = new TreeMap<>();

    public BadParameter(String parameter, String message) {
      super(400, "Parameter verification failed.");
      errors.put(parameter, message);
    }

    /** Parameter to text. */
    public SortedMap<String, String> errors() {
      return errors;
    }
  }

  /** The call makes sense only on a member of a cluster: 424. */
  public static final class NotInCluster extends WorldFailure {
    private static final long serialVersionUID = 1L;

    public NotInCluster() {
      super(424, "node is not in a cluster, no join info available!");
    }
  }

  /** The node's cluster file system refuses writes (EACCES), since its partition has no quorum. */
  public static final class NoQuorum extends WorldFailure {
    private static final long serialVersionUID = 1L;

    public NoQuorum(String message) {
      super(500, message);
    }
  }

  /** A write that was in flight when the node lost quorum (EBUSY). */
  public static final class Busy extends WorldFailure {
    private static final long serialVersionUID = 1L;

    public Busy(String message) {
      super(500, message);
    }
  }

  /** The call had to be forwarded to a node that can't be reached: 595 after some seconds. */
  public static final class Unreachable extends WorldFailure {
    private static final long serialVersionUID = 1L;

    public Unreachable(String node) {
      super(595, "No route to host (" + node + ")");
    }
  }

  /** The node went away under the call: the client's connection breaks without an answer. */
  public static final class Dropped extends WorldFailure {
    private static final long serialVersionUID = 1L;

    public Dropped() {
      super(0, "connection broken");
    }
  }

  /**
   * A write that has to wait until the membership has changed. {@link Installation#request} waits
   * and tries again; nobody else sees it.
   */
  public static final class Waiting extends WorldFailure {
    private static final long serialVersionUID = 1L;
    private final transient Machine node;

    Waiting(Machine node) {
      super(500, "membership of " + node.name() + " is changing");
      this.node = node;
    }

    Machine node() {
      return node;
    }
  }
}
