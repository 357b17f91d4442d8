package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.storage.PoolFacts.Disk;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.CreatePool;
import io.pveha.core.storage.PoolStep.CreateStorage;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PoolPlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");

  private final Map<NodeName, PoolFacts.Node> nodes = new HashMap<>();
  private final Map<NodeName, Boolean> members = new HashMap<>(Map.of(NODE1, true, NODE2, true));
  private Optional<StorageEntry> storage = Optional.empty();

  @Test
  void makesPoolsOnAllNodesAtOnceAndTheStorageAfterwards() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, free("/dev/sdb"));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).hasSize(2).allMatch(step -> step instanceof CreatePool);
    assertThat(plan.later()).hasSize(1).allMatch(step -> step instanceof CreateStorage);
  }

  @Test
  void makesOneStorageForAllNodesWhenTheyHaveThePool() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now())
        .containsExactly(
            new CreateStorage(
                NODE1, wanted().storage(), "tank", new TreeSet<>(List.of("node1", "node2"))));
  }

  @Test
  void isDoneWhenStorageListsAllNodesWithThePool() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("DEGRADED"));
    storage = storageOn("node1", "node2");

    Plan<PoolStep> plan = plan();

    assertThat(plan.isDone()).isTrue();
    assertThat(reasons(plan)).containsExactly(Reason.POOL_DEGRADED);
  }

  @Test
  void extendsAStorageThatLacksANode() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    storage = storageOn("node1");

    assertThat(plan().now())
        .containsExactly(new UpdateStorage("tank", new TreeSet<>(List.of("node1", "node2"))));
  }

  @Test
  void neverTouchesAUsedDiskNorAnyOtherNodeThen() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, used("/dev/sdb", "ext4"));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(Reason.DISK_IN_USE);
    assertThat(plan.findings().get(0).message()).contains("spec.nodes[node2].disks", "ext4");
  }

  @Test
  void namesADiskThatIsNotThere() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, free("/dev/sdc"));

    assertThat(reasons(plan())).containsExactly(Reason.DISK_NOT_FOUND);
  }

  @Test
  void refusesAPoolOfThatNameMadeFromOtherDisks() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(
        NODE2,
        new PoolFacts.Node(
            List.of(disk("/dev/sdb", Optional.empty())),
            Optional.of(new Pool("ONLINE", List.of())),
            Optional.empty()));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(Reason.POOL_NAME_TAKEN);
    assertThat(plan.findings().get(0).message()).contains("spec.poolName");
  }

  @Test
  void refusesAPoolOfThatNameOfAnotherLayout() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(
        NODE2,
        new PoolFacts.Node(
            List.of(disk("/dev/sdb", Optional.of("ZFS"))),
            Optional.of(new Pool("ONLINE", List.of("mirror-0"))),
            Optional.empty()));

    assertThat(reasons(plan())).containsExactly(Reason.POOL_NAME_TAKEN);
  }

  @Test
  void refusesAStorageIdThatBelongsToSomethingElse() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, free("/dev/sdb"));
    storage = Optional.of(entry("dir", Optional.empty()));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(Reason.STORAGE_ID_TAKEN);
  }

  @Test
  void refusesANodeThatIsNoMember() {
    nodes.put(NODE1, free("/dev/sdb"));
    members.remove(NODE2);

    assertThat(reasons(plan())).containsExactly(Reason.NODE_UNKNOWN);
  }

  @Test
  void keepsTheStorageOfANodeThatCanNotBeAsked() {
    nodes.put(NODE1, pooled("ONLINE"));
    storage = storageOn("node1", "node2");

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(Reason.WAITING_FOR_NODE);
  }

  @Test
  void choosesUnusedDisksThatFitTheSelector() {
    WantedPool.Selector ssd =
        new WantedPool.Selector(
            1,
            Optional.of("ssd"),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    nodes.put(
        NODE1,
        new PoolFacts.Node(
            List.of(
                disk("/dev/sda", Optional.of("ZFS")),
                disk("/dev/sdc", Optional.empty()),
                disk("/dev/sdb", Optional.empty())),
            Optional.empty(),
            Optional.empty()));

    Plan<PoolStep> plan = plan(wanted(new WantedPool.Node(NODE1, List.of(), Optional.of(ssd))));

    assertThat(plan.now())
        .extracting(step -> ((CreatePool) step).disks())
        .containsExactly(List.of("/dev/sdb"));
  }

  private Plan<PoolStep> plan() {
    return plan(wanted());
  }

  private Plan<PoolStep> plan(WantedPool wanted) {
    return PoolPlanner.plan(wanted, facts(), Memory.EMPTY, NOW, NOW);
  }

  private PoolFacts facts() {
    return new PoolFacts(nodes, members, storage, Set.of());
  }

  private static WantedPool wanted() {
    return wanted(
        new WantedPool.Node(NODE1, List.of("/dev/sdb"), Optional.empty()),
        new WantedPool.Node(NODE2, List.of("/dev/sdb"), Optional.empty()));
  }

  private static WantedPool wanted(WantedPool.Node... nodes) {
    return new WantedPool(
        "tank",
        "single",
        List.of(nodes),
        12,
        "on",
        Optional.empty(),
        new WantedPool.Storage(
            "tank", List.of("images", "rootdir"), true, Optional.empty(), Optional.empty()));
  }

  private static PoolFacts.Node free(String path) {
    return new PoolFacts.Node(
        List.of(disk(path, Optional.empty())), Optional.empty(), Optional.empty());
  }

  private static PoolFacts.Node used(String path, String use) {
    return new PoolFacts.Node(
        List.of(disk(path, Optional.of(use))), Optional.empty(), Optional.empty());
  }

  private static PoolFacts.Node pooled(String health) {
    return new PoolFacts.Node(
        List.of(disk("/dev/sdb", Optional.of("ZFS"))),
        Optional.of(new Pool(health, List.of("sdb"))),
        Optional.of(true));
  }

  private static Disk disk(String path, Optional<String> use) {
    return new Disk(path, Optional.empty(), 1L << 40, "ssd", "X", "S1", use);
  }

  private static Optional<StorageEntry> storageOn(String... nodes) {
    return Optional.of(entry(StorageEntry.ZFS, Optional.of("tank"), nodes));
  }

  private static StorageEntry entry(String type, Optional<String> pool, String... nodes) {
    return new StorageEntry(
        "tank",
        type,
        pool,
        Optional.empty(),
        Optional.empty(),
        new TreeSet<>(Stream.of(nodes).toList()));
  }

  private static List<Reason> reasons(Plan<PoolStep> plan) {
    return plan.findings().stream().map(Finding::reason).toList();
  }
}
