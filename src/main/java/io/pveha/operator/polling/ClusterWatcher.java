package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.NodeView;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.core.safety.WriteGrant;
import io.pveha.core.safety.WriteGrounds;
import io.pveha.core.safety.WritePermit;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.FailureWords;
import io.pveha.operator.polling.SlowFacts.GuestDisks;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.rest.ClusterConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Asks one cluster. While it is being formed, each node is asked for itself; then members are asked
 * for the cluster. What changed is told, what did not is not.
 */
public final class ClusterWatcher {

  /** Is told of news. */
  interface Listener {
    void changed(Observation before, Observation now, Set<String> tasks);
  }

  /** Answers that come within this time make one picture. */
  private static final Duration TOGETHER = Duration.ofMillis(20);

  private final ClusterAccess access;
  private final boolean formed;
  private final Clock clock;
  private final Pace pace;
  private final Asking<NodeName> asking;
  private final Asking<NodeName> askingSlowly;
  private final Asking<NodeName> askingTasks;
  private final Asking<NodeName> askingForDisks;
  private final ClusterQuestions clusterQuestions;
  private final StartLook starts;
  private final TaskDesk tasks;
  private final Listener changed;
  private final AtomicReference<Observation> known;
  private final AtomicReference<Observation> told;
  private final MembershipLoops members;
  private final MemberLists lists;
  private final Questions<NodeName> taskQuestions;
  private final Object telling = new Object();
  private volatile boolean stopped;
  private volatile Instant slowRoundAt = Instant.EPOCH;
  private final Lane fastLane;
  private final Lane taskLane;
  private final Lane slowLane;
  private final HealthLanes healthLanes;

  ClusterWatcher(
      String name,
      ClusterAccess access,
      boolean formed,
      Observation start,
      WatcherThreads threads,
      Pace pace,
      Clock clock,
      Listener changed) {
    this.access = access;
    this.formed = formed;
    this.clock = clock;
    this.pace = pace;
    this.asking = new Asking<>(threads.askers());
    this.askingSlowly = new Asking<>(threads.askers());
    this.askingTasks = new Asking<>(threads.askers());
    this.askingForDisks = new Asking<>(threads.askers());
    this.clusterQuestions = new ClusterQuestions(access, threads, pace.patience(), clock);
    this.starts =
        new StartLook(access, new Asking<>(threads.askers()), pace.patience().multipliedBy(3));
    this.tasks = new TaskDesk(access, formed);
    this.changed = changed;
    Observation own = start.ofAnotherWatcher();
    this.known = new AtomicReference<>(own);
    this.told = new AtomicReference<>(own);
    this.members = new MembershipLoops(name, access, names(), threads, pace, clock, this::heard);
    this.lists = new MemberLists(name, access, names(), threads, pace, clock, this::heard);
    this.taskQuestions = new Questions<>(threads);
    this.fastLane =
        new Lane(
            name + " fast",
            threads,
            () -> Optional.of(pace.fast()),
            formed ? this::putTogether : this::look,
            this::failed);
    this.taskLane = new Lane(name + " tasks", threads, pace.fast(), this::followTasks);
    this.slowLane = new Lane(name + " slow", threads, pace.slow(), this::slowRound);
    this.healthLanes =
        new HealthLanes(
            name,
            access,
            threads,
            pace,
            clock,
            () -> known.get().fast().filter(unused -> known.get().trouble().isEmpty()),
            answers -> update(seen -> seen.withHealth(health -> health.told(answers)), Set.of()));
  }

  void start() {
    if (formed) {
      members.now();
      taskLane.now();
    } else {
      fastLane.now();
    }
    if (known.get().slow().isPresent()) {
      slowLane.now();
    }
  }

  void stop() {
    stopped = true;
    members.stop();
    lists.stop();
    fastLane.stop();
    taskLane.stop();
    slowLane.stop();
    healthLanes.stop();
  }

  /** The latest. */
  public Observation observation() {
    return known.get().asOf(clock.instant());
  }

  public ClusterAccess access() {
    return access;
  }

  /** Whether it could be asked in the last round: else nothing is written to it. */
  public boolean isInSight() {
    return observation().trouble().isEmpty();
  }

  /** Tasks of this cluster that somebody waits for. */
  public TaskDesk tasks() {
    return tasks;
  }

