package io.pveha.operator.pool;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.polling.WakingCheck;
import io.pveha.operator.polling.WakingCheck.Subject;
import io.pveha.operator.polling.Watchers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a ZfsPool reads of a cluster, and what wakes it. */
class PoolWakingTest {

  @Test
  void nobodySleepsThroughWhatItReads() {
    WakingCheck.nobodySleepsThrough(
        Watchers.Kind.POOL,
        Stream.of(pool("tank", "n1", "n2"), pool("rpool", "n3"), pool("other", "n4"))
            .map(
                wanted ->
                    new Subject(
                        wanted.name(),
                        PoolReconciler.CONCERN,
                        facts -> PoolFactsReader.of(wanted, facts)))
            .toList());
  }

  private static WantedPool pool(String name, String... nodes) {
    return new WantedPool(
        name,
        "single",
        Stream.of(nodes)
            .map(
                node ->
                    new WantedPool.Node(new NodeName(node), List.of("/dev/sdb"), Optional.empty()))
            .toList(),
        12,
        "on",
        Optional.empty(),
        new WantedPool.Storage(
            name, List.of("images"), true, Optional.empty(), Optional.empty(), false));
  }
}
