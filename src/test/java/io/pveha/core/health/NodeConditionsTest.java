package io.pveha.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolName;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each signal, and what it makes of the conditions of a node. */
class NodeConditionsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Signals WELL = Signals.of("node2", NOW);

  @Test
  void aNodeInPerfectHealthHasNothingBadToItsName() {
    List<NodeCondition> conditions = judged(WELL);

    assertThat(conditions)
        .allMatch(condition -> !NodeCondition.isBad(condition.type(), condition.status()))
        .noneMatch(condition -> condition.status() == Belief.UNKNOWN)
        .extracting(NodeCondition::type)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void whatWasNotAskedYetIsLeftOut() {
    List<NodeCondition> conditions = judged(WELL.facts(facts -> NodeFacts.UNKNOWN));

    assertThat(conditions)
        .extracting(NodeCondition::type)
        .containsExactly(
            NodeConditionType.REACHABLE,
            NodeConditionType.MEMBER,
            NodeConditionType.AGENT_ALIVE,
            NodeConditionType.MAINTENANCE,
            NodeConditionType.FENCED);
  }

  @Test
  void whatWasAskedInVainIsUnknown() {
    Signals refused =
        WELL.facts(
            facts ->
                NodeFacts.UNKNOWN.withServices(
                    Fact.<List<NodeFacts.Service>>unknown().failed(NOW, "Sys.Audit")));

    assertThat(condition(refused, NodeConditionType.SERVICES_HEALTHY))
        .isEqualTo(
            new NodeCondition(
                NodeConditionType.SERVICES_HEALTHY,
                Belief.UNKNOWN,
                ConditionReason.NOT_TOLD,
                "node2 has not reported its services; nothing is concluded."));
  }

  @Test
  void aFailedReadMakesAFactOlderAndNotBad() {
    Signals failing =
        WELL.facts(facts -> facts.withPools(facts.pools().failed(NOW.plusSeconds(5), "away")));

    assertThat(status(failing, NodeConditionType.POOLS_USABLE, NOW.plusSeconds(40)))
        .isEqualTo(Belief.YES);
    assertThat(status(failing, NodeConditionType.POOLS_USABLE, NOW.plusSeconds(46)))
        .isEqualTo(Belief.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "ONLINE,    YES, HEALTHY,       YES",
    "DEGRADED,  NO,  POOL_DEGRADED, YES",
    "SUSPENDED, NO,  POOL_FAILED,   NO",
    "FAULTED,   NO,  POOL_FAILED,   NO",
    "UNAVAIL,   NO,  POOL_FAILED,   NO"
  })
  void tellsAPoolThatLostADiskFromOneThatIsGone(
      String state, Belief healthy, ConditionReason reason, Belief usable) {
    Signals seen = WELL.pools(new NodeFacts.Pool(new PoolName("tank"), state));

    assertThat(condition(seen, NodeConditionType.POOLS_HEALTHY).status()).isEqualTo(healthy);
    assertThat(condition(seen, NodeConditionType.POOLS_HEALTHY).reason()).isEqualTo(reason);
    assertThat(condition(seen, NodeConditionType.POOLS_USABLE).status()).isEqualTo(usable);
  }

  @Test
  void missesAPoolThatAStorageEntryNames() {
    Signals seen = WELL.pools();

    assertThat(condition(seen, NodeConditionType.POOLS_HEALTHY).reason())
        .isEqualTo(ConditionReason.POOL_FAILED);
    assertThat(condition(seen, NodeConditionType.POOLS_HEALTHY).message())
        .isEqualTo("node2: Pool tank is missing. Check zpool status there.");
    assertThat(condition(seen, NodeConditionType.POOLS_USABLE).status()).isEqualTo(Belief.YES);
  }

  @Test
  void countsOnlyDisksInUse() {
    assertThat(
            condition(
                WELL.disks(Signals.disk("/dev/sdb", true, "FAILED", 97)),
                NodeConditionType.DISKS_HEALTHY))
        .isEqualTo(
            new NodeCondition(
                NodeConditionType.DISKS_HEALTHY,
                Belief.NO,
                ConditionReason.DISK_FAILING,
                "node2: SMART reports that disk /dev/sdb (SSD 1000, S1) is failing; replace it."));
    assertThat(
            status(
                WELL.disks(Signals.disk("/dev/sdb", false, "FAILED", 97)),
                NodeConditionType.DISKS_HEALTHY))
        .isEqualTo(Belief.YES);
    assertThat(
            status(
                WELL.disks(Signals.disk("/dev/sdb", true, "PASSED", 5)),
                NodeConditionType.DISKS_WORN))
        .isEqualTo(Belief.YES);
    assertThat(
            status(
                WELL.disks(Signals.disk("/dev/sdb", true, "UNKNOWN", 6)),
                NodeConditionType.DISKS_WORN))
        .isEqualTo(Belief.NO);
  }

  @Test
  void countsAStorageThatNamesTheNodeOrWasActiveThere() {
    assertThat(
            condition(
                    WELL.storages(Signals.storage("tank", false, false)),
                    NodeConditionType.STORAGE_ACTIVE)
                .message())
        .isEqualTo("node2: Storage tank is not active. Check pvesm status there.");
    assertThat(
            status(
                WELL.storages(Signals.storage("local-lvm", false, true)),
                NodeConditionType.STORAGE_ACTIVE))
        .isEqualTo(Belief.NO);
    // As the storage.cfg of a cluster has it for a node that was installed otherwise.
    assertThat(
            status(
                WELL.storages(Signals.storage("local-lvm", false, false)),
                NodeConditionType.STORAGE_ACTIVE))
        .isEqualTo(Belief.YES);
  }

  @Test
  void concludesNothingFromAStorageThatDoesNotTellWhetherItIsActive() {
    assertThat(
            condition(
                    WELL.storages(
                        Signals.storage("local", true, true), Signals.untoldStorage("tank", true)),
                    NodeConditionType.STORAGE_ACTIVE)
                .message())
        .isEqualTo("node2 does not report whether storage tank is active.");
    assertThat(
            status(
                WELL.storages(Signals.untoldStorage("tank", true)),
                NodeConditionType.STORAGE_ACTIVE))
        .isEqualTo(Belief.UNKNOWN);
    assertThat(
            status(
                WELL.storages(
                    Signals.storage("local", false, true), Signals.untoldStorage("tank", true)),
                NodeConditionType.STORAGE_ACTIVE))
        .isEqualTo(Belief.NO);
    assertThat(
            status(
                WELL.storages(Signals.untoldStorage("local-lvm", false)),
                NodeConditionType.STORAGE_ACTIVE))
        .isEqualTo(Belief.YES);
  }

  @Test
  void namesTheServiceThatIsDownAndLeavesOthersAlone() {
    Signals seen =
        WELL.facts(
            facts ->
                facts.withServices(
                    Fact.told(
                        List.of(
                            new NodeFacts.Service("postfix", false, "dead"),
                            new NodeFacts.Service("pvestatd", false, "dead")),
                        WELL.node(),
                        NOW)));

    assertThat(condition(seen, NodeConditionType.SERVICES_HEALTHY))
        .isEqualTo(
            new NodeCondition(
                NodeConditionType.SERVICES_HEALTHY,
                Belief.NO,
                ConditionReason.SERVICE_DOWN,
                "node2: not running: pvestatd. Check systemctl status pvestatd there."));
  }

  @Test
  void seesAnInterfaceThatIsDownAndABondThatLacksAPart() {
    NodeFacts.Link bond = new NodeFacts.Link("bond0", "bond", true, true, List.of("eno1", "eno2"));
    Signals seen =
        WELL.links(
            bond,
            new NodeFacts.Link("eno1", "eth", true, false, List.of()),
            new NodeFacts.Link("eno2", "eth", false, false, List.of()),
            new NodeFacts.Link("eno3", "eth", false, false, List.of()),
            new NodeFacts.Link("vmbr1", "bridge", false, true, List.of()));

    assertThat(condition(seen, NodeConditionType.LINKS_UP).message())
        .isEqualTo("node2: bond0 lacks eno2. vmbr1 is down. Check ip link there.");
  }

  @Test
  void callsTheClockWrongThatDiffersFromMost() {
    Signals one = Signals.of("node1", NOW).clock(60_000);
    Signals two = Signals.of("node2", NOW).clock(60_900);
    Signals three = Signals.of("node3", NOW).clock(0);

    assertThat(status(one, NodeConditionType.TIME_IN_SYNC, NOW, two, three)).isEqualTo(Belief.YES);
    assertThat(status(two, NodeConditionType.TIME_IN_SYNC, NOW, one, three)).isEqualTo(Belief.YES);
    assertThat(status(three, NodeConditionType.TIME_IN_SYNC, NOW, one, two)).isEqualTo(Belief.NO);
  }

  @Test
  void warnsTwoWeeksBeforeACertificateEnds() {
    Signals seen =
        WELL.facts(
            facts ->
                facts.withCertificates(
                    Fact.told(
                        List.of(
                            new NodeFacts.Certificate(
                                "pve-ssl.pem", Optional.of(NOW.plus(Duration.ofDays(13))))),
                        WELL.node(),
                        NOW)));

    assertThat(condition(seen, NodeConditionType.CERTIFICATE_VALID).message())
        .isEqualTo("node2: Certificate pve-ssl.pem ends 2026-01-14T00:00:00Z; renew it.");
  }

  @Test
  void pressureDoesNotComeAndGoAboutItsLimit() {
    List<NodeCondition> high = judged(WELL.load(96, 91));
    assertThat(high)
        .filteredOn(condition -> condition.status().isYes())
        .extracting(NodeCondition::type)
        .contains(NodeConditionType.MEMORY_PRESSURE, NodeConditionType.ROOT_DISK_PRESSURE);

    List<NodeCondition> less = judged(WELL.load(91, 86), high);
    assertThat(less).isEqualTo(high);

    List<NodeCondition> low = judged(WELL.load(89, 84), less);
    assertThat(low)
        .filteredOn(condition -> NodeCondition.isBad(condition.type(), condition.status()))
        .isEmpty();
  }

  @Test
  void theClockOfANodeDoesNotMakeItsAgentSilent() {
    Heartbeat before = Heartbeat.read(Optional.empty(), 990, NOW);
    Heartbeat first = Heartbeat.read(Optional.of(before), 1_000, NOW);
    Heartbeat same = Heartbeat.read(Optional.of(first), 1_000, NOW.plusSeconds(30));
    Heartbeat longer = Heartbeat.read(Optional.of(same), 1_000, NOW.plusSeconds(31));
    Heartbeat next = Heartbeat.read(Optional.of(longer), 1_010, NOW.plusSeconds(33));

    assertThat(judged(agent(before)))
        .extracting(NodeCondition::type)
        .doesNotContain(NodeConditionType.AGENT_ALIVE);
    assertThat(status(agent(first), NodeConditionType.AGENT_ALIVE)).isEqualTo(Belief.YES);
    assertThat(status(agent(same), NodeConditionType.AGENT_ALIVE)).isEqualTo(Belief.YES);
    assertThat(status(agent(longer), NodeConditionType.AGENT_ALIVE)).isEqualTo(Belief.NO);
    assertThat(status(agent(next), NodeConditionType.AGENT_ALIVE)).isEqualTo(Belief.YES);
  }

  @Test
  void aLostNodeIsFencedOnceTheMasterHasItsLock() {
    List<NodeCondition> unknown = judged(lost("unknown"), judged(WELL));
    assertThat(of(unknown, NodeConditionType.FENCED).status()).isEqualTo(Belief.NO);

    List<NodeCondition> waiting = judged(lost("fence"), unknown);
    assertThat(of(waiting, NodeConditionType.FENCED).reason())
        .isEqualTo(ConditionReason.BEING_FENCED);
    assertThat(of(waiting, NodeConditionType.FENCED).status()).isEqualTo(Belief.UNKNOWN);

    List<NodeCondition> fenced = judged(lost("unknown"), waiting);
    assertThat(of(fenced, NodeConditionType.FENCED).status()).isEqualTo(Belief.YES);
    assertThat(judged(lost("unknown"), fenced)).isEqualTo(fenced);

    assertThat(of(judged(WELL, fenced), NodeConditionType.FENCED).status()).isEqualTo(Belief.NO);
  }

  @Test
  void respectsMaintenanceThatAnAdminSwitchedOn() {
    Signals seen = WELL.with(Optional.empty(), Belief.YES, WELL.signals().agent(), "maintenance");

    assertThat(condition(seen, NodeConditionType.MAINTENANCE).reason())
        .isEqualTo(ConditionReason.IN_MAINTENANCE);
  }

  @Test
  void tellsANodeThatOnlyWeCannotReachFromOneThatIsGone() {
    Optional<ConditionReason> silent = Optional.of(ConditionReason.ENDPOINT_UNREACHABLE);
    Signals unreached = WELL.with(silent, Belief.YES, WELL.signals().agent(), "online");

    assertThat(status(unreached, NodeConditionType.REACHABLE)).isEqualTo(Belief.NO);
    assertThat(status(unreached, NodeConditionType.MEMBER)).isEqualTo(Belief.YES);
    assertThat(status(lost("unknown"), NodeConditionType.MEMBER)).isEqualTo(Belief.NO);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "CREDENTIALS_REJECTED",
        "PERMISSION_DENIED",
        "CERTIFICATE_REJECTED",
        "NOT_PROXMOX",
        "NODE_NAME_MISMATCH",
        "REQUEST_REFUSED",
        "UNLISTED_MEMBER"
      })
  void whoAnswersIsNotCalledAwayWhateverTheAnswer(ConditionReason answer) {
    Signals shutOut = WELL.with(Optional.of(answer), Belief.YES, WELL.signals().agent(), "online");

    NodeCondition reachable = condition(shutOut, NodeConditionType.REACHABLE);

    assertThat(reachable.status()).isEqualTo(Belief.UNKNOWN);
    assertThat(reachable.reason()).isEqualTo(answer);
    assertThat(reachable.message()).contains("node2").doesNotContain("does not answer", "power");
  }

  private static Signals agent(Heartbeat beat) {
    return WELL.with(Optional.empty(), Belief.YES, Optional.of(beat), "online");
  }

  private static Signals lost(String haState) {
    return WELL.with(
        Optional.of(ConditionReason.ENDPOINT_UNREACHABLE),
        Belief.NO,
        WELL.signals().agent(),
        haState);
  }

  private static Belief status(Signals seen, NodeConditionType type) {
    return condition(seen, type).status();
  }

  private static Belief status(
      Signals seen, NodeConditionType type, Instant now, Signals... others) {
    List<NodeSignals> all =
        Arrays.stream(others).map(Signals::signals).collect(java.util.stream.Collectors.toList());
    all.add(seen.signals());
    return of(NodeConditions.of(all, Map.of(), now).get(seen.node()), type).status();
  }

  private static NodeCondition condition(Signals seen, NodeConditionType type) {
    return of(judged(seen), type);
  }

  private static List<NodeCondition> judged(Signals seen) {
    return judged(seen, List.of());
  }

  private static List<NodeCondition> judged(Signals seen, List<NodeCondition> former) {
    NodeName node = seen.node();
    return NodeConditions.of(List.of(seen.signals()), Map.of(node, former), NOW).get(node);
  }

  private static NodeCondition of(List<NodeCondition> conditions, NodeConditionType type) {
    return conditions.stream()
        .filter(condition -> condition.type() == type)
        .findFirst()
        .orElseThrow();
  }
}
