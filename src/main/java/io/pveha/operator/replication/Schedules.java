package io.pveha.operator.replication;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.core.replication.ScheduleRuns;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.ReplicationCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Has Proxmox itself read schedules, once each. */
final class Schedules {

  /** As many as the call names at once. */
  private static final int RUNS = 100;

  private static final int MOST_REMEMBERED = 1000;

  private record Asked(ResourceID cluster, String schedule) {}

  private final Map<Asked, ScheduleAnswer> known = new ConcurrentHashMap<>();

  ScheduleAnswer read(ResourceID cluster, String schedule, ClusterWatcher watcher, Instant now) {
    Asked asked = new Asked(cluster, schedule);
    ScheduleAnswer words = known.get(asked);
    if (words == null) {
      words = ask(schedule, watcher, now);
      if (!words.equals(ScheduleAnswer.UNKNOWN) && known.size() < MOST_REMEMBERED) {
        known.put(asked, words);
      }
    }
    return words;
  }

  private static ScheduleAnswer ask(String schedule, ClusterWatcher watcher, Instant now) {
    try {
      ReplicationCalls calls = new ReplicationCalls(watcher.quorateMembers());
      List<Instant> runs = calls.nextRuns(schedule, RUNS).get();
      List<Duration> waits = new ArrayList<>();
      for (Instant moment : ScheduleRuns.momentsToAsk(runs, now)) {
        calls.nextRuns(schedule, moment, 1).get().stream()
            .findFirst()
            .ifPresent(next -> waits.add(Duration.between(moment, next)));
      }
      Optional<Duration> gap = ScheduleRuns.longestGap(runs, waits);
      return gap.isPresent()
          ? new ScheduleAnswer(gap, Optional.empty())
          : refused(
              "spec.schedule: %s has %s; replication needs a schedule that comes again."
                  .formatted(
                      schedule,
                      runs.isEmpty() ? "no run ahead" : "one run ahead only, at " + runs.get(0)));
    } catch (ProxmoxFailure.BadRequest | ProxmoxFailure.Refused refused) {
      return refused(
          "spec.schedule: Proxmox does not understand %s: %s"
              .formatted(schedule, refused.getMessage()));
    } catch (ProxmoxFailure unknown) {
      return ScheduleAnswer.UNKNOWN;
    }
  }

  private static ScheduleAnswer refused(String words) {
    return new ScheduleAnswer(Optional.empty(), Optional.of(words));
  }
}
