package io.pveha.app.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class PlainLogTest {

  private final PlainLog filter = new PlainLog();

  @Test
  void textOfOthersBreaksNoLine() {
    ExtLogRecord entry =
        new ExtLogRecord(Level.INFO, "guest %s", ExtLogRecord.FormatStyle.PRINTF, "io.pveha");
    entry.setParameters(new Object[] {"a\n10:00:00 ERROR forged\u001b[2J"});

    assertThat(filter.isLoggable(entry)).isTrue();

    assertThat(entry.getFormattedMessage()).isEqualTo("guest a 10:00:00 ERROR forged\\u001b[2J");
  }

  @Test
  void ownLinesStayAsTheyAre() {
    LogRecord entry = new LogRecord(Level.INFO, "guest {0}");
    entry.setParameters(new Object[] {"100"});

    assertThat(filter.isLoggable(entry)).isTrue();

    assertThat(entry.getMessage()).isEqualTo("guest {0}");
    assertThat(entry.getParameters()).containsExactly("100");
  }

  @Test
  void exceptionsKeepTheirTraceAndLoseTheirLineBreaks() {
    LogRecord entry = new LogRecord(Level.SEVERE, "failed");
    IllegalStateException thrown =
        new IllegalStateException("a\nforged", new IllegalArgumentException("b\nforged"));
    entry.setThrown(thrown);

    assertThat(filter.isLoggable(entry)).isTrue();

    StringWriter text = new StringWriter();
    entry.getThrown().printStackTrace(new PrintWriter(text));
    assertThat(entry.getThrown().getStackTrace()).isEqualTo(thrown.getStackTrace());
    assertThat(text.toString())
        .contains("java.lang.IllegalStateException: a forged")
        .contains("Caused by: java.lang.IllegalArgumentException: b forged");
    assertThat(text.toString().lines()).noneMatch(line -> line.startsWith("forged"));
  }

  @Test
  void conflictOfTwoWritersIsNoFaultToBeTraced() {
    LogRecord entry = new LogRecord(Level.WARNING, "tried again");
    entry.setThrown(
        new IllegalStateException(new KubernetesClientException("changed meanwhile", 409, null)));
    LogRecord fault = new LogRecord(Level.WARNING, "tried again");
    fault.setThrown(new IllegalStateException(new KubernetesClientException("no", 403, null)));

    assertThat(filter.isLoggable(entry)).isTrue();
    assertThat(filter.isLoggable(fault)).isTrue();

    assertThat(entry.getThrown()).isNull();
    assertThat(fault.getThrown()).isNotNull();
  }
}
