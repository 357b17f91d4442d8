package io.pveha.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks for the guest's page again and again, as a client of the web server would, and remembers
 * when it answered last, when it was first missed, and what it said.
 */
final class PageProbe implements AutoCloseable {

  /** An answer of the page. */
  record Answer(Instant at, String node) {}

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "page-probe");
            thread.setDaemon(true);
            return thread;
          });
  private final URI page;
  private final Clock clock;
  private Answer last;
  private Instant firstMiss;
  private Answer firstAfterMiss;

  PageProbe(URI page, Clock clock) {
    this.page = page;
    this.clock = clock;
  }

  PageProbe start() {
    poller.scheduleWithFixedDelay(this::ask, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** The newest answer, if it ever answered. */
  synchronized Optional<Answer> last() {
    return Optional.ofNullable(last);
  }

  /** When the page was first missed after it had answered. */
  synchronized Optional<Instant> firstMiss() {
    return Optional.ofNullable(firstMiss);
  }

  /** The first answer after it had been missed. */
  synchronized Optional<Answer> firstAfterMiss() {
    return Optional.ofNullable(firstAfterMiss);
  }

  private void ask() {
    try {
      HttpRequest request = HttpRequest.newBuilder(page).timeout(PATIENCE).build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        answered(response.body());
      } else {
        missed();
      }
    } catch (IOException noAnswer) {
      missed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void answered(String body) {
    last = new Answer(clock.instant(), line(body, "node"));
    if (firstMiss != null && firstAfterMiss == null) {
      firstAfterMiss = last;
    }
  }

  /** The value of a line {@code key=value}. */
  private static String line(String body, String key) {
    return body.lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElse("");
  }

  private synchronized void missed() {
    if (last != null && firstMiss == null) {
      firstMiss = clock.instant();
    }
  }

  @Override
  public void close() {
    poller.shutdownNow();
  }
}
