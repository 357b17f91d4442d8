package io.pveha.operator.steps;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.api.v1alpha1.SealedStatus;
import io.pveha.core.cluster.Upid;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.PermittedPlan;
import io.pveha.core.safety.WriteGrant;
import io.pveha.core.safety.WritePermit;
import io.pveha.operator.connection.FailureWords;
import io.pveha.operator.connection.NotPermitted;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.seal.Seals;
import io.pveha.operator.seal.TrustedStatus;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.StatusWriter;
import io.pveha.operator.status.Verdict;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reconciliation of one object: remembers, saves before acting, acts, saves what Proxmox said.
 *
 * @param <S> type of its status
 * @param <P> type of the object
 */
public final class Work<S extends ReportedStatus<S>, P extends CustomResource<?, S>> {

  private static final Logger LOG = LoggerFactory.getLogger(Work.class);

  /** When to look again at the latest, even if nothing is said to have changed. */
  private static final Duration LATEST_LOOK = Duration.ofSeconds(30);

  /** After steps, when a refusal may have to be reported. */
  private static final Duration SOON = Duration.ofMillis(500);

  /** Time alone may prove what is not proven yet. */
  private static final Duration UNPROVEN_LOOK = Duration.ofSeconds(5);

  private static final int MOST_TOLD = 5;

  private final P object;
  private final S former;
  private final Shop shop;
  private final Optional<ClusterWatcher> watcher;
  private final StatusWriter<S, P> writer;
  private final Instant now;
  private UnaryOperator<S> seal = UnaryOperator.identity();
  private Consumer<S> sealed = saved -> {};
  private Optional<String> alteration = Optional.empty();

