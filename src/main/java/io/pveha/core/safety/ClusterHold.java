package io.pveha.core.safety;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a ProxmoxCluster holds the mark of its Proxmox cluster. Proxmox can't be told to write
 * notes only if they are as they were read, so of operators that claim at the same moment each may
 * write over the other's mark. Properties:
 *
 * <ol>
 *   <li>nothing else is written before the mark was seen again, so long after it was written that
 *       whoever had not seen it then has written over it by now;
 *   <li>of those that claim at the same moment the earlier one stays: it writes its mark once more
 *       where it was written over, and the later one finds the earlier and gives way;
 *   <li>one that has the cluster gives it up as soon as it sees the mark of another, and one that
 *       takes over waits until it must have seen that.
 * </ol>
 *
 * @param state what may be done
 * @param other whose mark is there instead, for {@link State#TAKEN}
 * @param damaged a line that can't be read, for {@link State#DAMAGED}
 * @param write whether our mark has to be written
 * @param until when to look again; empty when only news matters
 */
public record ClusterHold(
    State state,
    Optional<OwnerMark> other,
    Optional<String> damaged,
    boolean write,
    Optional<Instant> until) {

  /** From reading the notes until the mark is in them; what takes longer is slow. */
  public static final Duration WRITING = Duration.ofSeconds(2);

  /** How long one that came first writes its mark once more. */
  private static final Duration CONTEST = Duration.ofSeconds(3);

  /**
   * From writing the mark until what belongs to the cluster is written. By then the earlier one has
   * seen our mark, two seconds after its own, and written over it.
   */
  public static final Duration SETTLING = Duration.ofSeconds(8);

  /** The same when another owner may be at work, or the notes took long to be written. */
  public static final Duration LONG_SETTLING = Duration.ofSeconds(60);

  /** What may be done. */
  public enum State {
    /** It holds the mark: all that belongs to it may be written. */
    OURS,
    /** Its mark is to be written, or was and has to stay for a time first. */
    CLAIMING,
    /** The notes could not be read, or members differ about them; time tells. */
    UNSEEN,
    /** Another one's mark is there; a person must act. */
    TAKEN,
    /** A mark is there that can't be read; a person must act. */
    DAMAGED
  }

  /**
   * What this process knows of its own mark.
   *
   * @param mark as it wrote or found it
   * @param written when that was done
   * @param slowly whether it took long, so that others may have gone on meanwhile
   * @param held whether it was seen after it had settled, and nobody else's
   */
  public record Claim(OwnerMark mark, Instant written, boolean slowly, boolean held) {

    /** A mark of ours that a process before this one wrote. */
    public static Claim found(OwnerMark mark) {
      return new Claim(mark, mark.since(), false, false);
    }

    /** The same, now that the cluster is ours. */
    public Claim asHeld() {
      return new Claim(mark, written, slowly, true);
    }

    /** When to look whether another one wrote over it. */
    Instant check() {
      return written.plus(WRITING);
    }

    /** When the mark has stayed long enough. */
    Instant settled() {
      return written.plus(slowly || mark.tookOver() ? LONG_SETTLING : SETTLING);
    }

    /** Whether ours came first, and theirs was written by one that had not seen ours. */
    public boolean mayContest(OwnerMark other, Instant seenAt) {
      return !held
          && !slowly
          && seenAt.isBefore(written.plus(CONTEST))
          && mark.compareTo(other) < 0
          && !other.tookOver();
    }
  }

  /**
   * Judges.
   *
   * @param uid of our object
   * @param notes as each member that was asked has them
   * @param seenAt when they were asked for
   * @param yielding UIDs of objects that this operator sees, and that give way to ours
   * @param takeOver the id of the claim to take over, as a person wrote it
   * @param claim what is remembered of our mark
   */
  public static ClusterHold judge(
      String uid,
      Collection<ClusterNotes> notes,
      Instant seenAt,
      Set<String> yielding,
      Optional<String> takeOver,
      Optional<Claim> claim) {
    boolean held = claim.filter(Claim::held).isPresent();
    if (claim.filter(ours -> !seenAt.isAfter(ours.written())).isPresent()) {
      // The notes are those of before we wrote.
      return held ? ours(false) : claiming(false, claim.map(Claim::check));
    }
    List<OwnerMark> others =
        notes.stream()
            .flatMap(seen -> seen.marks().stream())
            .filter(mark -> !mark.uid().equals(uid) && !yielding.contains(mark.uid()))
            .filter(mark -> takeOver.filter(mark.id()::equals).isEmpty())
            .sorted(Comparator.naturalOrder())
            .toList();
    if (!others.isEmpty()) {
      return claim.filter(ours -> ours.mayContest(others.get(0), seenAt)).isPresent()
          ? claiming(true, Optional.empty())
          : new ClusterHold(
              State.TAKEN, Optional.of(others.get(0)), Optional.empty(), false, Optional.empty());
    }
    Optional<String> damaged = notes.stream().flatMap(seen -> seen.damaged().stream()).findFirst();
    if (damaged.isPresent()) {
      return new ClusterHold(State.DAMAGED, Optional.empty(), damaged, false, Optional.empty());
    }
    if (notes.isEmpty()) {
      return held ? ours(false) : unseen();
    }
    long showing = notes.stream().filter(seen -> shows(seen, uid)).count();
    if (held) {
      // Somebody took our line away, and nobody put another one there.
      return ours(showing == 0);
    }
    if (showing == 0) {
      return claiming(true, Optional.empty());
    }
    if (showing < notes.size()) {
      return unseen();
    }
    Claim ours = claim.orElseGet(() -> Claim.found(found(notes, uid).orElseThrow()));
    if (!seenAt.isBefore(ours.settled())) {
      return ours(false);
    }
    return claiming(
        false, Optional.of(seenAt.isBefore(ours.check()) ? ours.check() : ours.settled()));
  }

  /** Our own mark as the notes have it. */
  public static Optional<OwnerMark> found(Collection<ClusterNotes> notes, String uid) {
    return notes.stream()
        .flatMap(seen -> seen.marks().stream())
        .filter(mark -> mark.uid().equals(uid))
        .max(Comparator.naturalOrder());
  }

  private static boolean shows(ClusterNotes notes, String uid) {
    return notes.marks().stream().anyMatch(mark -> mark.uid().equals(uid));
  }

  private static ClusterHold ours(boolean write) {
    return new ClusterHold(State.OURS, Optional.empty(), Optional.empty(), write, Optional.empty());
  }

  private static ClusterHold unseen() {
    return new ClusterHold(
        State.UNSEEN, Optional.empty(), Optional.empty(), false, Optional.empty());
  }

  private static ClusterHold claiming(boolean write, Optional<Instant> until) {
    return new ClusterHold(State.CLAIMING, Optional.empty(), Optional.empty(), write, until);
  }
}
