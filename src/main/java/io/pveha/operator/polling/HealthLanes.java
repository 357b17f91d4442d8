package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.HealthQuestion;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Asks members for their health: often for what a guest dies of, seldom for the rest, and hardly
 * ever for disks, since those test themselves for it. Each question is put by itself, so that a
 * storage that hangs hides nothing but itself.
 *
 * <p>Calls per node: 3 a round of the first lane, 4 of the second, 1 of the third.
 */
final class HealthLanes {

  private static final Set<HealthQuestion> OFTEN =
      EnumSet.of(HealthQuestion.POOLS, HealthQuestion.SERVICES, HealthQuestion.STORAGES);
  private static final Set<HealthQuestion> SELDOM =
      EnumSet.of(
          HealthQuestion.LINKS,
          HealthQuestion.CLOCK,
          HealthQuestion.LOAD,
          HealthQuestion.CERTIFICATES);
  private static final Set<HealthQuestion> HARDLY_EVER = EnumSet.of(HealthQuestion.DISKS);

  /** Disks that test themselves take their time. */
  private static final int PATIENCE_ROUNDS = 10;

  private record Asked(NodeName node, HealthQuestion what) implements Comparable<Asked> {
    @Override
    public int compareTo(Asked other) {
      return Comparator.comparing(Asked::node).thenComparing(Asked::what).compare(this, other);
    }
  }

  private final ClusterAccess access;
  private final Clock clock;
  private final Supplier<Optional<FastFacts>> known;
  private final Consumer<Map<NodeName, UnaryOperator<NodeFacts>>> told;
  private final Asking<Asked> asking;
  private final List<Lane> lanes;
  private boolean started;

  HealthLanes(
      String name,
      ClusterAccess access,
      WatcherThreads threads,
      Pace pace,
      Clock clock,
      Supplier<Optional<FastFacts>> known,
      Consumer<Map<NodeName, UnaryOperator<NodeFacts>>> told) {
    this.access = access;
    this.clock = clock;
    this.known = known;
    this.told = told;
    this.asking = new Asking<>(threads.askers());
    Duration patience = pace.patience();
    Duration longPatience = patience.multipliedBy(PATIENCE_ROUNDS);
    this.lanes =
        List.of(
            new Lane(name + " health", threads, pace.health(), () -> round(OFTEN, patience)),
            new Lane(name + " nodes", threads, pace.slow(), () -> round(SELDOM, patience)),
            new Lane(
                name + " disks", threads, pace.disks(), () -> round(HARDLY_EVER, longPatience)));
  }

  /** From now on, once it is known which member to ask. */
  synchronized void start() {
    if (!started) {
      started = true;
      lanes.forEach(Lane::now);
    }
  }

  void stop() {
    lanes.forEach(Lane::stop);
  }

  private void round(Set<HealthQuestion> questions, Duration patience) {
    known.get().ifPresent(fast -> told.accept(ask(fast, questions, patience)));
  }

  private Map<NodeName, UnaryOperator<NodeFacts>> ask(
      FastFacts fast, Set<HealthQuestion> questions, Duration patience) {
    Map<NodeName, UnaryOperator<NodeFacts>> answers = new TreeMap<>();
    Map<NodeName, NodeName> speakers = new TreeMap<>();
    List<Asked> toAsk = new ArrayList<>();
    for (Member member : fast.members()) {
      Optional<NodeName> speaker = speaker(fast, member.name());
      speaker.ifPresent(name -> speakers.put(member.name(), name));
      for (HealthQuestion question : questions) {
        if (speaker.isPresent()) {
          toAsk.add(new Asked(member.name(), question));
        } else {
          add(answers, member.name(), question.unanswered(clock.instant(), "it is not online"));
        }
      }
    }
    asking
        .ask(toAsk, patience, asked -> ask(asked, speakers.get(asked.node())))
        .forEach(
            (asked, answer) ->
                add(
                    answers,
                    asked.node(),
                    answer.orElseGet(
                        () ->
                            asked
                                .what()
                                .unanswered(clock.instant(), "it did not answer in time"))));
    return answers;
  }

  private UnaryOperator<NodeFacts> ask(Asked asked, NodeName speaker) {
    return asked.what().query(asked.node(), speaker, access.node(speaker), clock).get();
  }

  private static void add(
      Map<NodeName, UnaryOperator<NodeFacts>> answers,
      NodeName node,
      UnaryOperator<NodeFacts> answer) {
    answers.merge(node, answer, (one, other) -> facts -> other.apply(one.apply(facts)));
  }

  /**
   * Who tells about a node: itself; or, when only we can't reach it, a member that has it online.
   */
  private static Optional<NodeName> speaker(FastFacts fast, NodeName node) {
    List<MembershipView> quorate = fast.quorateViews();
    return quorate.stream()
        .map(MembershipView::self)
        .filter(node::equals)
        .findFirst()
        .or(
            () ->
                quorate.stream()
                    .filter(view -> FastFacts.sees(view, node))
                    .map(MembershipView::self)
                    .findFirst());
  }
}
