package io.pveha.core.failover;

import io.pveha.core.failover.GuestForecast.Doubt;
import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.failover.GuestForecast.Stranded;
import io.pveha.core.ha.HaTimings;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceState;
import io.pveha.core.ha.UsedNodes;
import io.pveha.core.placement.ClusterUsage;
import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.NodeSelection;
import io.pveha.core.placement.NodeSelection.Answer;
import io.pveha.core.placement.NodeSelection.Preference;
import io.pveha.core.placement.NodeSelection.Question;
import io.pveha.core.placement.ServiceId;
import io.pveha.core.placement.ServicePlace;
import io.pveha.core.plan.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Plays what manager and agents would do after nodes died:
 *
 * <ol>
 *   <li>in one round every guest of them gets a node, in order of the ids, by rules and score, each
 *       seeing the ones before;
 *   <li>the agents start them; what can't start there fails, restarts included;
 *   <li>the manager relocates a failed one, up to its limit. That works for one whose disks are on
 *       the node where it failed, and takes them along; the others end in the error state.
 * </ol>
 */
final class LossPlay {

  private final LiveCluster cluster;
  private final CompiledRules rules;
  private final HaTimings timings;
  private final SortedSet<String> lost;
  private final FenceTimes times;
  private final ClusterUsage usage;
  private final RemedyChoice remedies;
  private final StartQueue starts;
  private final Map<String, Long> freeMemory = new HashMap<>();
  private final SortedMap<ServiceId, GuestForecast> forecasts = new TreeMap<>();

  LossPlay(
      LiveCluster cluster,
      CompiledRules rules,
      RuleIndex index,
      LoadFigures figures,
      HaTimings timings,
      SortedSet<String> lost) {
    this.cluster = cluster;
    this.rules = rules;
    this.timings = timings;
    this.lost = lost;
    this.times = FenceTimes.of(timings, cluster.master().filter(lost::contains).isPresent());
    SortedSet<String> candidates = cluster.candidates(lost);
    this.usage = new ClusterUsage(cluster.scheduler(), candidates, figures);
    this.remedies = new RemedyChoice(cluster, index, lost, this::freeMemory);
    this.starts = new StartQueue(timings.maxWorkers());
    for (String node : candidates) {
      cluster.nodes().get(node).freeMemoryBytes().ifPresent(bytes -> freeMemory.put(node, bytes));
    }
  }

  LossForecast play() {
    boolean quorate = cluster.votesWithout(lost) >= cluster.votesNeeded();
    if (!quorate || !cluster.armed()) {
      strandAll(quorate);
    } else {
      cluster.guests().forEach(this::use);
      Map<ServiceId, Answer> waiting = new LinkedHashMap<>();
      cluster.guests().forEach((sid, guest) -> place(sid, guest, waiting));
      List<ServiceId> failed = new ArrayList<>();
      waiting.forEach((sid, answer) -> start(sid, answer, failed));
      failed.forEach(sid -> relocate(sid, waiting.get(sid)));
    }
    return new LossForecast(lost, quorate, times, List.copyOf(forecasts.values()));
  }

