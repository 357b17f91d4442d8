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
            "Another client changed status fields that the operator acts on; they are "
                + "restored. Find out who may write to the status of this object, and why."));
  }

  static <S extends SealedStatus<S>> TrustedStatus<S> bare(S status) {
    return new TrustedStatus<>(
        status,
        Optional.of(
            "Status fields that the operator acts on have no valid seal, so they are "
                + "ignored and determined again. That happens once after an upgrade from a "
                + "version without seals, and when the token was replaced while no operator ran; "
                + "otherwise find out who may write to the status of this object."));
  }
}
