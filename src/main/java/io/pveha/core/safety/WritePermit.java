package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one permit of all writes to Proxmox, asked when a step is planned and again at the moment of
 * each of its writes. It is given by what the plan was made of <em>and</em> by what is known when
 * it is asked: facts that were in doubt are not mended by later ones, and good ones grow old while
 * a step waits for its turn.
 *
 * @param observeOnly whether nothing is to be written, by the policy of an owner
 * @param planned what the plan was made of
 * @param latest what is known at the moment of asking; empty when nothing is
 * @param owned whether what is written belongs to who planned it, at the moment of asking
 * @param leads whether this process holds the Lease of the leader, at the moment of asking
 */
public record WritePermit(
    boolean observeOnly,
    WriteGrounds planned,
    Supplier<Optional<WriteGrounds>> latest,
    BooleanSupplier owned,
    BooleanSupplier leads) {

  /**
   * Why a step must not be taken now; empty when it may. What an owner need not be told, since it
   * passes or is as wanted, is of severity {@link io.pveha.core.plan.Severity#INFORMS}.
   */
  public Optional<Finding> refusal(Step step, Instant now) {
    return refusal(grounds -> grounds.doubt(step, now));
  }

  /** The same for any step that rests on nothing absent. */
  public Optional<Finding> refusal(Instant now) {
    return refusal(grounds -> grounds.doubt(now));
  }

  private Optional<Finding> refusal(Function<WriteGrounds, Optional<Finding>> doubt) {
    if (observeOnly) {
      return refused("It is only observed.");
    }
    Optional<WriteGrounds> known = latest.get();
    if (known.isEmpty()) {
      return refused("Nothing is known of the cluster now.");
    }
    return doubt.apply(planned).or(() -> doubt.apply(known.get())).or(this::authority);
  }

  /**
   * What the writes of a step are sent with.
   *
   * @param now tells the time at each write
   */
  public WriteGrant grant(Step step, Supplier<Instant> now) {
    return new WriteGrant(this, step, now);
  }

  private Optional<Finding> authority() {
    if (!owned.getAsBoolean()) {
      return refused("What would be written may belong to another owner now.");
    }
    return leads.getAsBoolean()
        ? Optional.empty()
        : refused("This replica of the operator does not hold the Lease of the leader now.");
  }

  private static Optional<Finding> refused(String why) {
    return Optional.of(Finding.informs(ConditionReason.GUARD_HOLDS, why));
  }
}
