package io.pveha.operator;

import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.world.NodeHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A client that wants a guest's page ten times a second of virtual time, and remembers when it had
 * none. It is an event of the simulated world, so that it misses nothing while calls wait.
 */
final class GuestWatch {

  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** A time without answers; still going on when there is no end. */
  record Outage(Instant from, Instant to) {
    Duration length() {
      return Duration.between(from, to);
    }

    @Override
    public String toString() {
      return "%.1f s from %s".formatted(length().toMillis() / 1000.0, from);
    }
  }

  /** Where the guest was seen, and since when. */
  record Seen(Instant since, String node) {}

  private final SimulatedCluster simulator;
  private final int vmid;
  private final List<Outage> outages = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private Instant lastAnswer;
  private boolean silent;
  private boolean ended;

  GuestWatch(SimulatedCluster simulator, int vmid) {
    this.simulator = simulator;
    this.vmid = vmid;
    this.lastAnswer = simulator.virtualClock().now();
    look();
  }

  private void look() {
    if (ended) {
      return;
    }
    Instant now = simulator.virtualClock().now();
    List<String> nodes =
        simulator.world().nodes().stream()
            .filter(
                node ->
                    node.isUp()
                        && simulator.world().network().isConnected(node.name())
                        && node.guests().answers(vmid))
            .map(NodeHost::name)
            .toList();
    if (nodes.isEmpty()) {
      silent = true;
    } else {
      if (silent) {
        outages.add(new Outage(lastAnswer, now));
        silent = false;
      }
      lastAnswer = now;
      String there = String.join("+", nodes);
      if (seen.isEmpty() || !seen.get(seen.size() - 1).node().equals(there)) {
        seen.add(new Seen(now, there));
      }
    }
    simulator.virtualClock().schedule(INTERVAL, this::look);
  }

  void end() {
    ended = true;
  }

  boolean answers() {
    return !silent;
  }

  /** Times without an answer, the last one also when it still goes on. */
  List<Outage> outages() {
    List<Outage> all = new ArrayList<>(outages);
    if (silent) {
      all.add(new Outage(lastAnswer, simulator.virtualClock().now()));
    }
    return all;
  }

  /** How long it was away in all. */
  Duration away() {
    return outages().stream().map(Outage::length).reduce(Duration.ZERO, Duration::plus);
  }

  /** Nodes on which it answered, in that order. */
  List<String> nodes() {
    return seen.stream().map(Seen::node).collect(Collectors.toList());
  }
}
