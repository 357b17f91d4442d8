package io.pveha.proxmox;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeFacts.Storage;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolDisk;
import io.pveha.core.cluster.PoolName;
import io.pveha.core.cluster.PoolPart;
import io.pveha.core.cluster.StorageId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a node is asked about its health, one call each. An answer, or its absence, is a change of
 * what is known: a question that fails makes that one fact older, and takes nothing away.
 */
public enum HealthQuestion {
  POOLS(Part.of(NodeFacts::pools, NodeFacts::withPools, HealthQuestion::pools)),
  SERVICES(Part.of(NodeFacts::services, NodeFacts::withServices, HealthQuestion::services)),
  STORAGES(
      new Part<>(
          NodeFacts::storages,
          NodeFacts::withStorages,
          (api, node, clock) -> new StorageCalls(api).storageStatus(node),
          HealthQuestion::standing)),
  LINKS(Part.of(NodeFacts::links, NodeFacts::withLinks, HealthQuestion::links)),
  CLOCK(Part.of(NodeFacts::clock, NodeFacts::withClock, HealthQuestion::clockOf)),
  LOAD(Part.of(NodeFacts::load, NodeFacts::withLoad, HealthQuestion::load)),
  CERTIFICATES(
      Part.of(NodeFacts::certificates, NodeFacts::withCertificates, HealthQuestion::certificates)),
  /** Makes every disk test itself, which takes seconds. */
  DISKS(Part.of(NodeFacts::disks, NodeFacts::withDisks, HealthQuestion::disks));

  private final Part<?, ?> part;

  HealthQuestion(Part<?, ?> part) {
    this.part = part;
  }

  /**
   * How to ask, and how the answer changes what is known; a failure is an answer too.
   *
   * @param node that the question is about
   * @param speaker the node that is asked; another one than {@code node} passes the question on
   * @param api of the speaker
   */
  public Query<UnaryOperator<NodeFacts>> query(
      NodeName node, NodeName speaker, ProxmoxApi api, Clock clock) {
    return part.query(node, speaker, api, clock);
  }

  /** What is known after an attempt that came to nothing. */
  public UnaryOperator<NodeFacts> unanswered(Instant at, String why) {
    return part.unanswered(at, why);
  }

  private interface Call<A> {
    Query<A> query(ProxmoxApi api, NodeName node, Clock clock);
  }

  private interface Reading<A, T> {
    T read(A answer, Optional<T> former);
  }

  private interface With<T> {
    NodeFacts put(NodeFacts facts, Fact<T> fact);
  }

  /** One fact of a node: where it is kept, how it is asked for, and how the answer is read. */
  private record Part<A, T>(
      Function<NodeFacts, Fact<T>> get, With<T> with, Call<A> call, Reading<A, T> reading) {

    static <T> Part<T, T> of(Function<NodeFacts, Fact<T>> get, With<T> with, Call<T> call) {
      return new Part<>(get, with, call, (answer, former) -> answer);
    }

    Query<UnaryOperator<NodeFacts>> query(
        NodeName node, NodeName speaker, ProxmoxApi api, Clock clock) {
      // An answer that comes late is as old as its question.
      Instant at = clock.instant();
      return call.query(api, node, clock)
          .map(answer -> told(answer, speaker, at))
          .or(failure -> unanswered(at, failure.getMessage()));
    }

    private UnaryOperator<NodeFacts> told(A answer, NodeName speaker, Instant at) {
      return facts ->
          with.put(facts, Fact.told(reading.read(answer, get.apply(facts).value()), speaker, at));
    }

    UnaryOperator<NodeFacts> unanswered(Instant at, String why) {
      return facts -> with.put(facts, get.apply(facts).failed(at, why));
    }
  }

  private static Query<List<NodeFacts.Pool>> pools(ProxmoxApi api, NodeName node, Clock clock) {
    return new StorageCalls(api)
        .pools(node)
        .then(
            pools ->
                Query.all(
                    pools.stream()
                        .filter(pool -> pool.name() != null)
                        .map(
                            pool ->
                                new NodeFacts.Pool(
                                    new PoolName(pool.name()), String.valueOf(pool.health())))
                        .map(
                            pool ->
                                pool.isOnline() ? Query.answered(pool) : withParts(api, node, pool))
                        .toList()));
  }

  private static Query<NodeFacts.Pool> withParts(
      ProxmoxApi api, NodeName node, NodeFacts.Pool pool) {
    return parts(api, node, pool.name())
        .map(parts -> new NodeFacts.Pool(pool.name(), pool.health(), parts));
  }

  /** Empty when a pool does not tell. */
  private static Query<List<PoolPart>> parts(ProxmoxApi api, NodeName node, PoolName pool) {
    return new StorageCalls(api)
        .pool(node, pool.value())
        .map(detail -> detail.children().stream().map(HealthQuestion::part).toList())
        .or(untold -> List.of());
  }

  private static PoolPart part(StorageCalls.Vdev vdev) {
    return new PoolPart(
        vdev.name(), vdev.state(), vdev.children().stream().map(HealthQuestion::part).toList());
  }

