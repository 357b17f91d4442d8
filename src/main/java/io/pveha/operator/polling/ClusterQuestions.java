package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.HealthCalls;
import io.pveha.proxmox.PlacementCalls;
import io.pveha.proxmox.PlacementCalls.Group;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.proxmox.PlacementCalls.Rule;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.ReplicationCalls;
import io.pveha.proxmox.StorageCalls;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What members tell of the whole cluster and what changes rarely. Each question is put by itself:
 * lists to two members, everything else to one; where a member fails or owes an answer, the next
 * one is asked.
 */
final class ClusterQuestions {

  private static final String AUTHORITY = "pve-root-ca.pem";

  /** Members that are asked one question in one round. */
  private static final int MOST_MEMBERS = 3;

  private record Put(SlowQuestion question, NodeName member) implements Comparable<Put> {
    @Override
    public int compareTo(Put other) {
      return Comparator.comparing(Put::member).thenComparing(Put::question).compare(this, other);
    }
  }

  private record Members(ClusterCalls.JoinInfo join, Optional<String> authority) {}

  private record Placement(Means means, List<Group> groups, List<Rule> rules) {
    Placement with(Placement other) {
      return means == other.means
          ? new Placement(
              means,
              Lists.union(groups, other.groups, Group::group),
              Lists.union(rules, other.rules, Rule::rule))
          : this;
    }
  }

  private final ClusterAccess access;
  private final Asking<Put> asking;
  private final Duration patience;
  private final Clock clock;
  private final Map<SlowQuestion, ClusterQuestion<?>> all = new EnumMap<>(SlowQuestion.class);
  private final ClusterQuestion<Members> members;
  private final ClusterQuestion<Optional<ClusterCalls.QuorumDevice>> device;
  private final ClusterQuestion<Placement> placement;
  private final ClusterQuestion<List<HaCalls.Resource>> resources;
  private final ClusterQuestion<List<HaCalls.StatusRow>> haStatus;
  private final ClusterQuestion<List<ReplicationCalls.Job>> jobs;
  private final ClusterQuestion<List<StorageCalls.Storage>> storages;
  private final ClusterQuestion<Map<String, String>> options;
  private final ClusterQuestion<HeldPrivileges> privileges;
  private volatile List<Integer> majors = List.of();

  ClusterQuestions(ClusterAccess access, WatcherThreads threads, Duration patience, Clock clock) {
    this.access = access;
    this.asking = new Asking<>(threads.askers());
    this.patience = patience;
    this.clock = clock;
    this.members = one(SlowQuestion.MEMBERS, this::askMembers);
    this.device =
        one(
            SlowQuestion.DEVICE,
            member -> new ClusterCalls(access.node(member)).quorumDevice().get());
    this.placement =
        both(
            SlowQuestion.PLACEMENT,
            member -> askPlacement(access.node(member)),
            (one, other) -> one.with(other));
    this.resources =
        both(
            SlowQuestion.RESOURCES,
            member -> new HaCalls(access.node(member)).resources().get(),
            (one, other) -> Lists.union(one, other, HaCalls.Resource::sid));
    this.haStatus =
        one(SlowQuestion.HA_STATUS, member -> new HaCalls(access.node(member)).current().get());
    this.jobs =
        both(
            SlowQuestion.JOBS,
            member -> new ReplicationCalls(access.node(member)).jobs().get(),
            (one, other) -> Lists.union(one, other, ReplicationCalls.Job::id));
    this.storages =
        both(
            SlowQuestion.STORAGES,
            member -> new StorageCalls(access.node(member)).storages().get(),
            (one, other) -> Lists.union(one, other, StorageCalls.Storage::storage));
    this.options =
        one(SlowQuestion.OPTIONS, member -> new ClusterCalls(access.node(member)).options().get());
    this.privileges = one(SlowQuestion.PRIVILEGES, this::askPrivileges);
  }

  private <T> ClusterQuestion<T> one(SlowQuestion name, Function<NodeName, T> question) {
    return put(name, question, Optional.empty());
  }

  private <T> ClusterQuestion<T> both(
      SlowQuestion name, Function<NodeName, T> question, BinaryOperator<T> union) {
    return put(name, question, Optional.of(union));
  }

  private <T> ClusterQuestion<T> put(
      SlowQuestion name, Function<NodeName, T> question, Optional<BinaryOperator<T>> union) {
    ClusterQuestion<T> put =
        new ClusterQuestion<>(question, union, patience.multipliedBy(2), clock);
    all.put(name, put);
    return put;
  }

  /**
   * A round: asks for everything, and waits no longer than the patience for each member.
   *
   * @param quorate members that hold the quorum, best first
   * @param nodes what nodes told of themselves
   * @return questions that were answered
   */
  Set<SlowQuestion> ask(List<NodeName> quorate, Map<NodeName, SlowFacts.Node> nodes) {
    majors =
        nodes.values().stream()
            .map(node -> new ClusterCalls.Version(node.version(), null).major())
            .toList();
    Set<SlowQuestion> answered =
        ask(quorate, EnumSet.complementOf(EnumSet.of(SlowQuestion.PRIVILEGES)));
    // Asked last: what was taken away before has shortened the lists above.
    answered.addAll(ask(quorate, EnumSet.of(SlowQuestion.PRIVILEGES)));
    return answered;
  }

