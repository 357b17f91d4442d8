package io.pveha.operator;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Work that may have to wait, in a thread of its own that runs only while the one that resumes it
 * stands still: so many things wait at once, and still one thing happens after the other.
 */
final class VirtualProcess {

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "virtual-process");
            thread.setDaemon(true);
            return thread;
          });

  private static final ThreadLocal<VirtualProcess> SELF = new ThreadLocal<>();

  private final Semaphore go = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private Throwable failure;
  private boolean killed;

  /** Runs it until it waits for the first time, or ends. */
  static void run(Runnable work) {
    VirtualProcess process = new VirtualProcess();
    THREADS.execute(() -> process.live(work));
    process.resume();
  }

  /** The one whose thread this is; null in any other thread. */
  static VirtualProcess self() {
    return SELF.get();
  }

  private void live(Runnable work) {
    go.acquireUninterruptibly();
    SELF.set(this);
    try {
      work.run();
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      SELF.remove();
      back.release();
    }
  }

  /** Runs on until it waits again, or ends; throws what it ended with. */
  void resume() {
    go.release();
    back.acquireUninterruptibly();
    if (failure instanceof RuntimeException) {
      throw (RuntimeException) failure;
    }
    if (failure instanceof Error) {
      throw (Error) failure;
    }
  }

  /** Called by itself: lets the others run until it is resumed. */
  void pause() {
    back.release();
    go.acquireUninterruptibly();
    if (killed) {
      throw new OperatorDied("with its process");
    }
  }

  /** Ends it where it waits. */
  void kill() {
    killed = true;
    try {
      resume();
    } catch (OperatorDied dead) {
      // As told.
    }
  }
}
