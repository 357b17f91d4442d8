package io.pveha.core.safety;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The notes of a datacenter, with the marks in them. Properties:
 *
 * <ol>
 *   <li>whatever is no mark stays as it is, byte for byte;
 *   <li>notes to which a mark was added, and from which it was taken, are those of before.
 * </ol>
 *
 * @param text as Proxmox has it
 */
public record ClusterNotes(String text) {

  /** Lines with their ends. */
  private static final Pattern LINES = Pattern.compile("(?<=\n)");

  private static final int LONGEST_SHOWN = 120;

  /** All marks that can be read, in the order of the notes. */
  public List<OwnerMark> marks() {
    return lines().stream().flatMap(line -> OwnerMark.read(line).stream()).toList();
  }

  /** A line that is meant as a mark and can't be read, cut for a message; empty when none is. */
  public Optional<String> damaged() {
    return lines().stream()
        .filter(line -> OwnerMark.isMeant(line) && OwnerMark.read(line).isEmpty())
        .map(line -> line.strip().replaceAll("\\p{Cntrl}", "?"))
        .map(line -> line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) : line)
        .findFirst();
  }

  /** The same with this mark above all else, and without those that it replaces. */
  public ClusterNotes with(OwnerMark mark, Predicate<OwnerMark> replaced) {
    return new ClusterNotes(mark.line() + "\n" + without(replaced).text);
  }

  /** The same without some marks. */
  public ClusterNotes without(Predicate<OwnerMark> removed) {
    return new ClusterNotes(
        lines().stream()
            .filter(line -> OwnerMark.read(line).filter(removed).isEmpty())
            .collect(Collectors.joining()));
  }

  private List<String> lines() {
    return text.isEmpty() ? List.of() : List.of(LINES.split(text));
  }
}
