package io.pveha.proxmox;

import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
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

  <R> Asked<R> map(Function<T, R> reading) {
    return new Asked<>(answer.map(reading), failure);
  }

  private Optional<String> problem() {
    return failure.map(ProxmoxFailure::getMessage);
  }
}
