package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PoolPlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final NodeName NODE3 = new NodeName("node3");

  private final Map<NodeName, PoolFacts.Node> nodes = new HashMap<>();
  private final Map<NodeName, Boolean> members = new HashMap<>(Map.of(NODE1, true, NODE2, true));
  private Optional<StorageEntry> storage = Optional.empty();
  private final Set<NodeName> former = new TreeSet<>();
  private final Map<NodeName, PoolUse> uses = new HashMap<>();
  private final Map<NodeName, Finding> lost = new HashMap<>();
  private Optional<String> hidden = Optional.empty();
  private boolean exclusive;

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
    assertThat(reasons(plan)).containsExactly(ConditionReason.POOL_DEGRADED);
  }

  @Test
  void extendsAStorageThatLacksANode() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    storage = storageOn("node1");

    assertThat(plan().now())
        .containsExactly(update(Set.of("node1", "node2"), Set.of("node2"), Set.of()));
  }

  @Test
  void leavesNodesOfOthersOnTheStorage() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    storage = storageOn("node1", "node2", "node4");
    assertThat(plan().isDone()).isTrue();

    storage = storageOn("node1", "node4");
    assertThat(plan().now())
        .containsExactly(update(Set.of("node1", "node2", "node4"), Set.of("node2"), Set.of()));

    storage = storageOn();
    assertThat(plan().isDone()).as("an entry for all nodes").isTrue();
  }

  @Test
  void takesNoNodeOffBecauseItsPoolIsMissingForAMoment() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, used("/dev/sdb", "ZFS"));
    storage = storageOn("node1", "node2");

    assertThat(plan().now()).isEmpty();
    assertThat(plan().later()).isEmpty();
  }

  @Test
  void takesOffWhatLeftTheSpecOnlyWhenNothingLiesThere() {
    members.put(NODE3, true);
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    storage = storageOn("node1", "node2", "node3", "node4");
    former.addAll(List.of(NODE1, NODE2, NODE3));
    PoolStep taking = update(Set.of("node1", "node2", "node4"), Set.of(), Set.of("node3"));

    Plan<PoolStep> unasked = plan();
    assertThat(unasked.now()).isEmpty();
    assertThat(unasked.later()).containsExactly(taking);
    assertThat(reasons(unasked)).containsExactly(ConditionReason.WAITING_FOR_NODE);

    for (PoolUse use :
        List.of(
            new PoolUse(List.of(volume(100)), List.of(), List.of()),
            new PoolUse(List.of(), List.of(volume(9)), List.of()))) {
      uses.put(NODE3, use);
      Plan<PoolStep> used = plan();
      assertThat(used.now()).isEmpty();
      assertThat(used.later()).containsExactly(taking);
      assertThat(reasons(used)).containsExactly(ConditionReason.STORAGE_IN_USE);
      assertThat(used.findings().get(0).message()).contains("node3", "tank:vm-", "spec.nodes");
    }

    uses.put(NODE3, new PoolUse(List.of(), List.of(), List.of("not seen")));
    assertThat(reasons(plan())).containsExactly(ConditionReason.STORAGE_NOT_VISIBLE);

    uses.put(NODE3, PoolUse.NONE);
    assertThat(plan().now()).containsExactly(taking);
  }

  @Test
  void takesNodesOfOthersOffOnlyWhereTheSpecAsksToBeAlone() {
    members.put(new NodeName("node4"), true);
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    exclusive = true;
    uses.put(new NodeName("node4"), new PoolUse(List.of(volume(300)), List.of(), List.of()));
    for (Optional<StorageEntry> listed :
        List.of(storageOn("node1", "node2", "node4"), storageOn())) {
      storage = listed;
      assertThat(plan().now()).isEmpty();
      assertThat(reasons(plan())).containsExactly(ConditionReason.STORAGE_IN_USE);
    }

    uses.put(new NodeName("node4"), PoolUse.NONE);
    assertThat(plan().now())
        .containsExactly(update(Set.of("node1", "node2"), Set.of(), Set.of("node4")));
  }

  private static PoolStep update(Set<String> nodes, Set<String> added, Set<String> removed) {
    return new UpdateStorage(
        "tank", "tank", new TreeSet<>(nodes), new TreeSet<>(added), new TreeSet<>(removed));
  }

  private static PoolUse.Volume volume(int vmid) {
    return new PoolUse.Volume("tank:vm-%d-disk-0".formatted(vmid), Optional.of(vmid), true);
  }

  @Test
  void neverTouchesAUsedDiskNorAnyOtherNodeThen() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, used("/dev/sdb", "ext4"));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.DISK_IN_USE);
    assertThat(plan.findings().get(0).message()).contains("spec.nodes[node2].disks", "ext4");
  }

  @Test
  void namesADiskThatIsNotThere() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, free("/dev/sdc"));

    assertThat(reasons(plan())).containsExactly(ConditionReason.DISK_NOT_FOUND);
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
    assertThat(reasons(plan)).containsExactly(ConditionReason.POOL_NAME_TAKEN);
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

    assertThat(reasons(plan())).containsExactly(ConditionReason.POOL_NAME_TAKEN);
  }

  @Test
  void refusesAStorageIdThatBelongsToSomethingElse() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, free("/dev/sdb"));
    storage = Optional.of(entry("dir", Optional.empty()));

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.STORAGE_ID_TAKEN);
  }

  @Test
  void refusesANodeThatIsNoMember() {
    nodes.put(NODE1, free("/dev/sdb"));
    members.remove(NODE2);

    assertThat(reasons(plan())).containsExactly(ConditionReason.NODE_UNKNOWN);
  }

  @Test
  void keepsTheStorageOfANodeThatCanNotBeAsked() {
    nodes.put(NODE1, pooled("ONLINE"));
    storage = storageOn("node1", "node2");

    Plan<PoolStep> plan = plan();

    assertThat(plan.now()).isEmpty();
    assertThat(reasons(plan)).containsExactly(ConditionReason.WAITING_FOR_NODE);
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

  @Test
  void makesNoStorageThatMayBeThereUnseen() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    hidden = Optional.of("the token lacks Datastore.Audit on /storage/tank");

    assertThat(plan().now()).isEmpty();
    assertThat(reasons(plan())).containsExactly(ConditionReason.STORAGE_NOT_VISIBLE);
  }

  @Test
  void makesNoPoolWhereOneWasLost() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, free("/dev/sdb"));
    storage = storageOn("node1", "node2");
    lost.put(NODE2, Finding.blocks(ConditionReason.POOL_LOST, "gone"));

    assertThat(plan().now()).isEmpty();
    assertThat(plan().later()).isEmpty();
    assertThat(reasons(plan())).containsExactly(ConditionReason.POOL_LOST);
  }

  @Test
  void takesTheInstallersLayoutOverAsItIs() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    storage = Optional.of(entry(StorageEntry.ZFS, Optional.of("tank/data")));

    assertThat(plan().isDone()).isTrue();
  }

  /** It may be another path of a disk that looks unused, or the one that is named. */
  @Test
  void concludesNothingFromAListOfDisksThatIsNotWhole() {
    nodes.put(NODE1, free("/dev/sdb"));
    nodes.put(NODE2, unread(free("/dev/sdb")));

    assertThat(plan().now()).singleElement().satisfies(step -> assertOn(NODE1, step));
    assertThat(reasons(plan())).containsExactly(ConditionReason.NOT_PROXMOX);
    assertThat(plan().findings().get(0).message()).contains("node2", "row 3 can't be read");

    nodes.put(NODE2, unread(new PoolFacts.Node(List.of(), Optional.empty(), Optional.empty())));
    assertThat(reasons(plan())).containsExactly(ConditionReason.NOT_PROXMOX);

    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(
        NODE2,
        unread(
            new PoolFacts.Node(
                List.of(disk("/dev/sdb", Optional.empty())),
                Optional.of(new Pool("ONLINE", List.of())),
                Optional.empty())));
    assertThat(plan().now()).isEmpty();
    assertThat(reasons(plan())).containsExactly(ConditionReason.NOT_PROXMOX);
  }

  private static void assertOn(NodeName node, PoolStep step) {
    assertThat(step.node()).hasValue(node);
  }

  private static PoolFacts.Node unread(PoolFacts.Node whole) {
    return new PoolFacts.Node(
        whole.disks(), Optional.of("row 3 can't be read"), whole.pool(), whole.storageActive());
  }

  /** Nodes list a disabled storage as inactive, as they do one whose pool is missing. */
  @Test
  void saysThatADisabledStorageIsDisabledAndLeavesItSo() {
    nodes.put(NODE1, pooled("ONLINE"));
    nodes.put(NODE2, pooled("ONLINE"));
    nodes.replaceAll(
        (node, found) -> new PoolFacts.Node(found.disks(), found.pool(), Optional.of(false)));
    storage = Optional.of(disabled(storageOn("node1", "node2").orElseThrow()));

    assertThat(plan().now()).isEmpty();
    assertThat(plan().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(ConditionReason.STORAGE_INACTIVE);
              assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
              assertThat(finding.message()).contains("disabled", "pvesm set tank --disable 0");
            });

    // Also beside what keeps a node on its list.
    members.put(NODE3, true);
    storage = Optional.of(disabled(storageOn("node1", "node2", "node3").orElseThrow()));
    former.add(NODE3);
    assertThat(plan().now()).isEmpty();
    assertThat(reasons(plan()))
        .contains(ConditionReason.STORAGE_INACTIVE, ConditionReason.WAITING_FOR_NODE);
  }

  private Plan<PoolStep> plan() {
    return plan(wanted());
  }

  private Plan<PoolStep> plan(WantedPool wanted) {
    SortedSet<NodeName> leaving = PoolPlanner.leaving(wanted, facts(), former);
    PoolPlanner.Insight insight = new PoolPlanner.Insight(leaving, uses, lost, hidden);
    return PoolPlanner.plan(wanted, facts(), insight, Memory.EMPTY, NOW, NOW);
  }

  private PoolFacts facts() {
    return new PoolFacts(nodes, members, storage, Set.of());
  }

  private WantedPool wanted() {
    return wanted(
        new WantedPool.Node(NODE1, List.of("/dev/sdb"), Optional.empty()),
        new WantedPool.Node(NODE2, List.of("/dev/sdb"), Optional.empty()));
  }

  private WantedPool wanted(WantedPool.Node... nodes) {
    return new WantedPool(
        "tank",
        "single",
        List.of(nodes),
        12,
        "on",
        Optional.empty(),
        new WantedPool.Storage(
            "tank",
            List.of("images", "rootdir"),
            true,
            Optional.empty(),
            Optional.empty(),
            exclusive));
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
    return new Disk(path, Optional.empty(), 1L << 40, "ssd", "X", "S1", Optional.empty(), use);
  }

  private static StorageEntry disabled(StorageEntry entry) {
    return new StorageEntry(
        entry.id(),
        entry.type(),
        entry.pool(),
        entry.path(),
        entry.mountPoint(),
        entry.nodes(),
        true);
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
        new TreeSet<>(Stream.of(nodes).toList()),
        false);
  }

  private static List<ConditionReason> reasons(Plan<PoolStep> plan) {
    return plan.findings().stream().map(Finding::reason).toList();
  }
}
