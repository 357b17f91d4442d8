package io.pveha.proxmox;

import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a list that could be read. One that could not is left out, and then a gap in the list
 * proves nothing: what is missing may be what could not be read.
 */
public final class Rows<T> extends AbstractList<T> {

  private final List<T> read;
  private final Optional<String> problem;

  /**
   * Rows of one answer.
   *
   * @param problem what could not be read; empty when all could
   */
  Rows(List<T> read, Optional<String> problem) {
    this.read = List.copyOf(read);
    this.problem = problem;
  }

  /**
   * Rows of several answers.
   *
   * @param problem what could not be read of any of them; empty when all could
   */
  public static <T> Rows<T> of(List<T> read, Optional<String> problem) {
    return new Rows<>(read, problem);
  }

  /** An unmodifiable copy that keeps what could not be read. */
  public static <T> Rows<T> copyOf(Collection<T> rows) {
    return rows instanceof Rows<T> known ? known : new Rows<>(List.copyOf(rows), Optional.empty());
  }

  /** What could not be read of this list, as in {@code row 3 has no vmid}; empty when all could. */
  public static Optional<String> problem(List<?> rows) {
    return rows instanceof Rows<?> known ? known.problem : Optional.empty();
  }

  @Override
  public T get(int index) {
    return read.get(index);
  }

  @Override
  public int size() {
    return read.size();
  }
}
