package io.pveha.operator.ledger;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.ledger.FailoverRecord;
import io.pveha.core.ledger.FailoverWatch;
import io.pveha.core.ledger.GuestSighting.ProbeView;
import io.pveha.core.ledger.LedgerUpdate;
import io.pveha.core.ledger.WatchMemory;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.Predictions;
import io.pveha.operator.steps.Work;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the ledgers of all guests. What must not be lost is in their status; here is only what a
 * witness remembers, so that after a restart nothing is dated that was not seen.
 */
public final class LedgerKeeper {

  private final Predictions predictions;
  private final Map<String, WatchMemory> recollections = new ConcurrentHashMap<>();

  /** One that knows what was predicted. */
  public LedgerKeeper(Predictions predictions) {
    this.predictions = predictions;
  }

  /**
   * One look at one guest, to be saved and then {@link #close closed}.
   *
   * @param status to be saved, with the ledger as it is now
   */
  public record Page(HaResourceStatus status, LedgerUpdate look) {

    /** Whether the guest is on its way. */
    public boolean isOpen() {
      return look.inProgress().isPresent();
    }
  }

  /** Looks at a guest. */
  public Page open(
      HaResource object,
      ProxmoxCluster cluster,
      ClusterFacts facts,
      Optional<ProbeView> probe,
      HaResourceStatus status,
      Context<HaResource> context) {
    GuestSightings slice = new GuestSightings(object, cluster, facts, predictions);
    Optional<FailoverRecord> inProgress = slice.inProgress();
    LedgerUpdate look =
        FailoverWatch.observe(
            slice.sighting(probe),
            slice.terms(
                () ->
                    inProgress.isPresent()
                        ? RecoveryPointObjective.of(object, context)
                        : Optional.empty()),
            inProgress,
            recollections.getOrDefault(uid(object), WatchMemory.NONE));
    HaResourceStatus kept = status;
    for (FailoverRecord ended : look.ended()) {
      kept = kept.withFinished(LedgerEntries.saved(ended));
    }
    return new Page(
        kept.withFailoverInProgress(look.inProgress().map(LedgerEntries::saved).orElse(null)),
        look);
  }

  /** It is saved: tells what happened, and remembers it. */
  public void close(Page page, HaResource object, Work<?, ?> work) {
    recollections.put(uid(object), page.look().recollection());
    page.look().news().forEach(news -> work.tell(news.good(), news.word(), news.sentence()));
  }

  /** It can't be seen now, or is gone: what is seen of it next may have happened at any time. */
  public void interrupt(HaResource object) {
    recollections.remove(uid(object));
  }

  private static String uid(HaResource object) {
    return object.getMetadata().getUid();
  }
}
