package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator that stops concludes nothing about nodes from that, and complains of nothing. */
class EndingTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ScheduledExecutorService lanes = Executors.newScheduledThreadPool(1);
  private final ExecutorService askers = Executors.newCachedThreadPool();
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void end() {
    lanes.shutdownNow();
    askers.shutdownNow();
  }

  @Test
  void nodeThatCanNotBeAskedAnyMoreIsNotSaidToBeSilent() {
    askers.shutdownNow();

    assertThatThrownBy(() -> new Asking<String>(askers).ask(List.of("node1"), PATIENCE, n -> n))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void nodeThatIsWaitedForWhenTheOperatorStopsIsNotSaidToBeSilent() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Asking<String> asking = new Asking<>(askers);
    Future<?> round =
        lanes.submit(
            () ->
                asking.ask(
                    List.of("node1"),
                    PATIENCE,
                    node -> {
                      asked.countDown();
                      return await(never);
                    }));
    assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    lanes.shutdownNow();

    assertThatThrownBy(round::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CancellationException.class);
  }

  @Test
  void laneWithoutThreadsComplainsOfNothing() {
    Lane lane = new Lane("test", new WatcherThreads(lanes, askers), Duration.ZERO, () -> {});
    lanes.shutdownNow();

    lane.now();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException ending) {
      return false;
    }
  }
}
