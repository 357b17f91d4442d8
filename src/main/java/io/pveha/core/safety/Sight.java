package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What may be concluded from the gaps of Proxmox's lists. A key is proven absent when the
 * privileges that the list rests on are held, something that must be there if we can see at all is
 * seen, and agreeing views have lacked the key for a time. Nothing here says that something is
 * there: what is listed is.
 *
 * @param unprivileged lists that are shortened for want of a privilege, or may be
 * @param blind lists that lack what must be there if they can be seen at all
 * @param keys doubts about single keys, for the same two causes
 * @param log since when agreeing views have lacked keys; empty where everything is believed
 * @param privilegesAt when it was told which privileges are held; later losses are not known
 */
public record Sight(
    Map<Listing, Finding> unprivileged,
    Map<Listing, Finding> blind,
    Map<Listing, Map<String, Finding>> keys,
    Optional<AbsenceLog> log,
    Instant privilegesAt) {

  /** All lists are believed. */
  public static final Sight FULL =
      new Sight(Map.of(), Map.of(), Map.of(), Optional.empty(), Instant.MAX);

  public Sight {
    unprivileged = Map.copyOf(unprivileged);
    blind = Map.copyOf(blind);
    keys = Map.copyOf(keys);
  }

  /**
   * Something that must be there if we can see at all.
   *
   * @param witness who says so, as in {@code Proxmox HA lists ct:100}
   * @param each whether each one that is lacking is in doubt by itself; else the list is in doubt
   *     as a whole if it lacks all of them
   * @param advice what to do
   */
  public record Anchors(Map<String, String> witness, boolean each, String advice) {
    public Anchors {
      witness = Map.copyOf(witness);
    }
  }

  /**
   * Judges by what the views told.
   *
   * @param held the privileges, as told at {@code privilegesAt}
   * @param lists what was listed, by list
   * @param anchors what must be there, by list
   */
  public static Sight of(
      HeldPrivileges held,
      Instant privilegesAt,
      Map<Listing, ? extends Collection<String>> lists,
      Map<Listing, Anchors> anchors,
      AbsenceLog log) {
    Map<Listing, Finding> unprivileged = new EnumMap<>(Listing.class);
    Map<Listing, Finding> blind = new EnumMap<>(Listing.class);
    Map<Listing, Map<String, Finding>> keys = new EnumMap<>(Listing.class);
    for (Listing listing : Listing.values()) {
      PrivilegeDoubt.of(listing, held).ifPresent(doubt -> unprivileged.put(listing, doubt));
      keys.put(listing, new HashMap<>(PrivilegeDoubt.ofKeys(listing, held)));
    }
    anchors.forEach(
        (listing, each) -> {
          Collection<String> listed = lists.containsKey(listing) ? lists.get(listing) : List.of();
          // What a missing privilege hides says nothing about the list.
          Set<String> expected = new HashSet<>(each.witness().keySet());
          expected.removeAll(keys.get(listing).keySet());
          Map<String, Finding> lacking = new HashMap<>();
          expected.stream()
              .filter(key -> !listed.contains(key))
              .forEach(key -> lacking.put(key, unseen(each, key)));
          if (each.each()) {
            keys.get(listing).putAll(lacking);
          } else if (!expected.isEmpty() && lacking.size() == expected.size()) {
            String first = lacking.keySet().stream().sorted().findFirst().orElseThrow();
            blind.put(listing, unseen(each, first));
          }
        });
    return new Sight(unprivileged, blind, keys, Optional.of(log), privilegesAt);
  }

  /** With more lists whose gaps prove nothing. */
  public Sight withBlind(Map<Listing, Finding> more) {
    Map<Listing, Finding> all = new EnumMap<>(Listing.class);
    all.putAll(more);
    all.putAll(blind);
    return new Sight(unprivileged, all, keys, log, privilegesAt);
  }

  /**
   * With more that is there by somebody else's word.
   *
   * @param lacking what the list lacks of it
   */
  public Sight withWitnesses(Listing listing, Anchors lacking) {
    Map<Listing, Map<String, Finding>> all = new EnumMap<>(Listing.class);
    all.putAll(keys);
    Map<String, Finding> doubts = new HashMap<>();
    lacking.witness().keySet().forEach(key -> doubts.put(key, unseen(lacking, key)));
    doubts.putAll(all.getOrDefault(listing, Map.of()));
    all.put(listing, doubts);
    return new Sight(unprivileged, blind, all, log, privilegesAt);
  }

  private static Finding unseen(Anchors anchors, String key) {
    return Finding.delays(
        ConditionReason.ABSENCE_UNPROVEN,
        "%s, and no list shows it, so nothing is concluded from what is not listed. %s"
            .formatted(anchors.witness().get(key), anchors.advice()));
  }

  /** Why gaps of this list prove nothing; empty when they do. */
  public Optional<Finding> doubt(Listing listing) {
    return Optional.ofNullable(unprivileged.get(listing))
        .or(() -> Optional.ofNullable(blind.get(listing)))
        .or(() -> PrivilegeDoubt.first(keys.getOrDefault(listing, Map.of())));
  }

  /** Lists whose gaps prove nothing now, and why. */
  public Map<Listing, Finding> doubts() {
    Map<Listing, Finding> doubts = new EnumMap<>(Listing.class);
    for (Listing listing : Listing.values()) {
      doubt(listing).ifPresent(doubt -> doubts.put(listing, doubt));
    }
    return doubts;
  }

  /**
   * Why the absence of one key is not proven; empty when it is. Only asked for keys that the list
   * lacks.
   */
  public Optional<Finding> doubtThatGone(Listing listing, String key) {
    return Optional.ofNullable(unprivileged.get(listing))
        .or(() -> Optional.ofNullable(blind.get(listing)))
        .or(() -> keyDoubt(listing, key))
        .or(() -> tooShort(listing, key));
  }

  /**
   * Keys that a list lacks and that are not proven to be gone: somebody still tells of them, or
   * they have been absent too briefly. For those who ask without knowing what was there.
   */
  public Set<String> unproven(Listing listing) {
    Set<String> unproven = new TreeSet<>(keys.getOrDefault(listing, Map.of()).keySet());
    log.map(AbsenceLog::unsettled)
        .map(unsettled -> unsettled.get(listing))
        .ifPresent(unproven::addAll);
    unproven.remove("");
    return unproven;
  }

  /** A job is in doubt with its guest, a member of a pool with both. */
  private Optional<Finding> keyDoubt(Listing listing, String key) {
    Map<String, Finding> doubts = keys.getOrDefault(listing, Map.of());
    return Optional.ofNullable(doubts.get(key))
        .or(
            () ->
                listing == Listing.REPLICATION_JOBS || listing == Listing.POOL_MEMBERS
                    ? Stream.of(key.split("[->/]"))
                        .map(doubts::get)
                        .filter(Objects::nonNull)
                        .findFirst()
                    : Optional.empty());
  }

  /** Why something must not be taken for absent; empty when it may. */
  public Optional<Finding> doubt(Absence absence) {
    if (absence.key().isEmpty()) {
      return doubt(absence.listing());
    }
    String key = absence.key().get();
    if (!absence.ordered()) {
      return doubtThatGone(absence.listing(), key);
    }
    return Optional.ofNullable(unprivileged.get(absence.listing()))
        .or(
            () ->
                keyDoubt(absence.listing(), key)
                    .filter(doubt -> doubt.reason() == ConditionReason.PERMISSION_DENIED))
        .or(() -> tooShort(absence.listing(), key));
  }

  private Optional<Finding> tooShort(Listing listing, String key) {
    if (log.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> since = log.get().since(listing, key);
    if (log.get().isPresent(listing, key)) {
      return Optional.of(
          Finding.delays(
              ConditionReason.ABSENCE_UNPROVEN,
              "A member still lists %s, or did when two were asked last."
                  .formatted(name(listing, key))));
    }
    boolean told = since.filter(privilegesAt::isBefore).isEmpty();
    return log.get().isAbsent(listing, key) && told
        ? Optional.empty()
        : Optional.of(
            Finding.delays(
                ConditionReason.ABSENCE_UNPROVEN,
                "Two members have not agreed for %d s yet that there is no %s."
                    .formatted(AbsenceLog.LONG_ENOUGH.toSeconds(), name(listing, key))));
  }

  private static String name(Listing listing, String key) {
    return listing.singular() + " " + key;
  }
}