  private OptionalLong freeMemory(String node) {
    Long bytes = freeMemory.get(node);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  private void use(ServiceId sid, LiveGuest guest) {
    ServicePlace place = UsedNodes.of(guest.record()).among(usage.nodes());
    boolean confirmed = place.confirmed() && place.current() != null;
    usage.place(sid, new ServicePlace(place.current(), place.target(), confirmed));
  }

  /** Without quorum every node resets itself, so the guests of all nodes go down. */
  private void strandAll(boolean quorate) {
    Remedy remedy = quorate ? remedies.arm() : remedies.addVotes();
    StrandedReason reason = quorate ? StrandedReason.HA_DISARMED : StrandedReason.QUORUM_LOST;
    String sentence =
        quorate
            ? "the HA stack is disarmed"
            : "%s left and %d %s needed, so every node stops its HA guests"
                .formatted(
                    votesLeft(), cluster.votesNeeded(), cluster.votesNeeded() == 1 ? "is" : "are");
    cluster
        .guests()
        .forEach(
            (sid, guest) -> {
              if (lost.contains(guest.node())
                  || !quorate && guest.requested() == RequestedState.STARTED) {
                leave(sid, guest, reason, remedy, sentence);
              }
            });
  }

  private String votesLeft() {
    int left = cluster.votesWithout(lost);
    return left == 0
        ? "no vote is"
        : "%d of %s %s"
            .formatted(left, Count.of(cluster.expectedVotes(), "vote"), left == 1 ? "is" : "are");
  }

  private void place(ServiceId sid, LiveGuest guest, Map<ServiceId, Answer> waiting) {
    if (!lost.contains(guest.node())) {
      return;
    }
    if (guest.state() == ServiceState.ERROR) {
      leave(
          sid,
          guest,
          StrandedReason.IN_ERROR,
          remedies.clearError(sid),
          "it is in the error state");
    } else if (guest.state() == ServiceState.FREEZE) {
      leave(
          sid,
          guest,
          StrandedReason.FROZEN,
          remedies.restartAgent(guest.node()),
          "it is frozen while the LRM of %s restarts".formatted(guest.node()));
    } else if (guest.requested() == RequestedState.DISABLED) {
      staysStopped(sid, guest, Optional.empty());
    } else if (guest.requested() == RequestedState.STARTED && cluster.doubts().containsKey(sid)) {
      Doubt doubt = new Doubt(Doubt.Cause.RULE, cluster.doubts().get(sid));
      unknown(sid, guest, Optional.empty(), List.of(), doubt);
    } else {
      recover(sid, guest, waiting);
    }
  }

  private void recover(ServiceId sid, LiveGuest guest, Map<ServiceId, Answer> waiting) {
    Answer answer = select(sid, guest, guest.node(), Preference.BEST, guest.failedNodes());
    if (answer.node() != null) {
      usage.place(sid, new ServicePlace(answer.node(), null, false));
    }
    if (guest.requested() != RequestedState.STARTED) {
      staysStopped(sid, guest, Optional.ofNullable(answer.node()));
    } else if (answer.node() == null) {
      RemedyChoice.Choice choice = remedies.nowhere(sid, guest, answer, usage);
      strand(
          sid,
          guest,
          Optional.empty(),
          List.of(),
          new Stranded(
              choice.reason(), Ending.WAITS_FOR_A_NODE, choice.remedy(), choice.sentence()));
    } else {
      waiting.put(sid, answer);
    }
  }

  private Answer select(
      ServiceId sid, LiveGuest guest, String node, Preference preference, List<String> failed) {
    Question question =
        new Question(sid, node, preference, true, failed, guest.maintenanceNode().orElse(null));
    return NodeSelection.explain(question, usage, rules);
  }

  private void start(ServiceId sid, Answer answer, List<ServiceId> failed) {
    LiveGuest guest = cluster.guests().get(sid);
    String node = answer.node();
    if (!Obstacle.of(guest, node, cluster, freeMemory(node)).isEmpty()) {
      failed.add(sid);
      return;
    }
    recovered(
        sid, guest, node, List.of(), Obstacle.pointOn(guest, node, cluster), times.firstStart());
  }

  private void relocate(ServiceId sid, Answer first) {
    LiveGuest guest = cluster.guests().get(sid);
    String node = first.node();
    List<Obstacle> obstacles = Obstacle.of(guest, node, cluster, freeMemory(node));
    if (obstacles.isEmpty()) {
      // Can't be: memory only gets less. Kept so that a recovered guest is never called stranded.
      start(sid, first, new ArrayList<>());
      return;
    }
    boolean movable = obstacles.stream().allMatch(o -> o.reason() == StrandedReason.NO_MEMORY);
    List<String> failed = new ArrayList<>(guest.failedNodes());
    List<String> tried = new ArrayList<>(List.of(node));
    failed.add(node);
    while (movable && failed.size() <= guest.maxRelocate()) {
      String next = select(sid, guest, node, Preference.NEXT, failed).node();
      boolean stays = next == null || next.equals(node);
      if (!stays && lacksStorage(guest, next)) {
        break; // the move itself fails
      }
      if (!stays) {
        node = next;
        usage.place(sid, new ServicePlace(node, null, false));
        if (Obstacle.onMove(guest, node, cluster, freeMemory(node)).isEmpty()) {
          Duration ready = times.firstStart().plus(failedStart(guest).multipliedBy(tried.size()));
          recovered(sid, guest, node, tried, Obstacle.pointOn(guest, first.node(), cluster), ready);
          return;
        }
        tried.add(node);
      }
      failed.add(node);
    }
    RemedyChoice.Choice choice = remedies.cannotStart(sid, guest, first, obstacles);
    strand(
        sid,
        guest,
        Optional.of(node),
        tried,
        new Stranded(choice.reason(), Ending.ENDS_IN_ERROR, choice.remedy(), choice.sentence()));
  }

  private boolean lacksStorage(LiveGuest guest, String node) {
    return Obstacle.onMove(guest, node, cluster, OptionalLong.empty()).stream()
        .anyMatch(obstacle -> obstacle.reason() == StrandedReason.NO_STORAGE);
  }

  /** The agent tries again each round, then the manager chooses, then the agent moves it. */
  private static Duration failedStart(LiveGuest guest) {
    return FenceTimes.ROUND.multipliedBy(guest.maxRestart() + 2L).plus(guest.boot());
  }

  private void recovered(
      ServiceId sid,
      LiveGuest guest,
      String node,
      List<String> tried,
      RecoveryPoint point,
      Duration ready) {
    freeMemory.computeIfPresent(node, (n, bytes) -> bytes - guest.memoryBytes());
    Duration serves = starts.start(node, ready, guest.boot());
    Optional<Doubt> doubt = doubt(guest, node);
    if (doubt.isPresent()) {
      unknown(sid, guest, Optional.of(node), tried, doubt.get());
      return;
    }
    forecasts.put(
        sid,
        new GuestForecast(
            sid,
            guest.node(),
            Outcome.RECOVERED,
            Optional.of(node),
            tried,
            Optional.of(point),
            Optional.of(serves),
            Optional.empty(),
            Optional.empty()));
  }

  private void staysStopped(ServiceId sid, LiveGuest guest, Optional<String> node) {
    forecasts.put(
        sid,
        new GuestForecast(
            sid,
            guest.node(),
            Outcome.STAYS_STOPPED,
            node,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** Whether it starts there is known only if all is known that the start needs. */
  private static Optional<Doubt> doubt(LiveGuest guest, String node) {
    if (guest.bonds().isEmpty()) {
      return Optional.of(
          new Doubt(
              Doubt.Cause.CONFIGURATION,
              "its configuration on " + guest.node() + " is not read yet."));
    }
    return guest.bonds().get().stream()
        .filter(bond -> bond.leavesOpen(node))
        .findFirst()
        .map(bond -> new Doubt(Doubt.Cause.NODE, bond.caution(node)));
  }

  private void unknown(
      ServiceId sid, LiveGuest guest, Optional<String> node, List<String> tried, Doubt doubt) {
    forecasts.put(
        sid,
        new GuestForecast(
            sid,
            guest.node(),
            Outcome.UNKNOWN,
            node,
            tried,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(doubt)));
  }

  private void leave(
      ServiceId sid, LiveGuest guest, StrandedReason reason, Remedy remedy, String sentence) {
    if (guest.requested() != RequestedState.STARTED) {
      staysStopped(sid, guest, Optional.empty());
      return;
    }
    Stranded stranded = new Stranded(reason, Ending.LEFT_ALONE, remedy, sentence);
    strand(sid, guest, Optional.empty(), List.of(), stranded);
  }

  private void strand(
      ServiceId sid,
      LiveGuest guest,
      Optional<String> node,
      List<String> tried,
      Stranded stranded) {
    forecasts.put(
        sid,
        new GuestForecast(
            sid,
            guest.node(),
            Outcome.STRANDED,
            node,
            tried,
            Optional.empty(),
            Optional.empty(),
            Optional.of(stranded),
            Optional.empty()));
  }
}
