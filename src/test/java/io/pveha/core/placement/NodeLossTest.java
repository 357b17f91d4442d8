package io.pveha.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.placement.NodeLoss.Recovery;
import io.pveha.core.placement.NodeSelection.Verdict;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeLossTest {

  private static final Set<String> NODES = new TreeSet<>(List.of("n1", "n2", "n3"));
  private final TreeMap<ServiceId, String> services = new TreeMap<>();

  private static ServiceId id(int number) {
    return ServiceId.of("vm:" + number);
  }

  private NodeLoss loss(HaRule... rules) {
    return NodeLoss.of(
        services,
        NODES,
        CompiledRules.compile(List.of(rules), NODES),
        SchedulerMode.BASIC,
        LoadFigures.NONE);
  }

  @Test
  void spreadsTheServicesOfALostNodeOverTheOthers() {
    services.put(id(1), "n3");
    services.put(id(2), "n3");
    services.put(id(3), "n1");

    assertThat(loss().of(List.of("n3")))
        .extracting(Recovery::sid, recovery -> recovery.answer().node())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(id(1), "n2"),
            org.assertj.core.groups.Tuple.tuple(id(2), "n1"));
  }

  @Test
  void strandsWhatNoOtherNodeMayTakeAndSaysWhy() {
    services.put(id(1), "n3");
    services.put(id(2), "n1");
    services.put(id(3), "n2");
    HaRule apart =
        ResourceAffinityRule.of("apart", List.of(id(1), id(2), id(3)), Affinity.NEGATIVE);

    assertThat(loss(apart).of(List.of("n3")))
        .singleElement()
        .satisfies(
            recovery -> {
              assertThat(recovery.isStranded()).isTrue();
              assertThat(recovery.answer().verdicts())
                  .containsEntry("n1", Verdict.KEPT_APART)
                  .containsEntry("n2", Verdict.KEPT_APART);
            });
  }

  @Test
  void asksWhetherANodeCouldRunTheServiceAtAll() {
    services.put(id(1), "n1");
    NodeLoss loss =
        new NodeLoss(
            services,
            NODES,
            CompiledRules.NONE,
            SchedulerMode.BASIC,
            LoadFigures.NONE,
            (sid, node) -> node.equals("n3"));
    assertThat(loss.ofEach().get("n1"))
        .singleElement()
        .satisfies(recovery -> assertThat(recovery.answer().node()).isEqualTo("n3"));
    assertThat(loss.ofEach().get("n2")).isEmpty();
  }
}
