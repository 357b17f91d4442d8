package io.pveha.app.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pveha.api.v1alpha1.PlainText;
import io.quarkus.logging.LoggingFilter;
import java.net.HttpURLConnection;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Each entry of the log is one line that we wrote, whatever text of others is in it; and an object
 * that somebody else wrote meanwhile, which is decided again at once, is no fault to be traced.
 */
@LoggingFilter(name = "plain")
public final class PlainLog implements Filter {

  private static final int LONGEST_LINE = 10_000;
  private static final int DEEPEST_CAUSE = 10;

  @Override
  public boolean isLoggable(LogRecord entry) {
    String message =
        entry instanceof ExtLogRecord formatted
            ? formatted.getFormattedMessage()
            : entry.getMessage();
    String plain = PlainText.of(message, LONGEST_LINE);
    if (plain != null && !plain.equals(message)) {
      if (entry instanceof ExtLogRecord formatted) {
        formatted.setMessage(plain, ExtLogRecord.FormatStyle.NO_FORMAT);
      } else {
        entry.setMessage(plain);
      }
      entry.setParameters(null);
    }
    if (isConflict(entry.getThrown())) {
      entry.setThrown(null);
    }
    if (entry.getThrown() != null && !(entry.getThrown() instanceof Plain)) {
      entry.setThrown(new Plain(entry.getThrown(), DEEPEST_CAUSE));
    }
    return true;
  }

  private static boolean isConflict(Throwable thrown) {
    return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
        .limit(DEEPEST_CAUSE)
        .anyMatch(
            cause ->
                cause instanceof KubernetesClientException api
                    && api.getCode() == HttpURLConnection.HTTP_CONFLICT);
  }

  /** An exception as it is logged: the same trace, and messages on one line. */
  private static final class Plain extends Throwable {
    private static final long serialVersionUID = 1L;
    private final String words;

    Plain(Throwable thrown, int depth) {
      super(
          null,
          thrown.getCause() == null || depth == 0 ? null : new Plain(thrown.getCause(), depth - 1),
          false,
          true);
      words = PlainText.of(thrown.toString(), LONGEST_LINE);
      setStackTrace(thrown.getStackTrace());
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
