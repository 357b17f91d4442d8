package io.pveha.proxmox;

import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What a question came to: an answer or a failure. */
record Asked<T>(Optional<T> answer, Optional<ProxmoxFailure> failure) {

  static <T> Asked<T> of(Supplier<T> question) {
    try {
      return new Asked<>(Optional.of(question.get()), Optional.empty());
    } catch (ProxmoxFailure failure) {
      return new Asked<>(Optional.empty(), Optional.of(failure));
    }
  }

  /** The answer, or the former one, older. */
  Fact<T> onto(Fact<T> former, NodeName by, Instant now) {
    return answer
        .map(value -> Fact.told(value, by, now))
        .orElseGet(() -> former.failed(now, problem().orElseThrow()));
  }

  Optional<String> problem() {
    return failure.map(ProxmoxFailure::getMessage);
  }

  /** Whether a Proxmox node spoke at all, be it to refuse. */
  boolean hasAnswered() {
    return failure.isEmpty() || !isAway();
  }

  /** Whether asking another member would bring nothing new. */
  boolean isDecided() {
    return hasAnswered()
        && failure.filter(ProxmoxFailure.LoginRejected.class::isInstance).isEmpty();
  }

  private boolean isAway() {
    ProxmoxFailure why = failure.orElseThrow();
    return why instanceof ProxmoxFailure.Unreachable
        || why instanceof ProxmoxFailure.ConnectionLost
        || why instanceof ProxmoxFailure.CertificateMismatch
        || why instanceof ProxmoxFailure.NotProxmox;
  }
}
