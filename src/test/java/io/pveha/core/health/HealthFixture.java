package io.pveha.core.health;

import io.pveha.api.v1alpha1.HealthGuard;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.health.HealthView.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Nodes that fall ill and recover, and what is decided about them from look to look. */
final class HealthFixture {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final Map<NodeName, Map<String, Condition>> conditions = new TreeMap<>();
  final Set<NodeName> maintenance = new TreeSet<>();
  final List<HealthMemory.Treatment> begun = new ArrayList<>();
  Optional<String> unsure = Optional.empty();
  boolean quorate = true;
  int deviceVotes;
  List<String> paused = List.of();
  List<HealthRule> rules = HealthRule.DEFAULTS;
  OptionalInt minHealthy = OptionalInt.empty();
  Instant now = START;
  HealthMemory memory = HealthMemory.EMPTY;
  HealthDecision last;

  HealthFixture(int nodes) {
    for (int number = 1; number <= nodes; number++) {
      conditions.put(node(number), new TreeMap<>());
      for (NodeConditionType type : NodeConditionType.values()) {
        boolean goodWhenTrue = NodeCondition.isBad(type, Belief.NO);
        set(number, type, goodWhenTrue ? Belief.YES : Belief.NO);
      }
    }
    now = now.plus(Duration.ofDays(1));
    look();
  }

  static NodeName node(int number) {
    return new NodeName("node" + number);
  }

  HealthFixture set(int number, NodeConditionType type, Belief status) {
    return set(number, type.text(), status);
  }

  HealthFixture set(int number, String type, Belief status) {
    Map<String, Condition> of = conditions.get(node(number));
    Condition before = of.get(type);
    if (before == null || before.status() != status) {
      of.put(type, new Condition(type, status, now, type + " is " + status));
    }
    return this;
  }

  HealthFixture pool(int number, boolean usable) {
    return set(number, NodeConditionType.POOLS_USABLE, usable ? Belief.YES : Belief.NO);
  }

  HealthFixture online(int number, boolean online) {
    return set(number, NodeConditionType.MEMBER, online ? Belief.YES : Belief.NO)
        .set(number, NodeConditionType.REACHABLE, online ? Belief.YES : Belief.NO);
  }

  HealthFixture pass(long seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  HealthFixture look() {
    HealthMemory before = memory;
    last = HealthDecision.decide(view(), settings(), memory, now);
    memory = last.memory();
    memory.treatments().stream()
        .filter(HealthMemory.Treatment::isActive)
        .filter(
            treatment ->
                before
                    .treatment(treatment.node())
                    .filter(former -> former.action() == treatment.action())
                    .isEmpty())
        .forEach(begun::add);
    return this;
  }

  /** Looks every five seconds. */
  HealthFixture watch(long seconds) {
    for (long second = 0; second < seconds; second += 5) {
      pass(5).look();
    }
    return this;
  }

  HealthView view() {
    return new HealthView(
        conditions.entrySet().stream()
            .map(
                entry ->
                    new HealthView.Node(
                        entry.getKey(),
                        entry.getValue().get(NodeConditionType.MEMBER.text()).status(),
                        maintenance.contains(entry.getKey()),
                        1,
                        List.copyOf(entry.getValue().values())))
            .toList(),
        unsure,
        quorate,
        (conditions.size() + deviceVotes) / 2 + 1,
        deviceVotes);
  }

  HealthSettings settings() {
    return new HealthSettings(
        rules,
        minHealthy,
        HealthSettings.DEFAULT_STORM_COOLDOWN,
        HealthSettings.DEFAULT_HEALTHY_DELAY,
        paused);
  }

  List<NodeName> treated() {
    return memory.treatments().stream()
        .filter(HealthMemory.Treatment::isActive)
        .map(HealthMemory.Treatment::node)
        .toList();
  }

  List<HealthGuard> guards() {
    return memory.held().stream().map(HealthMemory.Held::guard).toList();
  }
}
