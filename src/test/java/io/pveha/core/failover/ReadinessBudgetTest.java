package io.pveha.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.ha.HaTimings;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.ServiceId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the question "what if a node died" costs when every guest would be stranded, as processor
 * time: it grows with the guests, and not with their square.
 */
class ReadinessBudgetTest {

  private static final int NODES = 32;
  private static final int FEW = 2000;
  private static final int MANY = 8000;

  /** Why they are stranded. */
  enum Stranding {
    STRICT_RULES(
        (pictures, vmid) ->
            pictures.rule(
                NodeAffinityRule.of(
                    "r" + vmid, List.of(sid(vmid)), new TreeMap<>(Map.of(home(vmid), 0)), true))),
    NO_REPLICAS((pictures, vmid) -> {}),
    KEPT_APART_IN_PAIRS(
        (pictures, vmid) -> {
          if (vmid % 2 == 0) {
            pictures.rule(
                ResourceAffinityRule.of(
                    "a" + vmid, List.of(sid(vmid), sid(vmid + 1)), Affinity.NEGATIVE));
          }
        });

    private final BiConsumer<Pictures, Integer> rules;

    Stranding(BiConsumer<Pictures, Integer> rules) {
      this.rules = rules;
    }
  }

  @ParameterizedTest
  @EnumSource
  void growsWithTheGuests(Stranding why) {
    play(why, 200);
    Duration few = play(why, FEW);
    Duration many = play(why, MANY);
    System.out.printf(
        "Budget of %s, %d nodes: %d guests %d ms, %d guests %d ms%n",
        why, NODES, FEW, few.toMillis(), MANY, many.toMillis());
    assertThat(many).as("%d guests stranded", MANY).isLessThan(Duration.ofSeconds(8));
    assertThat(many.toMillis()).as("growth").isLessThan(10 * Math.max(few.toMillis(), 100));
  }

  private static Duration play(Stranding why, int guests) {
    Pictures pictures = Pictures.threeNodes();
    for (int node = 1; node <= NODES; node++) {
      pictures.node("node" + node, present -> present);
    }
    for (int vmid = 0; vmid < guests; vmid++) {
      pictures.guest(
          sid(vmid),
          LiveGuest.startedOn(home(vmid))
              .withDisks(Pictures.ids("tank"), new TreeMap<>())
              .withFigures(1, 1 << 20, Duration.ofSeconds(2)));
      why.rules.accept(pictures, vmid);
    }
    LiveCluster cluster = pictures.build();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Readiness readiness = Readiness.of(cluster, HaTimings.proxmox());
    long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    assertThat(readiness.ofEach().values().stream().mapToLong(LossForecast::stranded).sum())
        .isEqualTo(guests);
    return Duration.ofNanos(used);
  }

  private static ServiceId sid(int vmid) {
    return ServiceId.of("ct:" + (100 + vmid));
  }

  private static String home(int vmid) {
    return "node" + (vmid % NODES + 1);
  }
}
