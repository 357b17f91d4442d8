package io.pveha.operator.replication;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.ReplicationCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Has Proxmox itself read schedules, once each. */
final class Schedules {

  private static final int RUNS = 10;
  private static final int MOST_REMEMBERED = 1000;

  private record Asked(ResourceID cluster, String schedule) {}

  private final Map<Asked, ScheduleWords> known = new ConcurrentHashMap<>();

  ScheduleWords read(ResourceID cluster, String schedule, ClusterWatcher watcher) {
    Asked asked = new Asked(cluster, schedule);
    ScheduleWords words = known.get(asked);
    if (words == null) {
      words = ask(schedule, watcher);
      if (!words.equals(ScheduleWords.UNKNOWN) && known.size() < MOST_REMEMBERED) {
        known.put(asked, words);
      }
    }
    return words;
  }

  private static ScheduleWords ask(String schedule, ClusterWatcher watcher) {
    try {
      List<Instant> runs = new ReplicationCalls(watcher.quorateMembers()).nextRuns(schedule, RUNS);
      Duration longest = Duration.ZERO;
      for (int i = 1; i < runs.size(); i++) {
        Duration gap = Duration.between(runs.get(i - 1), runs.get(i));
        longest = gap.compareTo(longest) > 0 ? gap : longest;
      }
      return new ScheduleWords(
          runs.size() > 1 ? Optional.of(longest) : Optional.empty(), Optional.empty());
    } catch (ProxmoxFailure.BadRequest | ProxmoxFailure.Refused refused) {
      return new ScheduleWords(
          Optional.empty(),
          Optional.of(
              "spec.schedule: Proxmox does not understand %s: %s"
                  .formatted(schedule, refused.getMessage())));
    } catch (ProxmoxFailure unknown) {
      return ScheduleWords.UNKNOWN;
    }
  }
}
