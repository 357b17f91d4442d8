package io.pveha.operator.resource;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Presence;
import io.pveha.core.guest.GuestFacts;
import io.pveha.core.guest.GuestPlanner;
import io.pveha.core.guest.GuestStep;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.safety.GuestAbsence;
import io.pveha.core.safety.GuestMemory;
import io.pveha.operator.host.CordonedNodes;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.Sites;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Whether the guest is there, and what is done when it is not.
 *
 * @param making what is left to be done until it is there
 * @param presence what is to be remembered of it
 * @param obstacle why a guest that is not listed is not made
 */
record GuestExistence(Plan<GuestStep> making, Presence presence, Optional<Finding> obstacle) {

  static GuestExistence of(HaResource object, HostCluster host, Memory memory, Instant now) {
    ClusterFacts facts = host.facts().orElseThrow();
    WantedGuest guest =
        WantedGuests.guest(object, ResourceFactsReader.members(facts, Sites.remote(host)));
    GuestFacts seen =
        ResourceFactsReader.guest(guest, facts, CordonedNodes.of(host.cluster().orElseThrow()));
    boolean listed = seen.found().isPresent();
    Optional<Plan<GuestStep>> there =
        seen.found().map(unused -> GuestPlanner.plan(guest, seen, memory, facts.at(), now));
    GuestAbsence absence =
        GuestAbsence.judge(
            remembered(object.reported(), now),
            new GuestAbsence.Sighting(
                guest.sid(),
                listed,
                there
                    .filter(plan -> plan.isDone() || is(plan, ConditionReason.GUEST_IS_TEMPLATE))
                    .isPresent(),
                seen.underHa(),
                listed ? Optional.empty() : facts.sight().doubt(guest.absence()),
                WantedGuests.RECREATE.value(object)),
            now.truncatedTo(ChronoUnit.SECONDS));
    Plan<GuestStep> making =
        there.orElseGet(
            () ->
                GuestPlanner.plan(
                    guest,
                    absence.obstacle().isPresent()
                        ? seen.withObstacle(absence.obstacle())
                        : Templates.lookUp(guest, seen, host.watcher().orElseThrow()),
                    memory,
                    facts.at(),
                    now));
    return new GuestExistence(making, presence(absence.memory()), absence.obstacle());
  }

  /** Before this was saved, a guest that was reported as present had been seen. */
  private static GuestMemory remembered(HaResourceStatus former, Instant now) {
    Presence saved = former.presence();
    if (saved == null) {
      Optional<Instant> since =
          former.conditions().stream()
              .filter(c -> c.getType().equals(ConditionType.GUEST_PRESENT.text()))
              .filter(c -> c.getStatus().equals("True"))
              .map(c -> Conditions.since(c, now))
              .findFirst();
      return new GuestMemory(since, Optional.empty(), Optional.empty());
    }
    return new GuestMemory(
        Optional.ofNullable(saved.seenSince()),
        Optional.ofNullable(saved.lostSince()),
        Optional.ofNullable(saved.recreate()));
  }

  private static Presence presence(GuestMemory memory) {
    return memory.equals(GuestMemory.EMPTY)
        ? null
        : new Presence(
            memory.seenSince().orElse(null),
            memory.lostSince().orElse(null),
            memory.recreate().orElse(null));
  }

  /** Whether the guest is there, whole, and can be put under HA. */
  boolean isThere() {
    return making.isDone();
  }

  /** What is true of the guest while it is not there, or can't be put under HA. */
  void report(HaResource object, boolean observeOnly, Conditions conditions) {
    List<Condition> former = object.reported().conditions();
    Optional<Finding> finding = making.findings().stream().findFirst();
    ConditionReason reason = finding.map(Finding::reason).orElse(ConditionReason.CREATING);
    String message =
        finding
            .map(Finding::message)
            .orElse("Guest %d is about to be created.".formatted(object.getSpec().guest().vmid()));
    Verdict.of(making, observeOnly, conditions, "");
    if (is(ConditionReason.GUEST_IS_TEMPLATE)) {
      conditions.isTrue(
          ConditionType.GUEST_PRESENT,
          ConditionReason.GUEST_PRESENT,
          object.getSpec().guest().sid() + " exists.");
      conditions.isFalse(ConditionType.MANAGED, reason, message);
      conditions.isFalse(ConditionType.IN_REQUESTED_STATE, reason, message);
    } else if (is(ConditionReason.GUEST_LOST)) {
      conditions.isFalse(ConditionType.GUEST_PRESENT, reason, message);
      Conditions.told(former, ConditionType.MANAGED, ConditionType.IN_REQUESTED_STATE)
          .forEach(type -> conditions.isFalse(type, reason, message));
      Conditions.told(former, ConditionType.PLACED, ConditionType.FAILING_OVER)
          .forEach(type -> conditions.isUnknown(type, reason, message));
    } else if (obstacle.isPresent()) {
      conditions.isUnknown(ConditionType.GUEST_PRESENT, reason, message);
      Conditions.told(
              former,
              ConditionType.MANAGED,
              ConditionType.IN_REQUESTED_STATE,
              ConditionType.PLACED,
              ConditionType.FAILING_OVER)
          .forEach(type -> conditions.isUnknown(type, reason, message));
    } else {
      conditions.isFalse(ConditionType.GUEST_PRESENT, reason, message);
    }
  }

  private boolean is(ConditionReason reason) {
    return is(making, reason);
  }

  private static boolean is(Plan<?> plan, ConditionReason reason) {
    return plan.findings().stream().anyMatch(finding -> finding.reason() == reason);
  }
}
