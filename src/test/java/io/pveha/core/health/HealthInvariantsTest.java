package io.pveha.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What must hold whatever happens to the nodes, in whatever order. */
class HealthInvariantsTest {

  private static final List<NodeConditionType> ACTED_ON =
      List.of(
          NodeConditionType.POOLS_USABLE,
          NodeConditionType.STORAGE_ACTIVE,
          NodeConditionType.DISKS_HEALTHY,
          NodeConditionType.LINKS_UP);
  private static final int LOOKS = 200;

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void guardsHoldWhateverHappens(@ForAll long seed) {
    Random random = new Random(seed);
    HealthFixture ward = new HealthFixture(1 + random.nextInt(7));
    ward.deviceVotes = random.nextInt(2);
    for (int look = 0; look < LOOKS; look++) {
      happen(ward, random);
      Set<NodeName> treatedBefore = new HashSet<>(ward.treated());

      ward.pass(1 + random.nextInt(60)).look();

      Set<NodeName> begun = new TreeSet<>(ward.treated());
      begun.removeAll(treatedBefore);
      assertThat(treatedFurther(ward)).as("seed %d, look %d", seed, look).hasSizeLessThan(2);
      if (!begun.isEmpty()) {
        assertThat(ward.unsure).as("seed %d, look %d", seed, look).isEmpty();
        assertThat(ward.paused).as("seed %d, look %d", seed, look).isEmpty();
        assertThat(ward.quorate).as("seed %d, look %d", seed, look).isTrue();
        assertThat(ward.memory.quietUntil()).as("seed %d, look %d", seed, look).isEmpty();
        assertThat(healthyBeside(ward, begun))
            .as("seed %d, look %d", seed, look)
            .isGreaterThanOrEqualTo(ward.settings().minHealthy(ward.conditions.size()));
      }
      for (NodeName node : treatedBefore) {
        assertThat(ward.treated().contains(node) || wellFor(ward, node))
            .as("seed %d, look %d, %s", seed, look, node)
            .isTrue();
      }
    }
  }

  /** A new operator with the saved memory decides as the old one would have. */
  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void decidingAgainAtTheSameMomentChangesNothing(@ForAll long seed) {
    Random random = new Random(seed);
    HealthFixture ward = new HealthFixture(1 + random.nextInt(7));
    for (int look = 0; look < LOOKS; look++) {
      happen(ward, random);
      ward.pass(1 + random.nextInt(60)).look();

      HealthDecision again =
          HealthDecision.decide(ward.view(), ward.settings(), ward.memory, ward.now);

      assertThat(again.memory()).as("seed %d, look %d", seed, look).isEqualTo(ward.memory);
    }
  }

  private static void happen(HealthFixture ward, Random random) {
    int nodes = ward.conditions.size();
    int node = 1 + random.nextInt(nodes);
    switch (random.nextInt(12)) {
      case 0 -> ward.online(node, random.nextBoolean());
      case 1 -> ward.unsure = random.nextInt(3) > 0 ? Optional.empty() : Optional.of("unsure");
      case 2 -> ward.quorate = random.nextInt(3) > 0;
      case 3 -> ward.paused = random.nextInt(3) > 0 ? List.of() : List.of("paused");
      case 4 -> {
        if (!ward.maintenance.remove(HealthFixture.node(node))) {
          ward.maintenance.add(HealthFixture.node(node));
        }
      }
      case 5 ->
          ward.set(
              node,
              ACTED_ON.get(random.nextInt(ACTED_ON.size())),
              Belief.values()[random.nextInt(3)]);
      case 6, 7 -> ward.set(node, ACTED_ON.get(random.nextInt(ACTED_ON.size())), Belief.NO);
      default -> ACTED_ON.forEach(type -> ward.set(node, type, Belief.YES));
    }
  }

  /** A cordon takes no guest away, and may last until a disk is replaced. */
  private static List<NodeName> treatedFurther(HealthFixture ward) {
    return ward.treated().stream()
        .filter(node -> ward.memory.treatment(node).orElseThrow().action() != HealthAction.CORDON)
        .toList();
  }

  private static long healthyBeside(HealthFixture ward, Set<NodeName> begun) {
    return ward.view().nodes().stream()
        .filter(node -> !begun.contains(node.name()))
        .filter(node -> node.online() == Belief.YES && !node.maintenance())
        .filter(
            node ->
                ACTED_ON.stream()
                    .filter(type -> type != NodeConditionType.LINKS_UP)
                    .noneMatch(
                        type -> node.condition(type.text()).orElseThrow().status() == Belief.NO))
        .count();
  }

  private static boolean wellFor(HealthFixture ward, NodeName node) {
    return ward.memory
        .treatment(node)
        .flatMap(HealthMemory.Treatment::healthySince)
        .filter(since -> !since.plus(Duration.ofSeconds(300)).isAfter(ward.now))
        .isPresent();
  }
}