  private static Query<List<NodeFacts.Service>> services(
      ProxmoxApi api, NodeName node, Clock clock) {
    return new HealthCalls(api)
        .services(node)
        .map(
            services ->
                services.stream()
                    .filter(HealthCalls.Service::isWanted)
                    .map(
                        service ->
                            new NodeFacts.Service(
                                String.valueOf(service.service()),
                                service.isRunning(),
                                String.valueOf(service.state())))
                    .toList());
  }

  private static List<Storage> standing(
      List<StorageCalls.StorageStatus> answer, Optional<List<Storage>> former) {
    Set<StorageId> everActive =
        former.stream()
            .flatMap(List::stream)
            .filter(Storage::everActive)
            .map(Storage::id)
            .collect(Collectors.toCollection(HashSet::new));
    return answer.stream()
        .filter(storage -> storage.storage() != null)
        .map(
            storage -> {
              StorageId id = new StorageId(storage.storage());
              return new Storage(
                  id,
                  storage.isForGuests(),
                  storage.enabled(),
                  storage.active() == null
                      ? Belief.UNKNOWN
                      : storage.isActive() ? Belief.YES : Belief.NO,
                  storage.isActive() || everActive.contains(id));
            })
        .toList();
  }

  private static Query<List<NodeFacts.Link>> links(ProxmoxApi api, NodeName node, Clock clock) {
    return new HealthCalls(api)
        .network(node)
        .map(
            links ->
                links.stream()
                    .map(
                        link ->
                            new NodeFacts.Link(
                                link.iface(),
                                String.valueOf(link.type()),
                                link.active(),
                                link.autostart(),
                                words(link.slaves())))
                    .toList());
  }

  private static List<String> words(String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split("[ ,;]+")).filter(word -> !word.isBlank()).sorted().toList();
  }

  /** Its time was taken between our question and its answer, and lacks the part of a second. */
  private static Query<NodeFacts.Clock> clockOf(ProxmoxApi api, NodeName node, Clock clock) {
    Instant asked = clock.instant();
    return new HealthCalls(api)
        .time(node)
        .map(
            time -> {
              Duration took = Duration.between(asked, clock.instant());
              Instant between = asked.plus(took.dividedBy(2));
              return new NodeFacts.Clock(
                  Duration.between(between, time.plusMillis(500)).toMillis(),
                  500 + took.toMillis() / 2);
            });
  }

  private static Query<NodeFacts.Load> load(ProxmoxApi api, NodeName node, Clock clock) {
    return new HealthCalls(api)
        .status(node)
        .map(
            status ->
                new NodeFacts.Load(
                    status.memory().total(),
                    status.memory().used(),
                    status.rootfs().total(),
                    status.rootfs().used()));
  }

  private static Query<List<NodeFacts.Certificate>> certificates(
      ProxmoxApi api, NodeName node, Clock clock) {
    return new HealthCalls(api)
        .certificates(node)
        .map(
            certificates ->
                certificates.stream()
                    .map(
                        certificate ->
                            new NodeFacts.Certificate(
                                String.valueOf(certificate.filename()), certificate.notAfter()))
                    .toList());
  }

  private static Query<List<NodeFacts.Disk>> disks(ProxmoxApi api, NodeName node, Clock clock) {
    return new StorageCalls(api).disksWithHealth(node).then(told -> withParts(api, node, told));
  }

  /** Whether a pool needs a disk is asked only where one fails. */
  private static Query<List<NodeFacts.Disk>> withParts(
      ProxmoxApi api, NodeName node, List<StorageCalls.Disk> told) {
    Rows.problem(told)
        .ifPresent(
            problem -> {
              throw Answers.strange(problem);
            });
    List<NodeFacts.Disk> disks = told.stream().map(disk -> disk(disk, List.of())).toList();
    if (disks.stream().noneMatch(NodeFacts.Disk::isFailing)) {
      return Query.answered(disks);
    }
    return new StorageCalls(api)
        .pools(node)
        .then(
            pools ->
                Query.all(
                    pools.stream()
                        .filter(pool -> pool.name() != null)
                        .map(pool -> parts(api, node, new PoolName(pool.name())))
                        .toList()))
        .map(
            parts -> {
              List<PoolPart> all = parts.stream().flatMap(List::stream).toList();
              return told.stream().map(disk -> disk(disk, all)).toList();
            });
  }

  private static NodeFacts.Disk disk(StorageCalls.Disk disk, List<PoolPart> parts) {
    PoolDisk known =
        new PoolDisk(
            String.valueOf(disk.devpath()),
            Optional.ofNullable(disk.byIdLink()).orElse(""),
            Optional.ofNullable(disk.serial()).orElse(""));
    return new NodeFacts.Disk(
        disk.devpath(),
        String.valueOf(disk.model()),
        String.valueOf(disk.serial()),
        disk.used() != null,
        Optional.ofNullable(disk.health()),
        percent(disk.wearout()),
        parts.stream().anyMatch(part -> part.needs(known)));
  }

  private static OptionalInt percent(String text) {
    return text != null && text.matches("[0-9]{1,3}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
