package io.pveha.core.safety;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Since when keys have been absent from lists. Properties:
 *
 * <ol>
 *   <li>a key that any of the views has is present;
 *   <li>only agreeing views make a key absent: those of two members, where two are online;
 *   <li>absence counts once it has lasted {@link #LONG_ENOUGH}, from one agreeing look to another;
 *   <li>what was never seen is absent since the first agreeing look;
 *   <li>what was hidden for want of a privilege is absent since the privilege was told to be back.
 * </ol>
 */
public record AbsenceLog(Map<Listing, Track> tracks) {

  /** The cluster file system of a member may lag behind the others by some seconds. */
  public static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  /** Far longer than it takes to be told which privileges are held, which must come later. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  public static final AbsenceLog EMPTY = new AbsenceLog(Map.of());

  /**
   * What is remembered of one list.
   *
   * @param first agreeing look
   * @param last agreeing look
   * @param present keys that count as there
   * @param lacking keys that were there, and since when agreeing views lack them; those that have
   *     been absent for an hour are forgotten, since they are as good as never seen by then
   */
  public record Track(
      Optional<Instant> first,
      Optional<Instant> last,
      Set<String> present,
      Map<String, Instant> lacking) {

    static final Track NEW = new Track(Optional.empty(), Optional.empty(), Set.of(), Map.of());

    public Track {
      present = Set.copyOf(present);
      lacking = Map.copyOf(lacking);
    }

    Track look(Set<String> keys, boolean agreeing, Instant at) {
      if (agreeing && lacking.isEmpty() && keys.equals(present)) {
        // As it mostly is: thousands of keys are not copied again for it.
        return new Track(first.or(() -> Optional.of(at)), Optional.of(at), present, lacking);
      }
      Map<String, Instant> absent = new HashMap<>(lacking);
      absent.keySet().removeAll(keys);
      Set<String> there = new HashSet<>(keys);
      if (!agreeing) {
        there.addAll(present);
        return new Track(first, last, there, absent);
      }
      present.stream()
          .filter(key -> !keys.contains(key))
          .forEach(key -> absent.putIfAbsent(key, at));
      absent.values().removeIf(since -> since.plus(REMEMBERED).isBefore(at));
      return new Track(first.or(() -> Optional.of(at)), Optional.of(at), there, absent);
    }

    Track anew(Instant at) {
      Map<String, Instant> absent = new HashMap<>(lacking);
      absent.replaceAll((key, since) -> at);
      return new Track(first.map(any -> at), last, present, absent);
    }

    Track anew(Set<String> keys, Instant at) {
      Map<String, Instant> absent = new HashMap<>(lacking);
      keys.stream().filter(key -> !present.contains(key)).forEach(key -> absent.put(key, at));
      return new Track(first, last, present, absent);
    }

    /** Since when a key has been absent; empty while it counts as there. */
    Optional<Instant> since(String key) {
      return present.contains(key)
          ? Optional.empty()
          : Optional.ofNullable(lacking.get(key)).or(() -> first);
    }

    boolean isAbsent(String key) {
      return since(key).filter(since -> isLong(since, last.orElse(since))).isPresent();
    }

    private static boolean isLong(Instant since, Instant until) {
      return !since.plus(LONG_ENOUGH).isAfter(until);
    }
  }

  public AbsenceLog {
    tracks = tracks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(tracks));
  }

  /**
   * With one more look.
   *
   * @param lists keys by list, of all views together
   * @param agreeing whether as many members were asked as must agree
   */
  public AbsenceLog look(Map<Listing, Set<String>> lists, boolean agreeing, Instant at) {
    Map<Listing, Track> seen = new EnumMap<>(Listing.class);
    seen.putAll(tracks);
    lists.forEach(
        (listing, keys) ->
            seen.put(listing, seen.getOrDefault(listing, Track.NEW).look(keys, agreeing, at)));
    return new AbsenceLog(seen);
  }

  /**
   * With lists that were shortened for want of a privilege until then: what they lack is absent
   * since that time at the earliest. A privilege that is given back is told before the lists are
   * asked again.
   */
  public AbsenceLog shortened(HeldPrivileges held, Instant at) {
    Map<Listing, Track> seen = new EnumMap<>(Listing.class);
    tracks.forEach(
        (listing, track) ->
            seen.put(
                listing,
                PrivilegeDoubt.of(listing, held).isPresent()
                    ? track.anew(at)
                    : track.anew(PrivilegeDoubt.ofKeys(listing, held).keySet(), at)));
    return new AbsenceLog(seen);
  }

  /** Whether a key has been absent for long enough. */
  public boolean isAbsent(Listing listing, String key) {
    return track(listing).isAbsent(key);
  }

  /** Whether some view has it, or had it when views last agreed. */
  public boolean isPresent(Listing listing, String key) {
    return track(listing).present().contains(key);
  }

  /** Since when a key has been absent; empty while it counts as there. */
  public Optional<Instant> since(Listing listing, String key) {
    return track(listing).since(key);
  }

  /** What time alone will settle: lists looked at too briefly, and keys gone too briefly. */
  public Map<Listing, Set<String>> unsettled() {
    Map<Listing, Set<String>> open = new TreeMap<>();
    tracks.forEach(
        (listing, track) -> {
          Set<String> keys = new TreeSet<>(track.lacking().keySet());
          keys.removeIf(track::isAbsent);
          if (!track.isAbsent("")) {
            keys.add("");
          }
          open.put(listing, keys);
        });
    return open;
  }

  private Track track(Listing listing) {
    return tracks.getOrDefault(listing, Track.NEW);
  }
}