  /** Looks at everything again at once, since something was just asked of it. */
  public void refresh() {
    if (formed) {
      members.now();
      lists.now();
      taskLane.now();
      slowLane.now();
    } else {
      fastLane.now();
    }
  }

  /**
   * Members that held the quorum in the last round, as one connection.
   *
   * @throws ProxmoxFailure.Unreachable when no member is known to hold it
   */
  public ProxmoxApi quorateMembers() {
    return quorateMembers(access::node);
  }

  /**
   * The same for writes.
   *
   * @throws ProxmoxFailure.Unreachable when no member is known to hold it
   */
  public ProxmoxApi quorateMembers(WriteGrant grant) {
    return quorateMembers(node -> access.node(node, grant));
  }

  private ProxmoxApi quorateMembers(Function<NodeName, ProxmoxApi> connection) {
    List<NodeName> quorate = known.get().fast().map(FastFacts::quorateMembers).orElse(List.of());
    if (quorate.isEmpty()) {
      throw new ProxmoxFailure.Unreachable("no member is known to hold the quorum");
    }
    return new ClusterConnection(quorate.stream().map(connection).toList(), clock);
  }

  /**
   * The permit of what is planned of a formed cluster.
   *
   * @param planned what the plan is made of
   * @param owned whether what is written belongs to who plans it, asked at each write
   * @param leads whether this process leads, asked at each write
   */
  public WritePermit permit(
      boolean observeOnly, ClusterFacts planned, BooleanSupplier owned, BooleanSupplier leads) {
    return new WritePermit(
        observeOnly,
        planned.grounds(Optional.empty()),
        () ->
            grounds(
                seen -> seen.facts().map(f -> f.restingOn(planned.needs()).grounds(unseen(seen)))),
        owned,
        leads);
  }

  /**
   * The permit of what is planned of nodes that are formed into a cluster.
   *
   * @param viewsAt when they were asked for themselves
   */
  public WritePermit formingPermit(
      boolean observeOnly, Instant viewsAt, BooleanSupplier owned, BooleanSupplier leads) {
    return new WritePermit(
        observeOnly,
        WriteGrounds.forming(Optional.empty(), viewsAt),
        () -> grounds(seen -> seen.viewsAt().map(at -> WriteGrounds.forming(unseen(seen), at))),
        owned,
        leads);
  }

  /** Of a watcher that was stopped nothing is known: another one may look elsewhere. */
  private Optional<WriteGrounds> grounds(Function<Observation, Optional<WriteGrounds>> of) {
    return stopped ? Optional.empty() : of.apply(observation());
  }

  /** Also a round that is missed, for whatever reason, is no time to write. */
  private static Optional<Finding> unseen(Observation seen) {
    return seen.trouble()
        .map(why -> Finding.informs(ConditionReason.GUARD_HOLDS, why.problem().message()));
  }

  private void look() {
    Instant at = clock.instant();
    FormationLook look = new FormationLook(access);
    Map<NodeName, NodeView> views = new TreeMap<>();
    asking
        .ask(names(), pace.patience(), look::at)
        .forEach((node, view) -> views.put(node, view.orElseGet(() -> tooSlow(node))));
    Set<String> tasksNews = tasks.look(askingTasks, pace.patience());
    update(observation -> observation.withViews(views, at), tasksNews);
  }

  private NodeView tooSlow(NodeName node) {
    return NodeView.unreachable(
        ConditionReason.ENDPOINT_UNREACHABLE,
        "spec.nodes[%d].address: %s did not answer in time; bring the node up."
            .formatted(
                access.spec().nodes().indexOf(access.spec().node(node.value()).orElseThrow()),
                node));
  }

  /** Something was heard; what follows soon after it is put together with it. */
  private void heard() {
    fastLane.in(TOGETHER);
  }

