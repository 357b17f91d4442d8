package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Whether a guest that no list shows may be made. Properties:
 *
 * <ol>
 *   <li>nothing is concluded while its absence is in doubt, or while Proxmox HA lists it;
 *   <li>one that existed once and is gone is lost: it is recreated only by an order that is younger
 *       than the loss, and once per order;
 *   <li>an order that is seen while the guest is there counts for no later loss.
 * </ol>
 *
 * @param memory to be saved
 * @param obstacle why it must not be made; empty when it may, or is there
 */
public record GuestAbsence(GuestMemory memory, Optional<Finding> obstacle) {

  /** How far the clock that an order was written by may be ahead. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  /**
   * What was seen.
   *
   * @param sid as in {@code ct:100}
   * @param listed whether the list of guests has it
   * @param complete whether it is known to be whole: of the right kind, and not being made
   * @param underHa whether Proxmox HA lists it
   * @param doubt why its absence is not proven; of no concern while it is listed
   * @param order what the annotation says that asks to recreate it
   */
  public record Sighting(
      String sid,
      boolean listed,
      boolean complete,
      boolean underHa,
      Optional<Finding> doubt,
      Optional<String> order) {}

  /** Judges what was seen by what is remembered. */
  public static GuestAbsence judge(GuestMemory memory, Sighting seen, Instant now) {
    if (seen.listed()) {
      return new GuestAbsence(present(memory, seen, now), Optional.empty());
    }
    if (seen.doubt().isPresent()) {
      return new GuestAbsence(memory, stillLost(memory, seen).or(seen::doubt));
    }
    if (seen.underHa()) {
      return new GuestAbsence(memory, Optional.of(notVisible(seen)));
    }
    if (memory.seenSince().isEmpty()) {
      return new GuestAbsence(memory, Optional.empty());
    }
    Instant lost = memory.lostSince().orElse(now);
    if (isOrdered(memory, seen.order(), lost, now)) {
      return new GuestAbsence(
          new GuestMemory(Optional.empty(), Optional.empty(), seen.order()), Optional.empty());
    }
    // An order that is older than the loss was not meant for it.
    Optional<String> known =
        memory.lostSince().isEmpty() ? seen.order().or(memory::recreate) : memory.recreate();
    return new GuestAbsence(
        new GuestMemory(memory.seenSince(), Optional.of(lost), known),
        Optional.of(lost(seen, memory.seenSince().get(), lost)));
  }

  /** A loss that was proven once stands while time has not proven it again to a new process. */
  private static Optional<Finding> stillLost(GuestMemory memory, Sighting seen) {
    boolean isTimeAlone =
        seen.doubt()
            .filter(doubt -> doubt.reason() == ConditionReason.ABSENCE_UNPROVEN)
            .isPresent();
    return isTimeAlone && memory.seenSince().isPresent()
        ? memory.lostSince().map(since -> lost(seen, memory.seenSince().get(), since))
        : Optional.empty();
  }

  private static GuestMemory present(GuestMemory memory, Sighting seen, Instant now) {
    Optional<Instant> since =
        seen.complete() ? Optional.of(memory.seenSince().orElse(now)) : memory.seenSince();
    return new GuestMemory(since, Optional.empty(), seen.order().or(memory::recreate));
  }

  /** Whether an order asks to recreate what is lost since then. */
  static boolean isOrdered(GuestMemory memory, Optional<String> asked, Instant lost, Instant now) {
    // Whatever stood there when the loss was found had been written before.
    return memory.lostSince().isPresent()
        && asked
            .filter(order -> !order.isBlank() && !memory.recreate().equals(asked))
            .filter(
                order ->
                    time(order)
                        .map(at -> at.isAfter(lost) && !at.isAfter(now.plus(CLOCKS)))
                        .orElse(true))
            .isPresent();
  }

  private static Optional<Instant> time(String order) {
    try {
      return Optional.of(Instant.parse(order));
    } catch (DateTimeParseException anId) {
      return Optional.empty();
    }
  }

  private static Finding notVisible(Sighting seen) {
    return Finding.blocks(
        ConditionReason.GUEST_NOT_VISIBLE,
        ("Proxmox HA lists %s, and no list of guests shows it: the token lacks VM.Audit on it, or"
                + " its configuration is gone. Grant the privilege, or restore the guest.")
            .formatted(seen.sid()));
  }

  private static Finding lost(Sighting seen, Instant since, Instant lost) {
    return Finding.blocks(
        ConditionReason.GUEST_LOST,
        ("%s existed since %s and has been gone since %s. Nothing is created in its "
                + "place: restore it from a backup, or annotate this object with "
                + "pveha.io/recreate=<time> to recreate it empty.")
            .formatted(seen.sid(), since, lost));
  }
}