  public Work(P object, S former, Context<P> context, Shop shop, Optional<ClusterWatcher> watcher) {
    this.object = object;
    this.former = former;
    this.shop = shop;
    this.watcher = watcher;
    this.writer = new StatusWriter<>(object, context, shop.clock(), shop.transitions());
    this.now = shop.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * That of an object whose status is sealed: what is saved has its seal from then on.
   *
   * @param trusted of its status
   * @param token key of the seal; without it nothing of the status is acted on, and it stays
   */
  public static <S extends ReportedStatus<S> & SealedStatus<S>, P extends CustomResource<?, S>>
      Work<S, P> sealed(
          P object,
          TrustedStatus<S> trusted,
          Context<P> context,
          Shop shop,
          Optional<ClusterWatcher> watcher,
          Optional<Secret> token) {
    Work<S, P> work = new Work<>(object, trusted.status(), context, shop, watcher);
    Seals seals = shop.watchers().seals();
    token.ifPresent(
        key -> {
          work.seal = status -> seals.sealed(object, status, key);
          work.sealed = status -> seals.wrote(object, status);
        });
    work.alteration = trusted.alteration();
    return work;
  }

  /**
   * Takes what nobody trusts out of status before anything is decided, and tells it once; when to
   * look again if there was any.
   */
  public Optional<Duration> heal() {
    return alteration.map(
        why -> {
          Conditions conditions = new Conditions();
          Verdict.reconciling(conditions, ConditionReason.STATUS_NOT_TRUSTED, why);
          report(former, conditions);
          return SOON;
        });
  }

  /** What is reconciled. */
  public P object() {
    return object;
  }

  public Instant now() {
    return now;
  }

  /** What is remembered of the steps that were asked for this object. */
  public Memory memory() {
    List<PendingStep> pending = SavedPlan.remembered(former.pendingTasks(), this::isOurs, now);
    return new Memory(
        pending, shop.outcomes().outcomes(owner(), pending, watcher.map(ClusterWatcher::tasks)));
  }

  /** Whoever may write a status may name any task there; only what we asked for is followed. */
  private boolean isOurs(Upid task) {
    return watcher.map(known -> known.access().login().users().contains(task.user())).orElse(false);
  }

  /** Tells of something that is no condition of the object itself. */
  public void tell(boolean good, String reason, String message) {
    shop.transitions().tell(object, good, reason, message);
  }

  /** Tells of something about another object. */
  public void tellOf(HasMetadata other, boolean good, String reason, String message) {
    shop.transitions().tell(other, good, reason, message);
  }

  /** Saves what was found, when there is nothing to do. */
  public void report(S status, Conditions conditions) {
    save(status, conditions);
  }

  private void save(S status, Conditions conditions) {
    S complete = seal.apply(status);
    writer.save(former, complete, conditions);
    sealed.accept(complete);
    shop.metrics().reported(writer.current(), former);
  }

  public Clock clock() {
    return shop.clock();
  }

  /** The permit of what is planned of a formed cluster; see {@link ClusterWatcher#permit}. */
  public WritePermit permit(boolean observeOnly, ClusterFacts planned, BooleanSupplier owned) {
    return watcher.orElseThrow().permit(observeOnly, planned, owned, shop.leads());
  }

  /** The same while a cluster is formed; see {@link ClusterWatcher#formingPermit}. */
  public WritePermit formingPermit(boolean observeOnly, Instant viewsAt, BooleanSupplier owned) {
    return watcher.orElseThrow().formingPermit(observeOnly, viewsAt, owned, shop.leads());
  }

  /**
   * Saves what is planned, takes the permitted steps of now, and saves their tasks. When a step is
   * not permitted, Ready says why.
   *
   * @param actions of one step, which send its writes with this grant
   * @return when to look again
   */
  public <T extends Step> Duration carryOut(
      Plan<T> wanted,
      Memory memory,
      WritePermit permit,
      S status,
      Conditions conditions,
      Function<WriteGrant, StepActions<T>> actions) {
    PermittedPlan<T> permitted = PermittedPlan.of(wanted, permit, shop.clock().instant());
    Plan<T> plan = permitted.plan();
    judge(permitted.told(), conditions);
    S planned = status.withPlannedChanges(SavedPlan.changes(plan));
    if (LOG.isDebugEnabled()) {
      DecisionLine.of(plan, permitted.refusals())
          .ifPresent(line -> LOG.debug("{}: {}", name(), line));
    }
    if (plan.now().isEmpty()) {
      report(planned.withPendingTasks(SavedPlan.saved(plan.pending())), conditions);
      return pause(plan, permitted.told());
    }
    List<PendingStep> intents =
        plan.now().stream()
            .map(step -> SavedPlan.intent(step, plan.attempt(step, memory), now))
            .toList();
    save(
        planned.withPendingTasks(
            SavedPlan.saved(Stream.concat(plan.pending().stream(), intents.stream()).toList())),
        conditions);
    List<PendingStep> taken = new ArrayList<>(plan.pending());
    for (int i = 0; i < intents.size(); i++) {
      T step = plan.now().get(i);
      WriteGrant grant = permit.grant(step, shop.clock()::instant);
      take(step, intents.get(i), grant, actions).ifPresent(taken::add);
    }
    writer.keepTasks(SavedPlan.saved(taken));
    watcher.ifPresent(ClusterWatcher::refresh);
    return SOON;
  }

  /** Says why steps wait. */
  private static void judge(List<Finding> refusals, Conditions conditions) {
    if (refusals.isEmpty()) {
      return;
    }
    Finding first = refusals.get(0);
    String message =
        refusals.stream().limit(MOST_TOLD).map(Finding::message).collect(Collectors.joining(" "));
    if (first.severity() == Severity.BLOCKS) {
      Verdict.stalled(conditions, first.reason(), message);
    } else {
      Verdict.reconciling(conditions, first.reason(), message);
    }
  }

  private String name() {
    return "%s %s/%s"
        .formatted(
            object.getKind(), object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  /** Empty when it was not asked for: what was seen meanwhile has put it in doubt. */
  private <T extends Step> Optional<PendingStep> take(
      T step, PendingStep intent, WriteGrant grant, Function<WriteGrant, StepActions<T>> actions) {
    Optional<Finding> refusal = grant.refusal();
    if (refusal.isPresent()) {
      LOG.debug("{}: not done: {} {}", name(), step.sentence(), refusal.get().message());
      return Optional.empty();
    }
    try {
      return Optional.of(take(step, intent, actions.apply(grant)));
    } catch (NotPermitted meanwhile) {
      LOG.debug("{}: not done: {} {}", name(), step.sentence(), meanwhile.getMessage());
      return Optional.empty();
    }
  }

  private <T extends Step> PendingStep take(T step, PendingStep intent, StepActions<T> actions) {
    try {
      Optional<Upid> task = actions.start(step);
      shop.metrics().stepTaken(object, step.action(), true);
      shop.transitions().tell(object, true, step.action(), step.sentence());
      if (task.isPresent()) {
        return SavedPlan.named(intent, task.get().value(), step);
      }
      shop.outcomes().note(owner(), intent, Outcome.SUCCEEDED);
    } catch (ProxmoxFailure failure) {
      shop.metrics().stepTaken(object, step.action(), false);
      shop.outcomes().note(owner(), intent, FailureWords.outcome(failure));
    } catch (NotPermitted meanwhile) {
      throw meanwhile;
    } catch (RuntimeException fault) {
      // Ours; whether Proxmox was asked is not known, so only the facts can tell.
      LOG.error("{} {} failed because of a bug in the operator", step.action(), owner(), fault);
      shop.metrics().stepTaken(object, step.action(), false);
      shop.outcomes().note(owner(), intent, Outcome.UNKNOWN);
      tell(
          false,
          ConditionReason.INTERNAL_ERROR.text(),
          ("A step failed: %s %s. The operator checks whether Proxmox did it, and retries. "
                  + "This is a bug in the operator: report it with the stack trace in its log.")
              .formatted(step.sentence(), fault));
    }
    return intent;
  }

  private Duration pause(Plan<?> plan, List<Finding> refusals) {
    boolean unproven =
        !refusals.isEmpty()
            || plan.findings().stream()
                .anyMatch(finding -> finding.reason() == ConditionReason.ABSENCE_UNPROVEN);
    Duration pause = pause(plan);
    return unproven && pause.compareTo(UNPROVEN_LOOK) > 0 ? UNPROVEN_LOOK : pause;
  }

  private Duration pause(Plan<?> plan) {
    Duration pause = plan.lookAgain().map(at -> Duration.between(now, at)).orElse(LATEST_LOOK);
    if (pause.compareTo(Duration.ofMillis(200)) < 0) {
      return Duration.ofMillis(200);
    }
    return pause.compareTo(LATEST_LOOK) > 0 ? LATEST_LOOK : pause;
  }

  private String owner() {
    return object.getMetadata().getUid();
  }
}
