package io.pveha.operator.probe;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.ProbeResult;
import io.pveha.api.v1alpha1.RequestedState;
import io.pveha.core.ledger.GuestSighting.ProbeView;
import io.pveha.operator.status.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Whether one guest answers, as its HaResource tells it. */
public final class ProbeReport {

  private final HaResourceSpec spec;
  private final Optional<ProbeHistory> probed;
  private final boolean wanted;

  private ProbeReport(HaResourceSpec spec, Optional<ProbeHistory> probed, boolean wanted) {
    this.spec = spec;
    this.probed = probed;
    this.wanted = wanted;
  }

  /** Probes it from now on as its spec says. */
  public static ProbeReport of(Probes probes, HaResource object, Runnable news) {
    HaResourceSpec spec = object.getSpec();
    String uid = object.getMetadata().getUid();
    if (spec.probe() == null || spec.state() != RequestedState.STARTED) {
      probes.forget(uid);
      return new ProbeReport(spec, Optional.empty(), false);
    }
    return new ProbeReport(
        spec,
        probes.follow(uid, spec.probe(), Optional.ofNullable(object.reported().probe()), news),
        true);
  }

  /** Says so. */
  public HaResourceStatus report(HaResourceStatus status, Conditions conditions) {
    if (!wanted) {
      conditions.isUnknown(
          ConditionType.ANSWERING,
          ConditionReason.NO_PROBE,
          spec.probe() == null
              ? "spec.probe is not set, so the guest itself is not probed."
              : "It is probed only while spec.state is started.");
      return status.withProbe(null);
    }
    if (probed.isEmpty()) {
      if (status.probe() == null) {
        conditions.isUnknown(
            ConditionType.ANSWERING,
            ConditionReason.IN_PROGRESS,
            "%s is being probed for the first time.".formatted(target(spec.probe())));
      }
      return status;
    }
    ProbeHistory seen = probed.get();
    if (seen.answering()) {
      conditions.isTrue(
          ConditionType.ANSWERING,
          ConditionReason.PROBE_ANSWERS,
          "%s answers.".formatted(target(spec.probe())));
    } else if (seen.lastAnswer().isEmpty()) {
      conditions.isUnknown(
          ConditionType.ANSWERING,
          ConditionReason.PROBE_FAILS,
          "%s has not answered yet: %s. Check the guest, or correct spec.probe."
              .formatted(target(spec.probe()), seen.message().orElse("no answer")));
    } else {
      conditions.isFalse(
          ConditionType.ANSWERING,
          ConditionReason.PROBE_FAILS,
          "%s does not answer: %s. Check the guest, or correct spec.probe."
              .formatted(target(spec.probe()), seen.message().orElse("no answer")));
    }
    return status.withProbe(
        new ProbeResult(
            seen.answering(),
            seen.since().map(ProbeReport::saved).orElse(null),
            seen.message().orElse(null)));
  }

  /** For the ledger; empty while nobody has asked. */
  public Optional<ProbeView> view() {
    return probed.map(seen -> new ProbeView(seen.answering(), seen.lastAnswer(), seen.lastGap()));
  }

  private static Instant saved(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String target(Probe probe) {
    return probe.http() != null
        ? probe.http().url()
        : "port %d of %s".formatted(probe.tcp().port(), probe.tcp().host());
  }
}
