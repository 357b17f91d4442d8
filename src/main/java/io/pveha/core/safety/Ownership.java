package io.pveha.core.safety;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One thing has one owner, or no one writes. The older object owns; one that is being deleted, or
 * that may not write anyway, yields to one that stays. Properties:
 *
 * <ol>
 *   <li>of any number of claimants exactly one has no owner but itself;
 *   <li>all others name that one, whoever asks and in whatever order they are listed.
 * </ol>
 */
public final class Ownership {

  private Ownership() {}

  /** Who owns what all of these claim; empty when nobody claims it. */
  public static Optional<Claimant> owner(Collection<Claimant> claimants) {
    return claimants.stream().min(Claimant::compareTo);
  }

  /**
   * Who owns it instead of this one, which then writes nothing, also when it is deleted; empty when
   * this one owns it.
   *
   * @param claimants all that claim the same thing; this one may be among them
   */
  public static Optional<Claimant> otherOwner(Claimant self, Collection<Claimant> claimants) {
    return owner(
            Stream.concat(
                    Stream.of(self), claimants.stream().filter(claimant -> !claimant.is(self)))
                .toList())
        .filter(owner -> !owner.is(self));
  }
}
