package io.pveha.api.v1alpha1;

/**
 * A status that keeps what the operator acts on later and can't determine again. Others may write
 * to a status too; the seal tells what they wrote from what the operator did.
 */
public interface SealedStatus<S extends SealedStatus<S>> {

  /** As it is written there; null if there is none. */
  String seal();

  /** The same with this seal. */
  S withSeal(String seal);

  /** What the seal is of, to be written as JSON. */
  Object sealed();

  /** The same with what another one has of that. */
  S withSealedOf(S other);

  /** The same without what must not be acted on unless the operator wrote it. */
  S distrusted();
}