  private Set<SlowQuestion> ask(List<NodeName> quorate, Set<SlowQuestion> questions) {
    Map<SlowQuestion, Integer> answers = new EnumMap<>(SlowQuestion.class);
    Set<Put> tried = new HashSet<>();
    for (int turn = 0; turn < MOST_MEMBERS; turn++) {
      List<Put> toPut = new ArrayList<>();
      for (SlowQuestion question : questions) {
        int wanted = (question.isList() ? 2 : 1) - answers.getOrDefault(question, 0);
        quorate.stream()
            .map(member -> new Put(question, member))
            .filter(put -> !tried.contains(put) && !asking.isOwed(put))
            .limit(wanted)
            .forEach(toPut::add);
      }
      if (toPut.isEmpty()) {
        break;
      }
      tried.addAll(toPut);
      asking
          .ask(toPut, patience, put -> all.get(put.question()).ask(put.member()))
          .forEach(
              (put, told) -> {
                if (told.orElse(false)) {
                  answers.merge(put.question(), 1, Integer::sum);
                }
              });
    }
    Set<SlowQuestion> answered = EnumSet.noneOf(SlowQuestion.class);
    answered.addAll(answers.keySet());
    return answered;
  }

  /** The failure that says most, of those questions; empty when they are only slow. */
  Optional<ProxmoxFailure> failure(Set<SlowQuestion> questions) {
    return questions.stream()
        .flatMap(question -> all.get(question).failure().stream())
        .min(Comparator.comparing(ProxmoxFailure::mayPass));
  }

  /** A fault of the operator at one of those questions. */
  Optional<RuntimeException> fault(Set<SlowQuestion> questions) {
    return questions.stream().flatMap(question -> all.get(question).fault().stream()).findFirst();
  }

  /**
   * All that is known; empty while a question was never answered.
   *
   * @param answered questions that were answered in this round
   */
  Optional<SlowFacts> facts(
      List<NodeName> quorate,
      Set<SlowQuestion> answered,
      Map<NodeName, SlowFacts.Node> nodes,
      Map<NodeName, String> notes,
      Map<NodeName, SlowFacts.GuestDisks> disks,
      Instant at) {
    Map<SlowQuestion, Told> told = new EnumMap<>(SlowQuestion.class);
    for (Map.Entry<SlowQuestion, ClusterQuestion<?>> question : all.entrySet()) {
      question
          .getValue()
          .known(quorate)
          .ifPresent(
              known ->
                  told.put(
                      question.getKey(),
                      new Told(
                          known.at(),
                          known.members(),
                          answered.contains(question.getKey())
                              ? Optional.empty()
                              : question.getValue().failure().map(ProxmoxFailure::getMessage),
                          false)));
    }
    if (told.size() < all.size()) {
      return Optional.empty();
    }
    Members join = members.known(quorate).orElseThrow().value();
    ClusterQuestion.Known<Placement> placed = placement.known(quorate).orElseThrow();
    return Optional.of(
        new SlowFacts(
            at,
            resources.known(quorate).orElseThrow().first(),
            nodes,
            join.join(),
            join.authority(),
            device.known(quorate).orElseThrow().value(),
            placed.value().means(),
            placed.value().groups(),
            placed.value().rules(),
            resources.known(quorate).orElseThrow().value(),
            haStatus.known(quorate).orElseThrow().value(),
            jobs.known(quorate).orElseThrow().value(),
            storages.known(quorate).orElseThrow().value(),
            options.known(quorate).orElseThrow().value(),
            notes,
            disks,
            answered.contains(SlowQuestion.PRIVILEGES)
                ? privileges.known(quorate).orElseThrow().value()
                : HeldPrivileges.unknown("no member answered in time"),
            told,
            StartFacts.NONE));
  }

  private Members askMembers(NodeName member) {
    ProxmoxApi api = access.node(member);
    ClusterCalls.JoinInfo join = new ClusterCalls(api).joinInfo().get();
    join.nodelist().stream()
        .filter(node -> node.fingerprint() != null)
        .forEach(node -> access.learn(new NodeName(node.name()), node.fingerprint()));
    return new Members(join, authority(api, member));
  }

  /** All members have the same, in the files that the cluster shares. */
  private static Optional<String> authority(ProxmoxApi cluster, NodeName member) {
    try {
      return new HealthCalls(cluster)
          .certificates(member).get().stream()
              .filter(certificate -> AUTHORITY.equals(certificate.filename()))
              .map(HealthCalls.Certificate::fingerprint)
              .filter(Objects::nonNull)
              .findFirst();
    } catch (ProxmoxFailure unknown) {
      return Optional.empty();
    }
  }

  private Placement askPlacement(ProxmoxApi api) {
    PlacementCalls calls = new PlacementCalls(api);
    IntSummaryStatistics known =
        (majors.isEmpty()
                ? IntStream.of(new ClusterCalls(api).version().get().understood().major())
                : majors.stream().mapToInt(Integer::intValue))
            .summaryStatistics();
    Means means = calls.means(known.getMin(), known.getMax()).get();
    return new Placement(
        means,
        means == Means.GROUPS ? calls.groups().get() : List.of(),
        means == Means.RULES ? calls.rules().get() : List.of());
  }

  private HeldPrivileges askPrivileges(NodeName member) {
    try {
      return TokenPrivileges.of(access.node(member)).get();
    } catch (ProxmoxFailure untold) {
      return HeldPrivileges.unknown(untold.getMessage());
    }
  }
}
