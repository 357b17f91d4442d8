package io.pveha.core.ledger;

import java.util.ArrayList;
import java.util.List;

/** An entry of the ledger as one sentence. */
final class FailoverSummary {

  private FailoverSummary() {}

  static String of(FailoverContext terms, FailoverRecord entry) {
    List<String> parts = new ArrayList<>();
    entry
        .cost()
        .outageSeconds()
        .ifPresentOrElse(
            seconds -> parts.add(seconds == 0 ? "no outage" : "outage %d s".formatted(seconds)),
            () -> parts.add("outage unknown"));
    entry
        .cost()
        .dataLossSeconds()
        .ifPresent(
            seconds ->
                parts.add(
                    seconds == 0 ? "no writes lost" : "%d s of writes lost".formatted(seconds)));
    entry
        .predictedOutageSeconds()
        .ifPresent(seconds -> parts.add("predicted %d s".formatted(seconds)));
    entry
        .cost()
        .rtoMet()
        .ifPresent(
            met ->
                parts.add(
                    "RTO %d s %s"
                        .formatted(terms.rto().orElseThrow().toSeconds(), met ? "met" : "missed")));
    entry
        .cost()
        .rpoMet()
        .ifPresent(
            met ->
                parts.add(
                    "RPO %d s %s"
                        .formatted(terms.rpo().orElseThrow().toSeconds(), met ? "met" : "missed")));
    return "%s %s from %s to %s: %s."
        .formatted(
            terms.sid(),
            entry.isLoss() ? "failed over" : "moved",
            entry.from(),
            entry.to().orElseThrow(),
            String.join(", ", parts));
  }
}
