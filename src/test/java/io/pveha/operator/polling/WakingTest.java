package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a change wakes. */
class WakingTest {

  private static final ResourceID CLUSTER = new ResourceID("c", "ns");
  private static final ResourceID OTHER_CLUSTER = new ResourceID("other", "ns");

  private final Watchers watchers = new Watchers(Pace.DEFAULT, Clock.systemUTC());
  private final Set<String> rung = new TreeSet<>();
  private final ChangingCluster cluster = new ChangingCluster(1);

  @AfterEach
  void close() {
    watchers.close();
  }

  @Test
  void oneThatCannotBeWokenKeepsNoOtherAsleep() {
    watchers.onWake(
        Watchers.Kind.RESOURCE,
        id -> {
          if (id.getName().equals("broken")) {
            throw new IllegalStateException("no such object");
          }
          rung.add(id.getName());
        });
    for (String name : new String[] {"a", "broken", "c"}) {
      concern(name, CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    }
    watchers.wake(CLUSTER, cluster.seen(), cluster.seen(), Set.of("t"));
    assertThat(rung).containsExactly("a", "c");
  }

  @Test
  void oneThatCannotSayWhomItSelectsIsWokenAndKeepsNoOtherAsleep() {
    tell();
    concern(
        "broken",
        CLUSTER,
        new Concern(
            Set.of(),
            Optional.of(
                guest -> {
                  throw new IllegalStateException("no such tag");
                })));
    for (int vmid = ChangingCluster.FIRST; vmid < ChangingCluster.FIRST + 6; vmid++) {
      concern("g" + vmid, CLUSTER, Concern.of(Set.of(ClusterKey.guestPlace(vmid))));
    }
    while (rung.size() < 7) {
      Observation before = cluster.seen();
      watchers.wake(CLUSTER, before, cluster.next(), Set.of());
    }
    assertThat(rung).contains("broken", "g100", "g105");
  }

  @Test
  void aTaskWakesWhoWaitsForIt() {
    tell();
    concern("waits", CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    concern("waits-for-another", CLUSTER, Concern.of(Set.of(ClusterKey.task("u"))));
    concern("elsewhere", OTHER_CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    watchers.wake(CLUSTER, cluster.seen(), cluster.seen(), Set.of("t"));
    assertThat(rung).containsExactly("waits");
  }

  @Test
  void whatIsReadNoMoreWakesNoMore() {
    tell();
    concern("moved", CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    concern("moved", OTHER_CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    concern("reads-another", CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    concern("reads-another", CLUSTER, Concern.of(Set.of(ClusterKey.task("u"))));
    concern("gone", CLUSTER, Concern.of(Set.of(ClusterKey.task("t"))));
    watchers.unconcern(Watchers.Kind.RESOURCE, new ResourceID("gone", "ns"));
    watchers.wake(CLUSTER, cluster.seen(), cluster.seen(), Set.of("t"));
    assertThat(rung).isEmpty();
    watchers.wake(OTHER_CLUSTER, cluster.seen(), cluster.seen(), Set.of("t"));
    assertThat(rung).containsExactly("moved");
  }

  @Test
  void allAreWokenWhenTheClusterComesIntoSight() {
    tell();
    concern("one", CLUSTER, Concern.of(Set.of()));
    concern("elsewhere", OTHER_CLUSTER, Concern.of(Set.of()));
    watchers.wake(CLUSTER, Observation.NONE, cluster.seen(), Set.of());
    assertThat(rung).containsExactly("one");
  }

  private void tell() {
    watchers.onWake(Watchers.Kind.RESOURCE, id -> rung.add(id.getName()));
  }

  private void concern(String name, ResourceID of, Concern concern) {
    watchers.concern(Watchers.Kind.RESOURCE, new ResourceID(name, "ns"), of, concern);
  }
}
