package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.polling.SlowQuestion;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Conditions of a cluster that rest on answers which are too old, since Proxmox refuses or fails
 * the call: they are Unknown, and say which call it is.
 */
record OutdatedAnswers(SlowFacts facts) {

  private static final Map<ConditionType, Set<SlowQuestion>> RESTS_ON =
      Map.of(
          ConditionType.VOTES_SOUND, SlowQuestion.VOTES,
          ConditionType.FAILOVER_READY, SlowQuestion.READINESS,
          ConditionType.PLACEMENT_MIGRATION_PENDING, Set.of(SlowQuestion.PLACEMENT));

  /** Whether something may rest on the answers to these. */
  boolean areFresh(Set<SlowQuestion> questions) {
    return facts.tooOld(questions).isEmpty();
  }

  void judge(Conditions conditions) {
    RESTS_ON.forEach(
        (type, questions) ->
            facts
                .tooOld(questions)
                .ifPresent(
                    why ->
                        conditions.isUnknown(type, ConditionReason.FACTS_TOO_OLD, why.message())));
  }

  /** A cluster of which something is not known is not confirmed as specified. */
  void judgeReady(Conditions conditions) {
    facts
        .tooOld(EnumSet.allOf(SlowQuestion.class))
        .filter(unused -> conditions.holds(ConditionType.READY))
        .map(Finding::message)
        .ifPresent(why -> Verdict.reconciling(conditions, ConditionReason.FACTS_TOO_OLD, why));
  }

  /** What of a plan may go on: nothing is taken on answers that are too old. */
  <S extends Step> Plan<S> held(Plan<S> plan, Set<SlowQuestion> questions) {
    if (areFresh(questions)) {
      return plan;
    }
    List<S> waiting = new ArrayList<>(plan.now());
    waiting.addAll(plan.later());
    return new Plan<>(List.of(), waiting, plan.pending(), plan.findings(), plan.lookAgain());
  }

  /** Those that may rest on what is known. */
  Set<SlowQuestion> fresh(List<Set<SlowQuestion>> needs) {
    Set<SlowQuestion> fresh = EnumSet.noneOf(SlowQuestion.class);
    needs.stream().filter(this::areFresh).forEach(fresh::addAll);
    return fresh;
  }
}
