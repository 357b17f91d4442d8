package io.pveha.operator.seal;

import io.pveha.api.v1alpha1.SealedStatus;
import java.util.Optional;

/**
 * A status as far as it may be acted on.
 *
 * @param alteration what was wrong with what is written there, and what becomes of it; empty when
 *     nothing was
 */
public record TrustedStatus<S extends SealedStatus<S>>(S status, Optional<String> alteration) {

  static <S extends SealedStatus<S>> TrustedStatus<S> whole(S status) {
    return new TrustedStatus<>(status, Optional.empty());
  }

  static <S extends SealedStatus<S>> TrustedStatus<S> restored(S status) {
    return new TrustedStatus<>(
        status,
        Optional.of(
            "Somebody else wrote to status what the operator acts on; it is put back. Find out who"
                + " may write to the status of this object, and why."));
  }

  static <S extends SealedStatus<S>> TrustedStatus<S> bare(S status) {
    return new TrustedStatus<>(
        status,
        Optional.of(
            "What the operator would act on in status bears no seal of its own, so it is left out"
                + " and found out anew. That is so once after an upgrade from a version without"
                + " seals, and when the token was replaced while no operator ran; else find out who"
                + " may write to the status of this object."));
  }
}
