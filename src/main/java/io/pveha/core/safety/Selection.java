package io.pveha.core.safety;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Which guests an object stands for, as remembered. A list of Proxmox is what we may see, so that a
 * guest that does not fit any more may have changed, or may only be shown otherwise. Properties:
 *
 * <ol>
 *   <li>growth needs no word; a guest that drops out is missing, and nothing of it is removed until
 *       its owner says so;
 *   <li>that word stands for the very guests that are missing when it is given, told by the moment
 *       since which just these are: one that stays in a manifest counts for no other;
 *   <li>what was released stays released while something of it is left, so that what was begun is
 *       ended; a guest that fits again is forgotten to have been missing or released.
 * </ol>
 *
 * @param guests that fit when last looked, by vmid
 * @param missing that fitted once, or have something of ours, and do not fit
 * @param since when just these have been missing; empty when none is
 * @param released that are missing by their owner's word
 */
public record Selection(
    Set<Integer> guests, Set<Integer> missing, Optional<Instant> since, Set<Integer> released) {

  /** Before anything was seen. */
  public static final Selection NONE =
      new Selection(Set.of(), Set.of(), Optional.empty(), Set.of());

  public Selection {
    guests = Collections.unmodifiableSet(new TreeSet<>(guests));
    missing = Collections.unmodifiableSet(new TreeSet<>(missing));
    released = Collections.unmodifiableSet(new TreeSet<>(released));
  }

  /** All that were meant once, whether they fit now or not. */
  public Set<Integer> everMeant() {
    Set<Integer> all = new TreeSet<>(guests);
    all.addAll(missing);
    all.addAll(released);
    return all;
  }

  /**
   * What is to be remembered after another look.
   *
   * @param fitting guests that fit now
   * @param holding guests of which something is ours, whether they fit or not
   * @param excused whether a guest that does not fit may be forgotten: it is proven gone, or
   *     another object stands for it
   * @param word what the annotation says that releases those that are missing
   */
  public Selection look(
      Set<Integer> fitting,
      Set<Integer> holding,
      IntPredicate excused,
      Optional<String> word,
      Instant now) {
    Set<Integer> out = new TreeSet<>(guests);
    out.addAll(missing);
    out.addAll(holding);
    out.removeAll(fitting);
    out.removeIf(excused::test);
    Set<Integer> free = new TreeSet<>(released);
    if (since.isPresent()
        && word.map(String::strip).filter(since.get().toString()::equals).isPresent()) {
      free.addAll(missing);
    }
    free.retainAll(out);
    out.removeAll(free);
    Optional<Instant> sinceWhen =
        out.isEmpty()
            ? Optional.empty()
            : since
                .filter(any -> missing.equals(out))
                .or(() -> Optional.of(now.truncatedTo(ChronoUnit.MILLIS)));
    return new Selection(fitting, out, sinceWhen, free);
  }
}
