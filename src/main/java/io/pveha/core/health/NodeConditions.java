package io.pveha.core.health;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolPart;
import io.pveha.core.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conditions of nodes, from what is known of them. Properties kept:
 *
 * <ol>
 *   <li>what was not told, or too long ago, is Unknown and never bad;
 *   <li>what was not even asked yet is left out, so that what an operator before us said stays;
 *   <li>the same facts give the same words: no age is in a message;
 *   <li>a figure that hovers about its limit does not make a condition come and go.
 * </ol>
 */
public final class NodeConditions {

  /** Without these a node is no full member, or its guests are not looked after. */
  static final Set<String> NEEDED_SERVICES =
      Set.of(
          "corosync",
          "pve-cluster",
          "pve-ha-crm",
          "pve-ha-lrm",
          "pveproxy",
          "pvescheduler",
          "pvestatd");

  static final Duration AGENT_PATIENCE = Duration.ofSeconds(30);
  private static final Duration OLDEST_OFTEN_ASKED = Duration.ofSeconds(45);
  private static final Duration OLDEST_SELDOM_ASKED = Duration.ofMinutes(2);
  private static final Duration OLDEST_HARDLY_CHANGING = Duration.ofHours(1);
  private static final Duration CERTIFICATE_NOTICE = Duration.ofDays(14);
  private static final long CLOCK_LIMIT_MILLIS = 2000;
  private static final int LIFE_LEFT_LIMIT = 5;

  /** Fewer clocks can't outvote a wrong one; then ours is taken for right. */
  private static final int CLOCKS_FOR_A_VOTE = 3;

  private final NodeSignals signals;
  private final Map<Aspect, NodeCondition> former;
  private final OptionalLong rightTime;
  private final Instant now;
  private final Map<Aspect, NodeCondition> found = new EnumMap<>(Aspect.class);

  private NodeConditions(
      NodeSignals signals, List<NodeCondition> former, OptionalLong rightTime, Instant now) {
    this.signals = signals;
    this.former =
        former.stream()
            .collect(
                Collectors.toMap(
                    NodeCondition::aspect,
                    condition -> condition,
                    (one, other) -> other,
                    () -> new EnumMap<>(Aspect.class)));
    this.rightTime = rightTime;
    this.now = now;
  }

  /**
   * The conditions that follow from signals, by node, in the order of {@link Aspect}.
   *
   * @param former what followed last time
   */
  public static SortedMap<NodeName, List<NodeCondition>> of(
      Collection<NodeSignals> nodes, Map<NodeName, List<NodeCondition>> former, Instant now) {
    OptionalLong rightTime = rightTime(nodes);
    SortedMap<NodeName, List<NodeCondition>> conditions = new TreeMap<>();
    nodes.forEach(
        node ->
            conditions.put(
                node.node(),
                new NodeConditions(
                        node, former.getOrDefault(node.node(), List.of()), rightTime, now)
                    .all()));
    return conditions;
  }

