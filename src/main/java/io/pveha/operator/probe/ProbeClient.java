package io.pveha.operator.probe;

import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import java.util.Optional;

/** Asks once, no longer than the probe's timeout. */
@FunctionalInterface
public interface ProbeClient {

  /** What was seen instead of an answer; empty when it answered. */
  Optional<String> ask(Probe probe);
}
