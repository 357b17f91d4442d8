package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.LrmStatus.JobResult;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an LRM has to do, is doing and has done; with the restart policy. */
final class LrmJobs {

  private record Waiting(LrmJob job, long since) {}

  private final HaEnvironment world;
  private final int maxWorkers;
  private final SortedMap<ServiceId, Waiting> waiting = new TreeMap<>();
  private final SortedMap<ServiceId, RunningJob> running = new TreeMap<>();
  private final SortedMap<String, JobResult> results = new TreeMap<>();
  private final Map<ServiceId, Integer> failedStarts = new HashMap<>();
  private SortedMap<ServiceId, ServiceRecord> records = new TreeMap<>();
  private boolean stopFailed;
  private long queued;

  /** Runs at most so many jobs at a time; 0 means all. */
  LrmJobs(HaEnvironment world, int maxWorkers) {
    this.world = world;
    this.maxWorkers = maxWorkers;
  }

  boolean isEmpty() {
    return waiting.isEmpty() && running.isEmpty();
  }

  boolean hasRunning() {
    return !running.isEmpty();
  }

  /** Whether a stop because the node goes down did not work. */
  boolean hasStopFailed() {
    return stopFailed;
  }

  SortedMap<String, JobResult> results() {
    return results;
  }

  /** Takes over what the manager says; results nobody asks for any more are forgotten later. */
  void know(SortedMap<ServiceId, ServiceRecord> current) {
    records = current;
    failedStarts.keySet().retainAll(current.keySet());
  }

  /** Queues what the manager wants of this node and nobody has answered yet. */
  void queue() {
    records.forEach(
        (sid, record) -> {
          boolean here = world.node().equals(record.node());
          boolean answered =
              results.containsKey(record.uid()) && record.state() != ServiceState.STOPPED;
          if (here && record.uid() != null && isWork(record.state()) && !answered) {
            queue(LrmJob.of(sid, record));
          }
        });
  }

  /** Queues a stop for every service of this node, whatever its state. */
  void queueStops() {
    records.forEach(
        (sid, record) -> {
          if (world.node().equals(record.node())) {
            queue(LrmJob.stop(sid));
          }
        });
  }

  private void queue(LrmJob job) {
    if (running.containsKey(job.sid())) {
      return;
    }
    Waiting before = waiting.get(job.sid());
    queued++;
    waiting.put(job.sid(), new Waiting(job, before == null ? queued : before.since()));
  }

  private static boolean isWork(ServiceState state) {
    return switch (state) {
      case RECOVERY, FREEZE, REQUEST_START -> false;
      case REQUEST_START_BALANCE, STARTED, REQUEST_STOP, STOPPED, MIGRATE, RELOCATE, FENCE, ERROR ->
          true;
    };
  }

  /** Lets jobs go on, and begins waiting ones while there are workers for them. */
  void run() {
    if (isEmpty()) {
      return;
    }
    for (RunningJob job : List.copyOf(running.values())) {
      conclude(job, job.goOn());
    }
    SortedMap<ServiceId, ServiceConfig> services = world.services();
    for (LrmJob job : inTurn()) {
      if (maxWorkers > 0 && running.size() >= maxWorkers) {
        return;
      }
      waiting.remove(job.sid());
      RunningJob begun = new RunningJob(job, services.get(job.sid()), world);
      running.put(job.sid(), begun);
      conclude(begun, begun.begin());
    }
  }

  private List<LrmJob> inTurn() {
    List<Waiting> turns = new ArrayList<>(waiting.values());
    if (maxWorkers > 0) {
      turns.sort(Comparator.comparingLong(Waiting::since));
    }
    return turns.stream().map(Waiting::job).toList();
  }

  private void conclude(RunningJob running, OptionalInt code) {
    if (code.isEmpty()) {
      return;
    }
    LrmJob job = running.job();
    this.running.remove(job.sid());
    if (job.uid() == null) {
      stopFailed |= code.getAsInt() != ExitCode.SUCCESS;
      return;
    }
    int answer = applyRestartPolicy(job, code.getAsInt());
    if (answer != ExitCode.RETRY) {
      results.put(job.uid(), new JobResult(job.sid(), job.state(), answer));
    }
    Set<String> asked = new HashSet<>();
    records.values().forEach(record -> asked.add(record.uid()));
    results.keySet().retainAll(asked);
  }

  /** A start that failed is tried again here, until the service's tries are used up. */
  private int applyRestartPolicy(LrmJob job, int code) {
    if (job.state() != ServiceState.STARTED) {
      return code;
    }
    String sid = job.sid().value();
    if (code == ExitCode.SUCCESS) {
      failedStarts.remove(job.sid());
      return code;
    }
    if (code != ExitCode.ERROR) {
      return code;
    }
    int tries = failedStarts.getOrDefault(job.sid(), 0);
    ServiceConfig config = world.services().get(job.sid());
    int allowed = config == null ? 0 : config.maxRestart();
    if (tries >= allowed) {
      say(Level.ERROR, Kind.START_GIVEN_UP, "sid", sid, "retries", tries);
      failedStarts.remove(job.sid());
      return code;
    }
    failedStarts.put(job.sid(), tries + 1);
    say(Level.WARNING, Kind.START_RETRY, "attempt", tries + 1, "sid", sid);
    return ExitCode.RETRY;
  }

  private void say(Level level, Kind kind, Object... pairs) {
    world.emit(HaDaemon.LRM, HaEvent.of(level, kind, pairs));
  }
}