  /** How far the clocks of most nodes are ahead of ours. */
  private static OptionalLong rightTime(Collection<NodeSignals> nodes) {
    List<Long> ahead =
        nodes.stream()
            .flatMap(node -> clock(node).stream())
            .map(NodeFacts.Clock::aheadMillis)
            .sorted()
            .toList();
    if (ahead.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(ahead.size() < CLOCKS_FOR_A_VOTE ? 0 : ahead.get(ahead.size() / 2));
  }

  /** Only of the latest round: readings of different moments can't be compared. */
  private static Optional<NodeFacts.Clock> clock(NodeSignals node) {
    return node.facts().clock().problem().isPresent()
        ? Optional.empty()
        : node.facts().clock().value();
  }

  private List<NodeCondition> all() {
    reachable();
    member();
    agent();
    NodeFacts facts = signals.facts();
    judge(
        facts.pools(),
        OLDEST_OFTEN_ASKED,
        this::pools,
        "ZFS pools",
        Aspect.POOLS_HEALTHY,
        Aspect.POOLS_USABLE);
    judge(facts.pools(), OLDEST_OFTEN_ASKED, this::redundancy, "ZFS pools", Aspect.POOLS_REDUNDANT);
    judge(
        facts.disks(),
        OLDEST_HARDLY_CHANGING,
        this::disks,
        "disks",
        Aspect.DISKS_HEALTHY,
        Aspect.DISKS_WORN);
    judge(facts.storages(), OLDEST_OFTEN_ASKED, this::storages, "storages", Aspect.STORAGE_ACTIVE);
    judge(
        facts.services(), OLDEST_OFTEN_ASKED, this::services, "services", Aspect.SERVICES_HEALTHY);
    judge(facts.links(), OLDEST_SELDOM_ASKED, this::links, "network interfaces", Aspect.LINKS_UP);
    judge(facts.clock(), OLDEST_SELDOM_ASKED, this::time, "clock", Aspect.TIME_IN_SYNC);
    judge(
        facts.certificates(),
        OLDEST_HARDLY_CHANGING,
        this::certificates,
        "certificates",
        Aspect.CERTIFICATE_VALID);
    judge(
        facts.load(),
        OLDEST_SELDOM_ASKED,
        this::load,
        "load",
        Aspect.MEMORY_PRESSURE,
        Aspect.ROOT_DISK_PRESSURE);
    maintenance();
    fenced();
    return List.copyOf(found.values());
  }

  private <T> void judge(
      Fact<T> fact, Duration oldest, Consumer<T> judge, String what, Aspect... aspects) {
    boolean asked = fact.value().isPresent() || fact.problem().isPresent();
    if (asked) {
      fact.within(oldest, now).ifPresentOrElse(judge, () -> silent(what, aspects));
    }
  }

  /** Who is not let in, or does not know whom he talks to, can't say that the node is away. */
  private void reachable() {
    signals
        .problem()
        .ifPresentOrElse(
            reason ->
                put(
                    Aspect.REACHABLE,
                    reason == Reason.ENDPOINT_UNREACHABLE ? Belief.NO : Belief.UNKNOWN,
                    reason,
                    notReached(reason)),
            () -> well(Aspect.REACHABLE, "The API of %s answers."));
  }

  private static String notReached(Reason reason) {
    return switch (reason) {
      case ENDPOINT_UNREACHABLE ->
          "The API of %s does not answer the operator; look at its power and network, and at"
              + " pveproxy there.";
      case UNLISTED_MEMBER -> "%s is not in spec.nodes, so its own API is not asked; add it.";
      case CREDENTIALS_REJECTED ->
          "%s answers, and refuses the operator's token; correct the Secret of"
              + " spec.credentialsSecretRef.";
      case PERMISSION_DENIED ->
          "%s answers, and the operator's token lacks a privilege there; grant it.";
      case CERTIFICATE_REJECTED ->
          "What answers for %s shows a certificate that is not trusted; compare it with pvenode"
              + " cert info there.";
      case NOT_PROXMOX ->
          "What answers for %s is not the API of Proxmox VE; look for a proxy or firewall in"
              + " between.";
      case NODE_NAME_MISMATCH ->
          "What answers for %s is another node, or in another cluster; correct its address in"
              + " spec.nodes.";
      default -> "%s answers with an error; look at pve-cluster and pvedaemon there.";
    };
  }

  private void member() {
    switch (signals.member()) {
      case YES -> well(Aspect.MEMBER, "%s is online for the others.");
      case NO ->
          put(
              Aspect.MEMBER,
              Belief.NO,
              Reason.NODE_OFFLINE,
              "%s is offline for the others; bring it back.");
      case UNKNOWN ->
          put(
              Aspect.MEMBER,
              Belief.UNKNOWN,
              Reason.TOO_FEW_VIEWS,
              "Too few members answer to be sure of %s.");
    }
  }

  private void agent() {
    if (signals.agent().isEmpty()) {
      silent("HA agent", Aspect.AGENT_ALIVE);
    } else if (signals.agent().get().isSilent(AGENT_PATIENCE)) {
      put(
          Aspect.AGENT_ALIVE,
          Belief.NO,
          Reason.AGENT_SILENT,
          "The HA agent of %s has stopped reporting; look at pve-ha-lrm there.");
    } else {
      // What we have not yet seen to change may be the last word of an agent that died before us.
      signals
          .agent()
          .filter(Heartbeat::moved)
          .ifPresent(unused -> well(Aspect.AGENT_ALIVE, "The HA agent of %s reports."));
    }
  }

  private void pools(List<NodeFacts.Pool> pools) {
    List<String> failed = new ArrayList<>();
    List<String> degraded = new ArrayList<>();
    pools.stream()
        .sorted(Comparator.comparing(NodeFacts.Pool::name))
        .filter(pool -> !pool.isOnline())
        .forEach(
            pool ->
                (pool.isUsable() ? degraded : failed)
                    .add("Pool %s is %s.".formatted(pool.name(), pool.health())));
    List<String> missing =
        signals.expectedPools().stream()
            .filter(expected -> pools.stream().noneMatch(pool -> pool.name().equals(expected)))
            .sorted()
            .map(expected -> "Pool %s is missing.".formatted(expected))
            .toList();
    if (failed.isEmpty()) {
      well(Aspect.POOLS_USABLE, "Every pool of %s can be used.");
    } else {
      put(Aspect.POOLS_USABLE, Belief.NO, Reason.POOL_FAILED, of(failed) + lookAt("zpool status"));
    }
    List<String> bad =
        Stream.of(failed, missing, degraded).flatMap(List::stream).collect(Collectors.toList());
    if (bad.isEmpty()) {
      well(Aspect.POOLS_HEALTHY, "Every pool of %s is online.");
    } else {
      put(
          Aspect.POOLS_HEALTHY,
          Belief.NO,
          failed.isEmpty() && missing.isEmpty() ? Reason.POOL_DEGRADED : Reason.POOL_FAILED,
          of(bad) + lookAt("zpool status"));
    }
  }

  /** A healthy pool without redundancy is as its owner wants it; one that lost it is not. */
  private void redundancy(List<NodeFacts.Pool> pools) {
    List<NodeFacts.Pool> degraded =
        pools.stream()
            .filter(pool -> !pool.isOnline())
            .sorted(Comparator.comparing(NodeFacts.Pool::name))
            .toList();
    List<String> bad = new ArrayList<>();
    degraded.stream()
        .filter(pool -> pool.parts().stream().anyMatch(PoolPart::isExhausted))
        .map(pool -> "Pool %s has no redundancy left.".formatted(pool.name()))
        .forEach(bad::add);
    signals.facts().disks().within(OLDEST_HARDLY_CHANGING, now).orElse(List.of()).stream()
        .filter(disk -> disk.isFailing() && disk.lastCopy())
        .sorted(Comparator.comparing(NodeFacts.Disk::path))
        .map(disk -> "Disk %s is failing, and its pool has no other copy.".formatted(title(disk)))
        .forEach(bad::add);
    if (!bad.isEmpty()) {
      put(
          Aspect.POOLS_REDUNDANT,
          Belief.NO,
          Reason.POOL_DEGRADED,
          of(bad) + lookAt("zpool status"));
    } else if (degraded.stream().anyMatch(pool -> pool.parts().isEmpty())) {
      put(
          Aspect.POOLS_REDUNDANT,
          Belief.UNKNOWN,
          Reason.NOT_TOLD,
          "%s does not tell which parts of a pool are lost.");
    } else {
      well(Aspect.POOLS_REDUNDANT, "No pool of %s has lost its redundancy.");
    }
  }

  private void disks(List<NodeFacts.Disk> disks) {
    List<NodeFacts.Disk> used =
        disks.stream()
            .filter(NodeFacts.Disk::inUse)
            .sorted(Comparator.comparing(NodeFacts.Disk::path))
            .toList();
    List<String> failing =
        used.stream()
            .filter(NodeFacts.Disk::isFailing)
            .map(disk -> "Disk %s is failing, says SMART; replace it.".formatted(title(disk)))
            .toList();
    List<String> worn =
        used.stream()
            .filter(disk -> disk.lifeLeftPercent().isPresent())
            .filter(disk -> disk.lifeLeftPercent().getAsInt() <= LIFE_LEFT_LIMIT)
            .map(
                disk ->
                    "Disk %s has at most %d %% of its life left; plan its replacement."
                        .formatted(title(disk), LIFE_LEFT_LIMIT))
            .toList();
    if (failing.isEmpty()) {
      well(Aspect.DISKS_HEALTHY, "SMART finds nothing wrong with the disks in use of %s.");
    } else {
      put(Aspect.DISKS_HEALTHY, Belief.NO, Reason.DISK_FAILING, of(failing));
    }
    put(
        Aspect.DISKS_WORN,
        worn.isEmpty() ? Belief.NO : Belief.YES,
        worn.isEmpty() ? Reason.HEALTHY : Reason.DISK_WORN,
        worn.isEmpty() ? "No disk in use of %s is nearly worn out." : of(worn));
  }

  private static String title(NodeFacts.Disk disk) {
    return "%s (%s, %s)".formatted(disk.path(), disk.model(), disk.serial());
  }

  /** One that was never active here and does not name this node is none of its storages. */
  private void storages(List<NodeFacts.Storage> storages) {
    List<NodeFacts.Storage> own =
        storages.stream()
            .filter(storage -> storage.forGuests() && storage.enabled())
            .filter(
                storage ->
                    storage.everActive() || signals.expectedStorages().contains(storage.id()))
            .toList();
    List<String> inactive =
        own.stream()
            .filter(storage -> storage.active().isNo())
            .map(storage -> "Storage %s is not active.".formatted(storage.id()))
            .sorted()
            .toList();
    List<String> untold =
        own.stream()
            .filter(storage -> storage.active() == Belief.UNKNOWN)
            .map(storage -> storage.id().value())
            .sorted()
            .toList();
    if (inactive.isEmpty() && !untold.isEmpty()) {
      put(
          Aspect.STORAGE_ACTIVE,
          Belief.UNKNOWN,
          Reason.NOT_TOLD,
          "%s does not tell whether storage " + String.join(", ", untold) + " is active.");
    } else if (inactive.isEmpty()) {
      well(Aspect.STORAGE_ACTIVE, "Every storage for guests is active on %s.");
    } else {
      put(
          Aspect.STORAGE_ACTIVE,
          Belief.NO,
          Reason.STORAGE_INACTIVE,
          of(inactive) + lookAt("pvesm status"));
    }
  }

  private void services(List<NodeFacts.Service> services) {
    List<String> down =
        services.stream()
            .filter(service -> NEEDED_SERVICES.contains(service.name()) && !service.running())
            .map(NodeFacts.Service::name)
            .sorted()
            .toList();
    if (down.isEmpty()) {
      well(Aspect.SERVICES_HEALTHY, "The services that a member needs run on %s.");
    } else {
      put(
          Aspect.SERVICES_HEALTHY,
          Belief.NO,
          Reason.SERVICE_DOWN,
          signals.node()
              + ": not running: "
              + String.join(", ", down)
              + "."
              + lookAt("systemctl status " + down.get(0)));
    }
  }

  private void links(List<NodeFacts.Link> links) {
    Set<String> up =
        links.stream()
            .filter(NodeFacts.Link::active)
            .map(NodeFacts.Link::name)
            .collect(Collectors.toSet());
    List<String> down =
        Stream.concat(
                links.stream()
                    .filter(link -> link.autostart() && !link.active())
                    .map(link -> link.name() + " is down."),
                links.stream()
                    .flatMap(
                        bond ->
                            bond.parts().stream()
                                .filter(part -> !up.contains(part))
                                .map(part -> "%s lacks %s.".formatted(bond.name(), part))))
            .sorted()
            .toList();
    if (down.isEmpty()) {
      well(Aspect.LINKS_UP, "The network interfaces of %s are up.");
    } else {
      put(Aspect.LINKS_UP, Belief.NO, Reason.LINK_DOWN, of(down) + lookAt("ip link"));
    }
  }

  private void time(NodeFacts.Clock clock) {
    if (clock(signals).isEmpty()) {
      silent("clock", Aspect.TIME_IN_SYNC);
      return;
    }
    long off = Math.abs(clock.aheadMillis() - rightTime.getAsLong());
    if (off > CLOCK_LIMIT_MILLIS + clock.withinMillis()) {
      put(
          Aspect.TIME_IN_SYNC,
          Belief.NO,
          Reason.CLOCK_OFF,
          "The clock of %s is more than 2 s off from the others; look at chronyc tracking there.");
    } else {
      well(Aspect.TIME_IN_SYNC, "The clock of %s goes with the others.");
    }
  }

  private void certificates(List<NodeFacts.Certificate> certificates) {
    List<String> ending =
        certificates.stream()
            .filter(
                certificate ->
                    certificate
                        .notAfter()
                        .filter(end -> end.isBefore(now.plus(CERTIFICATE_NOTICE)))
                        .isPresent())
            .map(
                certificate ->
                    "Certificate %s ends %s; renew it."
                        .formatted(
                            certificate.file(),
                            certificate.notAfter().get().truncatedTo(ChronoUnit.SECONDS)))
            .sorted()
            .toList();
    if (ending.isEmpty()) {
      well(Aspect.CERTIFICATE_VALID, "The certificates of %s are valid for two more weeks.");
    } else {
      put(Aspect.CERTIFICATE_VALID, Belief.NO, Reason.CERTIFICATE_EXPIRING, of(ending));
    }
  }

  private void load(NodeFacts.Load load) {
    pressure(
        Aspect.MEMORY_PRESSURE,
        Reason.MEMORY_SHORT,
        percent(load.memoryUsedBytes(), load.memoryBytes()),
        95,
        90,
        "The memory of %s is nearly used up; move guests away or give them less.",
        "%s has memory left.");
    pressure(
        Aspect.ROOT_DISK_PRESSURE,
        Reason.ROOT_DISK_FULL,
        percent(load.rootUsedBytes(), load.rootBytes()),
        90,
        85,
        "The root file system of %s is nearly full; remove what is not needed there.",
        "The root file system of %s has space left.");
  }

  private void pressure(
      Aspect aspect, Reason reason, double percent, int high, int low, String bad, String good) {
    boolean was = formerly(aspect).filter(condition -> condition.status().isYes()).isPresent();
    boolean is = percent > (was ? low : high);
    put(aspect, is ? Belief.YES : Belief.NO, is ? reason : Reason.HEALTHY, is ? bad : good);
  }

  private static double percent(long used, long total) {
    return total > 0 ? 100.0 * used / total : 0;
  }

  private void maintenance() {
    if (signals.maintenance()) {
      put(
          Aspect.MAINTENANCE,
          Belief.YES,
          Reason.IN_MAINTENANCE,
          "%s is in Proxmox's maintenance mode; ha-manager crm-command node-maintenance disable"
              + " ends it.");
    } else {
      put(Aspect.MAINTENANCE, Belief.NO, Reason.HEALTHY, "%s is in use.");
    }
  }

  /** The master says fence while it waits for the lock, and unknown again once it has it. */
  private void fenced() {
    String state = signals.haState().orElse("");
    boolean was =
        formerly(Aspect.FENCED).filter(condition -> !condition.status().isNo()).isPresent();
    boolean away = !state.equals("online") && !state.equals("maintenance");
    if (state.equals("fence")) {
      put(
          Aspect.FENCED,
          Belief.UNKNOWN,
          Reason.BEING_FENCED,
          "Proxmox HA waits until %s is surely down, then recovers its guests.");
    } else if (was && away) {
      put(
          Aspect.FENCED,
          Belief.YES,
          Reason.FENCED,
          "%s is down for sure: Proxmox HA has its lock. It may come back.");
    } else if (!away || formerly(Aspect.FENCED).isPresent() || signals.haState().isEmpty()) {
      put(Aspect.FENCED, Belief.NO, Reason.HEALTHY, "%s is not fenced.");
    }
  }

  private Optional<NodeCondition> formerly(Aspect aspect) {
    return Optional.ofNullable(former.get(aspect));
  }

  private void well(Aspect aspect, String message) {
    put(aspect, Belief.YES, Reason.HEALTHY, message);
  }

  private void silent(String what, Aspect... aspects) {
    for (Aspect aspect : aspects) {
      put(
          aspect,
          Belief.UNKNOWN,
          Reason.NOT_TOLD,
          "%s has not told of its " + what + "; nothing is concluded.");
    }
  }

  /** A message may name the node by %s. */
  private void put(Aspect aspect, Belief status, Reason reason, String message) {
    found.put(
        aspect,
        new NodeCondition(aspect, status, reason, message.replace("%s", signals.node().value())));
  }

  private String of(List<String> sentences) {
    return signals.node() + ": " + String.join(" ", sentences);
  }

  private static String lookAt(String command) {
    return " Look at " + command + " there.";
  }
}
