package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolName;
import io.pveha.core.cluster.StorageId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Signals of a node in perfect health, to be spoilt one by one. */
record Signals(NodeSignals signals, Instant now) {

  static final long GIB = 1L << 30;

  static Signals of(String name, Instant now) {
    NodeName node = new NodeName(name);
    return new Signals(
        new NodeSignals(
            node,
            Optional.empty(),
            Belief.YES,
            Optional.of(new Heartbeat(1, now.minusSeconds(5), now, true)),
            Optional.of("online"),
            false,
            new NodeFacts(
                Fact.told(List.of(new NodeFacts.Pool(new PoolName("tank"), "ONLINE")), node, now),
                Fact.told(List.of(new NodeFacts.Service("corosync", true, "running")), node, now),
                Fact.told(List.of(storage("tank", true, true)), node, now),
                Fact.told(
                    List.of(new NodeFacts.Link("vmbr0", "bridge", true, true, List.of())),
                    node,
                    now),
                Fact.told(new NodeFacts.Clock(0, 500), node, now),
                Fact.told(new NodeFacts.Load(100 * GIB, 50 * GIB, 100 * GIB, 50 * GIB), node, now),
                Fact.told(
                    List.of(
                        new NodeFacts.Certificate(
                            "pve-ssl.pem", Optional.of(now.plus(Duration.ofDays(300))))),
                    node,
                    now),
                Fact.told(List.of(disk("/dev/sda", true, "PASSED", 97)), node, now)),
            Set.of(new PoolName("tank")),
            Set.of(new StorageId("tank"))),
        now);
  }

  static NodeFacts.Storage untoldStorage(String id, boolean everActive) {
    return new NodeFacts.Storage(new StorageId(id), true, true, Belief.UNKNOWN, everActive);
  }

  static NodeFacts.Storage storage(String id, boolean active, boolean everActive) {
    return new NodeFacts.Storage(
        new StorageId(id), true, true, active ? Belief.YES : Belief.NO, everActive);
  }

  static NodeFacts.Disk disk(String path, boolean inUse, String health, int lifeLeft) {
    return new NodeFacts.Disk(
        path, "SSD 1000", "S1", inUse, Optional.of(health), OptionalInt.of(lifeLeft), false);
  }

  NodeName node() {
    return signals.node();
  }

  Signals facts(UnaryOperator<NodeFacts> change) {
    return new Signals(
        new NodeSignals(
            signals.node(),
            signals.problem(),
            signals.member(),
            signals.agent(),
            signals.haState(),
            signals.maintenance(),
            change.apply(signals.facts()),
            signals.expectedPools(),
            signals.expectedStorages()),
        now);
  }

  Signals pools(NodeFacts.Pool... pools) {
    return facts(facts -> facts.withPools(Fact.told(List.of(pools), node(), now)));
  }

  Signals storages(NodeFacts.Storage... storages) {
    return facts(facts -> facts.withStorages(Fact.told(List.of(storages), node(), now)));
  }

  Signals disks(NodeFacts.Disk... disks) {
    return facts(facts -> facts.withDisks(Fact.told(List.of(disks), node(), now)));
  }

  Signals links(NodeFacts.Link... links) {
    return facts(facts -> facts.withLinks(Fact.told(List.of(links), node(), now)));
  }

  Signals load(long memoryPercent, long rootPercent) {
    return facts(
        facts ->
            facts.withLoad(
                Fact.told(
                    new NodeFacts.Load(
                        100 * GIB, memoryPercent * GIB, 100 * GIB, rootPercent * GIB),
                    node(),
                    now)));
  }

  Signals clock(long aheadMillis) {
    return facts(
        facts -> facts.withClock(Fact.told(new NodeFacts.Clock(aheadMillis, 500), node(), now)));
  }

  Signals with(
      Optional<ConditionReason> problem, Belief member, Optional<Heartbeat> agent, String haState) {
    return new Signals(
        new NodeSignals(
            signals.node(),
            problem,
            member,
            agent,
            Optional.of(haState),
            haState.equals("maintenance"),
            signals.facts(),
            signals.expectedPools(),
            signals.expectedStorages()),
        now);
  }
}