  /** Makes facts of the latest answers; waits for no node that owes one. */
  private void putTogether() {
    Instant now = clock.instant();
    Membership seen = members.known();
    if (seen.isUnanswered(now)) {
      unanswered(nobody(seen, now), seen.problems(now));
      return;
    }
    Optional<Instant> seenAt = seen.at(now);
    if (!seen.isReady(now) || seenAt.isEmpty()) {
      return;
    }
    lists.ask(seen.toAsk(now));
    Optional<AccessProblem> trouble =
        lists.isUnanswered()
            ? Optional.of(lists.isBroken() ? fault() : problem(lists.failure(), Optional.empty()))
            : Optional.empty();
    Optional<FastFacts> facts =
        lists
            .told()
            .map(
                told ->
                    new FastFacts(
                        told.at(),
                        seenAt.get(),
                        seen.views(now),
                        seen.problems(now),
                        seen.silent(now),
                        told.guests(),
                        told.lists(),
                        told.ha()));
    if (facts.isPresent() && trouble.isEmpty()) {
      told(facts.get());
    } else if (facts.isPresent()) {
      update(known -> known.withMembership(facts.get(), trouble.get(), now), Set.of());
    } else {
      trouble.ifPresent(why -> unanswered(why, seen.problems(now)));
    }
  }

  private void told(FastFacts facts) {
    boolean first = known.get().slow().isEmpty();
    boolean back = known.get().trouble().isPresent();
    update(observation -> observation.withFast(facts), Set.of());
    if (first || back) {
      slowLane.in(sinceSlowRound());
    }
    healthLanes.start();
  }

