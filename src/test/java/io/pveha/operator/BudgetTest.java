package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the operator costs with many guests: processor time of its own threads, in virtual time, and
 * what it asks, writes and tells. Every figure is printed. The limits are generous multiples of
 * what was measured, since machines are slow and busy; what they hold is how costs grow: a list
 * that is looked through for each object of another one costs a hundred times as much.
 */
class BudgetTest {

  /** Loggers that nobody keeps are forgotten with their levels. */
  private static final Logger EVENTS = Logger.getLogger("io.pveha.operator.status.Transitions");

  private static final int TRIES = 5;

  @BeforeAll
  static void tellNoEvents() {
    EVENTS.setLevel(Level.WARNING);
  }

  @AfterAll
  static void tellEvents() {
    EVENTS.setLevel(null);
  }

  @Test
  void oneLargeCluster() {
    try (BudgetStage stage = new BudgetStage()) {
      SyntheticProxmox cluster = stage.cluster(32, 2000);
      Duration start = start(stage);
      assertAllReady(stage, 1, 2000);
      int requests = cluster.requests();
      int writes = stage.api.writes();
      Duration before = BudgetStage.used();
      stage.pass(Duration.ofSeconds(30));
      Duration halfMinute = BudgetStage.used().minus(before);
      requests = cluster.requests() - requests;
      writes = stage.api.writes() - writes;
      Duration round = round(stage, cluster);
      List<Duration> changes = new ArrayList<>();
      List<Duration> consequences = new ArrayList<>();
      for (int vmid = SyntheticProxmox.FIRST; vmid < SyntheticProxmox.FIRST + TRIES; vmid++) {
        cluster.status(vmid, "stopped");
        changes.add(stage.round(cluster).minus(round));
        assertThat(stage.due())
            .as("woken by a change of guest %d", vmid)
            .containsExactlyInAnyOrder("ProxmoxCluster c1", "HaResource g" + vmid);
        consequences.add(reconcile(stage));
      }
      stage.wake(HaResource.class);
      Duration resources = reconcile(stage);
      stage.wake(ReplicationJob.class);
      Duration replications = reconcile(stage);
      String scrape = stage.scrape();
      long series = scrape.lines().filter(line -> !line.startsWith("#")).count();
      System.out.printf(
          """
          Budget of 32 nodes, 2000 guests, 2000 HaResources and 2000 ReplicationJobs:
            from the start to all Ready    %6d ms
            half a minute at rest          %6d ms, %d API calls, %d writes to Kubernetes
            a membership round at rest     %6.1f ms
            a change: telling whom it wakes%6.1f ms, 2 objects woken
            a change: reconciling these    %6.1f ms
            resync of all HaResources      %6d ms
            resync of all ReplicationJobs  %6d ms
            largest status                 %6d bytes, %d of them readiness (HaResource %d, ReplicationJob %d)
            metrics                        %6d series, %d bytes
          """,
          start.toMillis(),
          halfMinute.toMillis(),
          requests,
          writes,
          millis(round),
          millis(median(changes)),
          millis(median(consequences)),
          resources.toMillis(),
          replications.toMillis(),
          stage.largest(ProxmoxCluster.class),
          stage.readinessBytes(),
          stage.largest(HaResource.class),
          stage.largest(ReplicationJob.class),
          series,
          scrape.length());
      assertThat(stage.failures()).isEmpty();
      assertThat(start).as("start").isLessThan(Duration.ofSeconds(120));
      assertThat(halfMinute).as("half a minute at rest").isLessThan(Duration.ofSeconds(60));
      assertThat(round).as("round").isLessThan(Duration.ofMillis(400));
      assertThat(median(changes)).as("change").isLessThan(Duration.ofMillis(100));
      assertThat(median(consequences)).as("reconciling").isLessThan(Duration.ofMillis(1500));
      assertThat(resources).as("resync of HaResources").isLessThan(Duration.ofSeconds(20));
      assertThat(replications).as("resync of ReplicationJobs").isLessThan(Duration.ofSeconds(20));
      assertThat(stage.largest(ProxmoxCluster.class)).as("status").isLessThan(200_000);
      assertThat(stage.readinessBytes()).as("readiness in status").isLessThan(32_000);
      assertThat(requests).as("API calls in half a minute").isLessThan(4_500);
      assertThat(writes).as("writes at rest").isLessThan(50);
      assertThat(series).as("series").isLessThan(9_000);
      assertThat(scrape.length()).as("bytes of a scrape").isLessThan(1_000_000);
    }
  }

  @Test
  void tenSmallClusters() {
    try (BudgetStage stage = new BudgetStage()) {
      for (int i = 0; i < 10; i++) {
        stage.cluster(3, 50);
      }
      Duration start = start(stage);
      assertAllReady(stage, 10, 500);
      SyntheticProxmox cluster = stage.clusters.get(4);
      Duration round = round(stage, cluster);
      List<Duration> changes = new ArrayList<>();
      for (int vmid = SyntheticProxmox.FIRST; vmid < SyntheticProxmox.FIRST + TRIES; vmid++) {
        cluster.status(vmid, "stopped");
        changes.add(stage.round(cluster).minus(round));
        assertThat(stage.due())
            .as("woken by a change of guest %d", vmid)
            .containsExactlyInAnyOrder("ProxmoxCluster c5", "HaResource g" + vmid);
        reconcile(stage);
      }
      System.out.printf(
          """
          Budget of 10 clusters of 3 nodes and 50 guests:
            from the start to all Ready    %6d ms
            a membership round at rest     %6.1f ms
            a change: telling whom it wakes%6.1f ms, 2 objects woken
          """,
          start.toMillis(), millis(round), millis(median(changes)));
      assertThat(stage.failures()).isEmpty();
      assertThat(start).as("start").isLessThan(Duration.ofSeconds(60));
      assertThat(median(changes)).as("change").isLessThan(Duration.ofMillis(20));
    }
  }

  private static Duration start(BudgetStage stage) {
    Duration before = BudgetStage.used();
    stage.start();
    stage.pass(Duration.ofSeconds(25));
    return BudgetStage.used().minus(before);
  }

  private static void assertAllReady(BudgetStage stage, int clusters, int guests) {
    assertThat(stage.ready(ProxmoxCluster.class)).isEqualTo(clusters);
    assertThat(stage.ready(HaResource.class)).isEqualTo(guests);
    assertThat(stage.ready(ReplicationJob.class)).isEqualTo(guests);
  }

  /** Asking for guests and membership when nothing has changed. */
  private static Duration round(BudgetStage stage, SyntheticProxmox cluster) {
    List<Duration> rounds = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      rounds.add(stage.round(cluster));
    }
    return median(rounds);
  }

  private static Duration reconcile(BudgetStage stage) {
    Duration before = BudgetStage.used();
    stage.reconcile();
    return BudgetStage.used().minus(before);
  }

  private static Duration median(List<Duration> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
