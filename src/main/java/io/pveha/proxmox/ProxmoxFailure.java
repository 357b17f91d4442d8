package io.pveha.proxmox;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a call gave no good answer. The message is for a person and holds no secret.
 *
 * <table>
 * <caption>What may be concluded</caption>
 * <tr><th>type</th><th>try again</th><th>a write has happened</th></tr>
 * <tr><td>{@link Unreachable}</td><td>yes</td><td>no</td></tr>
 * <tr><td>{@link ConnectionLost}</td><td>after looking</td><td>unknown</td></tr>
 * <tr><td>{@link LoginRejected}</td><td>with other credentials</td><td>no</td></tr>
 * <tr><td>{@link Forbidden}</td><td>with more privileges</td><td>no</td></tr>
 * <tr><td>{@link BadRequest}</td><td>no</td><td>no</td></tr>
 * <tr><td>{@link Refused}</td><td>when the cause is gone</td><td>not wholly</td></tr>
 * <tr><td>{@link NotFound}</td><td>when it exists</td><td>no</td></tr>
 * <tr><td>{@link NotInCluster}</td><td>when formed</td><td>no</td></tr>
 * <tr><td>{@link NotImplemented}</td><td>no</td><td>no</td></tr>
 * <tr><td>{@link CertificateMismatch}</td><td>with the right one</td><td>no</td></tr>
 * <tr><td>{@link NotProxmox}</td><td>with the right address</td><td>no</td></tr>
 * </table>
 */
public abstract sealed class ProxmoxFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private ProxmoxFailure(String message) {
    super(message, null, false, false);
  }

  /**
   * The failure of a question that ended so.
   *
   * @throws RuntimeException when it is no failure of Proxmox but a fault of the operator
   */
  public static ProxmoxFailure of(Throwable thrown) {
    Throwable cause = cause(thrown);
    if (cause instanceof ProxmoxFailure) {
      return (ProxmoxFailure) cause;
    }
    if (cause instanceof RuntimeException) {
      throw (RuntimeException) cause;
    }
    if (cause instanceof Error) {
      throw (Error) cause;
    }
    throw new IllegalStateException(cause);
  }

  /** What a future ended with, out of what Java wraps it in. */
  public static Throwable cause(Throwable thrown) {
    boolean wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return wrapped && thrown.getCause() != null ? cause(thrown.getCause()) : thrown;
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  public boolean mayPass() {
    return this instanceof Unreachable || this instanceof ConnectionLost || this instanceof Refused;
  }

  /** Whether a write that ended so may have taken effect. */
  public boolean mayHaveHappened() {
    return this instanceof ConnectionLost;
  }

  /** No connection, or no answer to a read; says nothing about the node's health. */
  public static final class Unreachable extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    private final boolean behind;

    private Unreachable(String message, boolean behind) {
      super(message);
      this.behind = behind;
    }

    /** The node asked does not answer. */
    public Unreachable(String message) {
      this(message, false);
    }

    /** The node asked answers, but can't reach the node that the request is for. */
    public static Unreachable behind(String message) {
      return new Unreachable(message, true);
    }

    /** Whether the node asked is well, and another one behind it is not reached. */
    public boolean isBehind() {
      return behind;
    }
  }

  /** A write was sent and its answer never came: look before doing it again. */
  public static final class ConnectionLost extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    public ConnectionLost(String message) {
      super(message);
    }
  }

  /** HTTP 401: wrong token or password, or the user is gone, as on a node that just joined. */
  public static final class LoginRejected extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    public LoginRejected(String message) {
      super(message);
    }
  }

  /** HTTP 403: a privilege is missing, or no token may do it. */
  public static final class Forbidden extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    private static final Pattern MISSING = Pattern.compile("\\((/[^,()]*), ([^()]+)\\)");

    public Forbidden(String message) {
      super(message);
    }

    /** What is missing where, as in {@code VM.Migrate on /vms/100}; empty when not told. */
    public Optional<String> missing() {
      Matcher matcher = MISSING.matcher(getMessage());
      return matcher.find()
          ? Optional.of(matcher.group(2) + " on " + matcher.group(1))
          : Optional.empty();
    }
  }

  /**
   * HTTP 400, or 500 with a 400 in its words: Proxmox does not take the parameters, however often
   * it is asked.
   */
  public static final class BadRequest extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> errors;

    /**
     * @param errors what is wrong by parameter
     */
    public BadRequest(String message, Map<String, String> errors) {
      super(message);
      this.errors = new TreeMap<>(errors);
    }

    /** What is wrong by parameter; empty when Proxmox did not say. */
    public Map<String, String> errors() {
      return errors == null ? Map.of() : Map.copyOf(errors);
    }
  }

  /** HTTP 500 and all other errors: Proxmox understood and said no, in its own words. */
  public static sealed class Refused extends ProxmoxFailure permits NotFound {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(message);
    }

    /** Whether Proxmox's words contain this; the only way to tell some refusals apart. */
    public boolean says(String words) {
      return getMessage().contains(words);
    }

    /** Whether the node asked has no quorum; another one may have. */
    public boolean isForLackOfQuorum() {
      return says("no quorum") || says("not quorate");
    }
  }

  /**
   * HTTP 500 with words that say that something does not exist. Proxmox has no status of its own
   * for it, so prefer to look into the list.
   */
  public static final class NotFound extends Refused {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message);
    }
  }

  /** HTTP 424: the node is in no cluster. */
  public static final class NotInCluster extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    public NotInCluster(String message) {
      super(message);
    }
  }

  /** HTTP 501: this version of Proxmox has no such call. */
  public static final class NotImplemented extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    public NotImplemented(String message) {
      super(message);
    }
  }

  /** The node showed a certificate that is not trusted. */
  public static final class CertificateMismatch extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    public CertificateMismatch(String message) {
      super(message);
    }
  }

  /** Something answered that is not Proxmox's API. */
  public static final class NotProxmox extends ProxmoxFailure {
    private static final long serialVersionUID = 1L;

    public NotProxmox(String message) {
      super(message);
    }
  }
}
