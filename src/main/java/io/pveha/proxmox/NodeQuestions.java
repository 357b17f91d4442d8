package io.pveha.proxmox;

import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * All questions about one node, put one after the other. Once the node does not answer, the rest is
 * not asked; a refusal, as for a missing privilege, concerns one fact only.
 */
final class NodeQuestions {

  private final NodeName node;
  private final NodeName speaker;
  private final ProxmoxApi api;
  private final Clock clock;
  private Optional<String> silence = Optional.empty();

  /**
   * For one round.
   *
   * @param speaker the node that is asked; another one than {@code node} passes the question on
   * @param api of the speaker
   */
  NodeQuestions(NodeName node, NodeName speaker, ProxmoxApi api, Clock clock) {
    this.node = node;
    this.speaker = speaker;
    this.api = api;
    this.clock = clock;
  }

  /** All but the disks. */
  NodeFacts slow(NodeFacts old) {
    return new NodeFacts(
        ask(old.version(), to -> new ClusterCalls(to).version(node).version()),
        old.disks(),
        ask(old.pools(), to -> SnapshotFacts.pools(new StorageCalls(to).pools(node))),
        ask(old.storages(), to -> SnapshotFacts.standing(new StorageCalls(to).storageStatus(node))),
        ask(old.services(), to -> SnapshotFacts.services(new HealthCalls(to).services(node))),
        ask(old.links(), to -> SnapshotFacts.links(new HealthCalls(to).network(node))),
        ask(old.clock(), this::clockOf),
        ask(old.load(), to -> SnapshotFacts.load(new HealthCalls(to).status(node))),
        ask(old.runs(), to -> SnapshotFacts.runs(new ReplicationCalls(to).status(node))),
        ask(
            old.certificates(),
            to -> SnapshotFacts.certificates(new HealthCalls(to).certificates(node))));
  }

  /** The disks only. */
  NodeFacts disks(NodeFacts old) {
    return new NodeFacts(
        old.version(),
        ask(old.disks(), to -> SnapshotFacts.disks(new StorageCalls(to).disksWithHealth(node))),
        old.pools(),
        old.storages(),
        old.services(),
        old.links(),
        old.clock(),
        old.load(),
        old.runs(),
        old.certificates());
  }

  /** Its time was taken between our question and its answer, and lacks the part of a second. */
  private NodeFacts.Clock clockOf(ProxmoxApi to) {
    Instant asked = clock.instant();
    Instant told = new HealthCalls(to).time(node).plusMillis(500);
    Duration took = Duration.between(asked, clock.instant());
    Instant between = asked.plus(took.dividedBy(2));
    return new NodeFacts.Clock(
        Duration.between(between, told).toMillis() / 1000, took.toSeconds() + 1);
  }

  private <T> Fact<T> ask(Fact<T> former, Function<ProxmoxApi, T> question) {
    Instant now = clock.instant();
    if (silence.isPresent()) {
      return former.failed(now, silence.get());
    }
    Asked<T> asked = Asked.of(() -> question.apply(api));
    silence = asked.hasAnswered() ? Optional.empty() : asked.problem();
    return asked.onto(former, speaker, now);
  }
}
