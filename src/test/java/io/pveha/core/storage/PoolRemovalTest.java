package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.DestroyPool;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import io.pveha.core.storage.PoolUse.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PoolRemovalTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final NodeName NODE4 = new NodeName("node4");
  private static final String COMMAND = "kubectl annotate zfspool tank pveha.io/destroy-data=1";

  private final Map<NodeName, PoolFacts.Node> nodes =
      new TreeMap<>(Map.of(NODE1, pooled(), NODE2, pooled()));
  private final Map<NodeName, PoolUse> uses =
      new TreeMap<>(Map.of(NODE1, PoolUse.NONE, NODE2, PoolUse.NONE));
  private final Map<NodeName, MadePool> made = new TreeMap<>();
  private boolean selected;
  private Optional<StorageEntry> storage = Optional.of(tankFor("node1", "node2"));
  private Set<NodeName> elsewhere = Set.of();

  @Test
  void destroysEmptyPoolsAndThenTheirEntry() {
    Plan<PoolStep> plan = plan(true, false);

    assertThat(actions(plan.now())).containsExactly("DestroyPool", "DestroyPool");
    assertThat(actions(plan.later())).containsExactly("RemoveStorage");

    nodes.replaceAll((node, unused) -> bare());
    assertThat(actions(plan(true, false).now())).containsExactly("RemoveStorage");

    storage = Optional.empty();
    assertThat(plan(true, false).isDone()).isTrue();
  }

  /** Else the pools that it just destroyed would seem to be there, not imported. */
  @Test
  void remembersWhichPoolsItDestroyedUntilTheirEntryIsGone() {
    nodes.replaceAll((node, unused) -> bare());
    PendingStep asked =
        new PendingStep(
            new DestroyPool(NODE1, "tank").key(),
            Optional.of("node1"),
            Optional.empty(),
            NOW,
            NOW.plusSeconds(60),
            1);
    for (Outcome outcome : new Outcome[] {Outcome.SUCCEEDED, Outcome.UNKNOWN}) {
      Memory memory = new Memory(List.of(asked), Map.of(asked.key(), outcome));
      assertThat(PoolRemoval.destroyed(wanted(), memory)).containsExactly(NODE1);
      assertThat(plan(true, false, memory).pending()).containsExactly(asked);

      storage = Optional.empty();
      assertThat(plan(true, false, memory).isDone()).isTrue();
      storage = Optional.of(tankFor("node1", "node2"));
    }
    Memory refused =
        new Memory(
            List.of(asked),
            Map.of(asked.key(), Outcome.failed(ConditionReason.TASK_FAILED, "pool is busy")));
    assertThat(PoolRemoval.destroyed(wanted(), refused)).isEmpty();
  }

  @Test
  void destroysNothingAnywhereWhileAGuestHasADiskOnOneOfThem() {
    uses.put(NODE2, new PoolUse(List.of(disk("vmdata:vm-300-disk-0", 300)), List.of(), List.of()));

    for (boolean released : new boolean[] {false, true}) {
      Plan<PoolStep> plan = plan(true, released);

      assertThat(plan.now()).isEmpty();
      assertThat(reasons(plan)).containsExactly(ConditionReason.STORAGE_IN_USE);
      assertThat(plan.findings().get(0).message())
          .contains("node2", "guests [300]", "vmdata:vm-300-disk-0", "deletionPolicy: Retain");
    }
    assertThat(plan(false, true).now()).isEmpty();
  }

  @Test
  void keepsWhatIsOfNoGuestUntilItsOwnerReleasesIt() {
    uses.put(NODE1, new PoolUse(List.of(), List.of(disk("tank:vm-9-disk-0", 9)), List.of()));

    Plan<PoolStep> kept = plan(true, false);

    assertThat(kept.now()).isEmpty();
    assertThat(reasons(kept)).containsExactly(ConditionReason.STORAGE_IN_USE);
    assertThat(kept.findings().get(0).message()).contains("tank:vm-9-disk-0", COMMAND);
    assertThat(actions(plan(true, true).now())).containsExactly("DestroyPool", "DestroyPool");
    // Detaching destroys nothing.
    assertThat(actions(plan(false, false).now())).containsExactly("RemoveStorage");
  }

  @Test
  void keepsWhatItCanNotSee() {
    uses.put(NODE1, new PoolUse(List.of(), List.of(), List.of("storage tank is not seen")));

    Plan<PoolStep> kept = plan(true, false);

    assertThat(kept.now()).isEmpty();
    assertThat(reasons(kept)).containsExactly(ConditionReason.STORAGE_NOT_VISIBLE);
    assertThat(kept.findings().get(0).message()).contains("storage tank is not seen", COMMAND);
    assertThat(plan(true, true).now()).isNotEmpty();
    assertThat(plan(false, false).now()).isEmpty();
    assertThat(plan(false, true).now()).isEmpty();
  }

  @Test
  void leavesTheEntryToOtherNodes() {
    storage = Optional.of(tankFor("node1", "node2", "node4"));

    assertThat(plan(false, false).now()).containsExactly(leaving("node1", "node2"));

    storage = Optional.of(tankFor("node4"));
    assertThat(plan(false, false).isDone()).isTrue();
  }

  @Test
  void leavesAnEntryThatIsForAllNodesToThoseThatHaveThePool() {
    storage = Optional.of(tankFor());
    elsewhere = Set.of(NODE4);

    assertThat(plan(false, false).now()).containsExactly(leaving("node1", "node2"));

    elsewhere = Set.of();
    assertThat(actions(plan(false, false).now())).containsExactly("RemoveStorage");
  }

  /** The row that could not be read may be the very disk that shows that the pool is another. */
  @Test
  void destroysNoPoolWhileADiskOfItsNodeCanNotBeRead() {
    nodes.put(
        NODE2,
        new PoolFacts.Node(
            List.of(),
            Optional.of("row 3 can't be read"),
            Optional.of(new Pool("ONLINE", List.of("sdb"))),
            Optional.of(true)));

    for (boolean released : new boolean[] {false, true}) {
      Plan<PoolStep> plan = plan(true, released);

      assertThat(plan.now()).containsExactly(new DestroyPool(NODE1, "tank"));
      assertThat(actions(plan.later())).containsExactly("RemoveStorage");
      assertThat(plan.findings())
          .singleElement()
          .satisfies(
              why -> assertThat(why.message()).contains("node2", "row 3 can't be read", "Retain"));
    }
  }

  /** It was refused when the object asked for it, and is no more its own when the object goes. */
  @Test
  void leavesAPoolThatIsMadeFromOtherDisks() {
    PoolFacts.Disk spare =
        new PoolFacts.Disk(
            "/dev/sdb",
            Optional.empty(),
            1L << 40,
            "ssd",
            "M",
            "S",
            Optional.empty(),
            Optional.empty());
    nodes.put(
        NODE2,
        new PoolFacts.Node(
            List.of(spare), Optional.of(new Pool("ONLINE", List.of("sdc"))), Optional.of(true)));

    for (boolean released : new boolean[] {false, true}) {
      assertThat(plan(true, released).now()).containsExactly(new DestroyPool(NODE1, "tank"));
    }
  }

  @Test
  void doesNotLetGoOfAPoolThatIsToBeDestroyedButCanNotBeSeen() {
    nodes.remove(NODE2);
    uses.remove(NODE2);

    Plan<PoolStep> plan = plan(true, false);

    assertThat(actions(plan.now())).containsExactly("DestroyPool");
    assertThat(reasons(plan)).containsExactly(ConditionReason.WAITING_FOR_NODE);
    assertThat(actions(plan.later())).containsExactly("RemoveStorage");
  }

  /** Its disks were selected, so nothing but memory tells it from another pool of that name. */
  @Test
  void destroysAPoolOfSelectedDisksOnlyIfItIsTheOneThatWasMade() {
    selected = true;
    PoolFacts.Disk one = used("/dev/sdb", "SER0001", Optional.of("0x5000c500a1b2c3d4"));
    PoolFacts.Disk other = used("/dev/sdc", "SER0002", Optional.empty());
    nodes.put(NODE1, made(List.of(one, other), "/dev/disk/by-id/ata-M_SER0001-part1"));
    nodes.put(NODE2, made(List.of(one, other), "sdb"));
    made.put(NODE1, new MadePool(List.of("5000c500a1b2c3d4/SER0001")));
    made.put(NODE2, new MadePool(List.of("5000c500a1b2c3d4/SER0001")));
    assertThat(actions(plan(true, false).now())).containsExactly("DestroyPool", "DestroyPool");

    for (MadePool wrong :
        List.of(
            MadePool.NONE,
            new MadePool(List.of("SER0002")),
            new MadePool(List.of("5000c500a1b2c3d4/SER0001", "SER0002")),
            new MadePool(List.of("/dev/sdb")))) {
      made.put(NODE2, wrong);
      for (boolean released : new boolean[] {false, true}) {
        Plan<PoolStep> plan = plan(true, released);

        assertThat(plan.now()).as("%s", wrong).isEmpty();
        assertThat(reasons(plan)).containsExactly(ConditionReason.POOL_NAME_TAKEN);
        assertThat(plan.findings().get(0).message())
            .contains("tank on node2", "sdb", "`zpool destroy tank`", "Retain");
      }
      assertThat(actions(plan(false, false).now())).containsExactly("RemoveStorage");
    }
    made.put(NODE2, new MadePool(List.of("5000c500a1b2c3d4/SER0001")));
    nodes.put(NODE2, made(List.of(one, other), "sdb", "sdc"));
    assertThat(plan(true, true).now()).isEmpty();
    nodes.put(NODE2, made(List.of(one, other)));
    assertThat(plan(true, true).now()).isEmpty();
  }

  @Test
  void remembersTheDisksOfAPoolByWhatTheyTellOrNotAtAll() {
    PoolStep.CreatePool step =
        new PoolStep.CreatePool(NODE1, wanted(), List.of("/dev/sdb", "/dev/sdc"));
    PoolFacts.Disk one = used("/dev/sdb", "SER0001", Optional.of("0x5000c500a1b2c3d4"));

    assertThat(MadePool.of(step, List.of(used("/dev/sdc", "SER0002", Optional.empty()), one)).ids())
        .containsExactly("5000c500a1b2c3d4/SER0001", "SER0002");
    assertThat(MadePool.of(step, List.of(used("/dev/sdc", " ", Optional.empty()), one)).ids())
        .isEmpty();
  }

  @Test
  void destroysNoPoolOfADiskThatTheSpecDoesNotName() {
    nodes.put(
        NODE2,
        made(
            List.of(
                used("/dev/sdb", "SER0001", Optional.empty()),
                used("/dev/sdc", "SER0002", Optional.empty())),
            "sdc"));

    for (boolean released : new boolean[] {false, true}) {
      Plan<PoolStep> plan = plan(true, released);

      assertThat(plan.now()).isEmpty();
      assertThat(reasons(plan)).containsExactly(ConditionReason.POOL_NAME_TAKEN);
      assertThat(plan.findings().get(0).message()).contains("/dev/sdc", "`zpool destroy tank`");
    }
  }

  private static PoolFacts.Node made(List<PoolFacts.Disk> disks, String... parts) {
    return new PoolFacts.Node(
        disks, Optional.of(new Pool("ONLINE", List.of("sdb"), List.of(parts))), Optional.of(true));
  }

  private static PoolFacts.Disk used(String path, String serial, Optional<String> wwn) {
    return new PoolFacts.Disk(
        path, Optional.empty(), 1L << 40, "ssd", "M", serial, wwn, Optional.of("ZFS"));
  }

  private Plan<PoolStep> plan(boolean destroy, boolean released) {
    return plan(destroy, released, Memory.EMPTY);
  }

  private Plan<PoolStep> plan(boolean destroy, boolean released, Memory memory) {
    return PoolRemoval.plan(
        selected ? selected() : wanted(),
        destroy,
        new PoolFacts(nodes, Map.of(NODE1, true, NODE2, true, NODE4, true), storage, elsewhere),
        made,
        uses,
        new PoolRemoval.Release(released, COMMAND),
        memory,
        NOW,
        NOW);
  }

  private static UpdateStorage leaving(String... nodes) {
    return new UpdateStorage(
        "tank",
        "tank",
        new TreeSet<>(Set.of("node4")),
        new TreeSet<>(),
        new TreeSet<>(List.of(nodes)));
  }

  private static WantedPool wanted() {
    return new WantedPool(
        "tank",
        "single",
        List.of(
            new WantedPool.Node(NODE1, List.of("/dev/sdb"), Optional.empty()),
            new WantedPool.Node(NODE2, List.of("/dev/sdb"), Optional.empty())),
        12,
        "on",
        Optional.empty(),
        new WantedPool.Storage(
            "tank", List.of("images", "rootdir"), true, Optional.empty(), Optional.empty(), false));
  }

  private static WantedPool selected() {
    WantedPool named = wanted();
    WantedPool.Selector any =
        new WantedPool.Selector(
            1,
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    return new WantedPool(
        named.name(),
        named.raidLevel(),
        named.nodes().stream()
            .map(node -> new WantedPool.Node(node.name(), List.of(), Optional.of(any)))
            .toList(),
        named.ashift(),
        named.compression(),
        named.draid(),
        named.storage());
  }

  private static PoolFacts.Node pooled() {
    return new PoolFacts.Node(
        List.of(), Optional.of(new Pool("ONLINE", List.of("sdb"))), Optional.of(true));
  }

  private static PoolFacts.Node bare() {
    return new PoolFacts.Node(List.of(), Optional.empty(), Optional.of(false));
  }

  private static Volume disk(String volid, int vmid) {
    return new Volume(volid, Optional.of(vmid), true);
  }

  private static StorageEntry tankFor(String... nodes) {
    return new StorageEntry(
        "tank",
        StorageEntry.ZFS,
        Optional.of("tank"),
        Optional.empty(),
        Optional.empty(),
        new TreeSet<>(List.of(nodes)),
        false);
  }

  private static List<String> actions(List<PoolStep> steps) {
    return steps.stream().map(Step::action).toList();
  }

  private static List<ConditionReason> reasons(Plan<PoolStep> plan) {
    return plan.findings().stream().map(Finding::reason).toList();
  }
}
