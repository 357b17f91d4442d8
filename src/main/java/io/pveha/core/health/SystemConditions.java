package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Conditions of the system of a node: services, network, clock, certificates, memory, root disk.
 */
final class SystemConditions {

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

  private static final Duration CERTIFICATE_NOTICE = Duration.ofDays(14);
  private static final long CLOCK_LIMIT_MILLIS = 2000;

  /** Fewer clocks can't outvote a wrong one; then ours is taken for right. */
  private static final int CLOCKS_FOR_A_VOTE = 3;

  private final NodeSignals signals;
  private final NodeFindings found;
  private final OptionalLong rightTime;
  private final Instant now;

  SystemConditions(NodeSignals signals, NodeFindings found, OptionalLong rightTime, Instant now) {
    this.signals = signals;
    this.found = found;
    this.rightTime = rightTime;
    this.now = now;
  }

  /** Of services, interfaces, clock, certificates and load, as far as told lately. */
  void judge() {
    NodeFacts facts = signals.facts();
    found.judge(
        facts.services(),
        NodeConditions.OLDEST_OFTEN_ASKED,
        this::services,
        "services",
        NodeConditionType.SERVICES_HEALTHY);
    found.judge(
        facts.links(),
        NodeConditions.OLDEST_SELDOM_ASKED,
        this::links,
        "network interfaces",
        NodeConditionType.LINKS_UP);
    found.judge(
        facts.clock(),
        NodeConditions.OLDEST_SELDOM_ASKED,
        this::time,
        "clock",
        NodeConditionType.TIME_IN_SYNC);
    found.judge(
        facts.certificates(),
        NodeConditions.OLDEST_HARDLY_CHANGING,
        this::certificates,
        "certificates",
        NodeConditionType.CERTIFICATE_VALID);
    found.judge(
        facts.load(),
        NodeConditions.OLDEST_SELDOM_ASKED,
        this::load,
        "load",
        NodeConditionType.MEMORY_PRESSURE,
        NodeConditionType.ROOT_DISK_PRESSURE);
  }

  /** How far the clocks of most nodes are ahead of ours. */
  static OptionalLong rightTime(Collection<NodeSignals> nodes) {
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

  private void services(List<NodeFacts.Service> services) {
    List<String> down =
        services.stream()
            .filter(service -> NEEDED_SERVICES.contains(service.name()) && !service.running())
            .map(NodeFacts.Service::name)
            .sorted()
            .toList();
    if (down.isEmpty()) {
      found.well(NodeConditionType.SERVICES_HEALTHY, "The services that a member needs run on %s.");
    } else {
      found.put(
          NodeConditionType.SERVICES_HEALTHY,
          Belief.NO,
          ConditionReason.SERVICE_DOWN,
          signals.node()
              + ": not running: "
              + String.join(", ", down)
              + "."
              + NodeFindings.lookAt("systemctl status " + down.get(0)));
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
      found.well(NodeConditionType.LINKS_UP, "The network interfaces of %s are up.");
    } else {
      found.put(
          NodeConditionType.LINKS_UP,
          Belief.NO,
          ConditionReason.LINK_DOWN,
          found.list(down) + NodeFindings.lookAt("ip link"));
    }
  }

  private void time(NodeFacts.Clock clock) {
    if (clock(signals).isEmpty()) {
      found.silent("clock", NodeConditionType.TIME_IN_SYNC);
      return;
    }
    long off = Math.abs(clock.aheadMillis() - rightTime.getAsLong());
    if (off > CLOCK_LIMIT_MILLIS + clock.withinMillis()) {
      found.put(
          NodeConditionType.TIME_IN_SYNC,
          Belief.NO,
          ConditionReason.CLOCK_OFF,
          "The clock of %s differs from the others by more than 2 s; check chronyc tracking "
              + "there.");
    } else {
      found.well(NodeConditionType.TIME_IN_SYNC, "The clock of %s agrees with the others.");
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
      found.well(
          NodeConditionType.CERTIFICATE_VALID,
          "The certificates of %s are valid for two more weeks.");
    } else {
      found.put(
          NodeConditionType.CERTIFICATE_VALID,
          Belief.NO,
          ConditionReason.CERTIFICATE_EXPIRING,
          found.list(ending));
    }
  }

  private void load(NodeFacts.Load load) {
    pressure(
        NodeConditionType.MEMORY_PRESSURE,
        ConditionReason.MEMORY_SHORT,
        percent(load.memoryUsedBytes(), load.memoryBytes()),
        95,
        90,
        "The memory of %s is nearly used up; move guests away or give them less.",
        "%s has memory left.");
    pressure(
        NodeConditionType.ROOT_DISK_PRESSURE,
        ConditionReason.ROOT_DISK_FULL,
        percent(load.rootUsedBytes(), load.rootBytes()),
        90,
        85,
        "The root file system of %s is nearly full; remove what is not needed there.",
        "The root file system of %s has space left.");
  }

  private void pressure(
      NodeConditionType type,
      ConditionReason reason,
      double percent,
      int high,
      int low,
      String bad,
      String good) {
    boolean was = found.formerly(type).filter(condition -> condition.status().isYes()).isPresent();
    boolean is = percent > (was ? low : high);
    found.put(
        type, is ? Belief.YES : Belief.NO, is ? reason : ConditionReason.HEALTHY, is ? bad : good);
  }

  private static double percent(long used, long total) {
    return total > 0 ? 100.0 * used / total : 0;
  }
}