  /** At once, but not again and again while the rest can't be asked for. */
  private Duration sinceSlowRound() {
    Duration rest = Duration.between(clock.instant(), slowRoundAt.plus(pace.fast()));
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private AccessProblem nobody(Membership seen, Instant now) {
    if (seen.isBroken()) {
      return fault();
    }
    List<String> unreachable = seen.unreachable(now);
    if (unreachable.size() > 1) {
      return FailureWords.nobody(unreachable);
    }
    Map.Entry<NodeName, ProxmoxFailure> failure = seen.failure();
    return problem(failure.getValue(), Optional.of(failure.getKey()));
  }

  /** A task of a node that does not answer is asked for again once the node is back. */
  private void followTasks() {
    Instant now = clock.instant();
    Membership seen = members.known();
    tasks
        .open()
        .forEach(
            (node, open) -> {
              if (seen.isResponsive(node, now)) {
                taskQuestions.put(
                    node,
                    () -> tasks.ask(open),
                    answers -> {
                      Set<String> news = tasks.heard(answers);
                      if (!news.isEmpty()) {
                        update(observation -> observation, news);
                      }
                    });
              }
            });
  }

  private void slowRound() {
    Optional<FastFacts> fast = known.get().fast();
    if (fast.isEmpty() || fast.get().quorateMembers().isEmpty()) {
      return;
    }
    Instant at = clock.instant();
    slowRoundAt = at;
    SlowLook look = new SlowLook(access);
    Map<NodeName, SlowFacts.Node> nodes = new TreeMap<>();
    askingSlowly
        .<Optional<SlowFacts.Node>>ask(
            fast.get().quorateMembers(), pace.patience().multipliedBy(3), node -> at(look, node))
        .forEach((node, facts) -> facts.flatMap(f -> f).ifPresent(f -> nodes.put(node, f)));
    Map<NodeName, GuestDisks> disks = disks(look, nodes);
    Map<NodeName, String> notes = notes(look, fast.get().quorateMembers());
    List<NodeName> quorate = fast.get().quorateMembers();
    Set<SlowQuestion> answered = clusterQuestions.ask(quorate, nodes);
    Set<SlowQuestion> open = EnumSet.allOf(SlowQuestion.class);
    open.removeAll(answered);
    Optional<SlowFacts> facts =
        clusterQuestions
            .facts(quorate, answered, nodes, notes, disks, at)
            .map(told -> withStarts(told, quorate));
    if (facts.isPresent() && !answered.isEmpty()) {
      update(observation -> observation.withSlow(facts.get()), Set.of());
    } else {
      // The older facts stay; the membership tells when nobody answers at all.
      clusterQuestions
          .failure(open)
          .filter(failure -> known.get().slow().isEmpty() || !failure.mayPass())
          .map(failure -> problem(failure, Optional.empty()))
          .ifPresent(
              problem -> update(seen -> seen.withSlowTrouble(problem, clock.instant()), Set.of()));
    }
    clusterQuestions
        .fault(open)
        .ifPresent(
            bug -> {
              throw bug;
            });
  }

  /** Asked last, since it takes the HA resources that were just listed. */
  private SlowFacts withStarts(SlowFacts facts, List<NodeName> members) {
    List<GuestCalls.Guest> guests = known.get().fast().map(FastFacts::guests).orElse(List.of());
    return facts.withStarts(starts.look(facts, guests, members));
  }

  /** Asked of two members: what was just written must be seen by both. */
  private Map<NodeName, String> notes(SlowLook look, List<NodeName> members) {
    Map<NodeName, String> notes = new TreeMap<>();
    askingSlowly
        .ask(members.stream().limit(2).toList(), pace.patience(), look::notes)
        .forEach((node, answer) -> answer.flatMap(n -> n).ifPresent(n -> notes.put(node, n)));
    return notes;
  }

  /**
   * Asked apart, since listing a storage whose pool hangs never ends; what was known is kept, with
   * its age.
   */
  private Map<NodeName, GuestDisks> disks(SlowLook look, Map<NodeName, SlowFacts.Node> nodes) {
    Map<NodeName, GuestDisks> disks = new TreeMap<>();
    List<NodeName> names = List.copyOf(nodes.keySet());
    Instant at = clock.instant();
    askingForDisks
        .ask(
            names,
            pace.patience(),
            node -> look.disks(node, nodes.get(node).storages(), node.equals(names.get(0))))
        .forEach(
            (node, answer) ->
                answer
                    .map(told -> new GuestDisks(at, told))
                    .or(() -> known.get().slow().map(slow -> slow.disks().get(node)))
                    .ifPresent(told -> disks.put(node, told)));
    return disks;
  }

  private static Optional<SlowFacts.Node> at(SlowLook look, NodeName node) {
    try {
      return Optional.of(look.at(node));
    } catch (ProxmoxFailure unknownNow) {
      return Optional.empty();
    }
  }

  private AccessProblem problem(ProxmoxFailure failure, Optional<NodeName> node) {
    String field =
        node.map(
                name ->
                    FailureWords.field(
                        failure,
                        access.spec().nodes().indexOf(access.spec().node(name.value()).get()),
                        true))
            .orElseGet(() -> FailureWords.fieldOfAny(failure));
    return new AccessProblem(
        FailureWords.reason(failure),
        FailureWords.about(failure, field),
        failure instanceof ProxmoxFailure.Forbidden ? privileges() : Optional.empty());
  }

  /** Proxmox tells them to everybody, also to those who may see nothing else. */
  private Optional<HeldPrivileges> privileges() {
    try {
      return Optional.of(
          asking.first(
              names(), pace.patience(), node -> TokenPrivileges.of(access.node(node)).get()));
    } catch (ProxmoxFailure untold) {
      return Optional.empty();
    }
  }

  private void unanswered(AccessProblem problem, Map<NodeName, ConditionReason> silent) {
    update(
        seen ->
            seen.withFastTrouble(problem, clock.instant())
                .withHealth(health -> health.unanswered(silent)),
        Set.of());
  }

  /** A round ended with an exception, of which the log tells: nothing is known by it. */
  private void failed() {
    update(seen -> seen.withFastTrouble(fault(), clock.instant()), Set.of());
  }

  private static AccessProblem fault() {
    return new AccessProblem(
        ConditionReason.FACTS_TOO_OLD,
        "An error in the operator keeps it from reading what Proxmox answers; its log says"
            + " which. Please report it.");
  }

  private List<NodeName> names() {
    return access.spec().nodes().stream().map(node -> new NodeName(node.name())).toList();
  }

  /**
   * What is seen while trouble may pass is compared with later, once it has passed or lasts: nobody
   * but the ProxmoxCluster has a use for it before.
   */
  private void update(UnaryOperator<Observation> change, Set<String> tasksNews) {
    Instant at = clock.instant();
    Observation former =
        known.getAndUpdate(seen -> change.apply(seen).withSlowAsOf(at).judged(at)).asOf(at);
    synchronized (telling) {
      tell(former, known.get().asOf(at), tasksNews);
    }
  }

  private void tell(Observation former, Observation now, Set<String> tasksNews) {
    if (now.isTroublePassing()) {
      if (!tasksNews.isEmpty() || !former.saysTheSameAs(now)) {
        changed.changed(former, now, tasksNews);
      }
      return;
    }
    Observation before = told.getAndSet(now);
    if (!tasksNews.isEmpty() || former.isTroublePassing() || !before.saysTheSameAs(now)) {
      changed.changed(before, now, tasksNews);
    }
  }
}
