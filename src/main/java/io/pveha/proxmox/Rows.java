package io.pveha.proxmox;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The rows of a list that could be read. One that could not is left out, and then a gap in the list
 * proves nothing: what is missing may be what could not be read.
 */
public final class Rows<T> extends AbstractList<T> {

  /**
   * Something that follows from rows alone. One that is kept in a constant is worked out once for
   * each list.
   */
  public static final class Derivation<T, R> {
    private final Function<List<T>, R> how;

    private Derivation(Function<List<T>, R> how) {
      this.how = how;
    }

    /** One that is worked out so; it must not look at any list of rows itself. */
    public static <T, R> Derivation<T, R> of(Function<List<T>, R> how) {
      return new Derivation<>(how);
    }

    /** The rows by what each is found by, which may be several things. */
    public static <T, K> Derivation<T, Map<K, List<T>>> index(
        Function<T, ? extends Collection<K>> keys) {
      return of(rows -> indexed(rows, keys));
    }

    /** The first row of each key. */
    public static <T, K> Derivation<T, Map<K, T>> firstBy(Function<T, K> key) {
      return of(
          rows -> {
            Map<K, T> first = new HashMap<>();
            rows.forEach(row -> first.putIfAbsent(key.apply(row), row));
            return first;
          });
    }

    private static <T, K> Map<K, List<T>> indexed(
        List<T> rows, Function<T, ? extends Collection<K>> keys) {
      Map<K, List<T>> index = new HashMap<>();
      for (T row : rows) {
        for (K key : keys.apply(row)) {
          List<T> found = index.computeIfAbsent(key, unused -> new ArrayList<>(1));
          if (found.isEmpty() || found.get(found.size() - 1) != row) {
            found.add(row);
          }
        }
      }
      return index;
    }
  }

  private final List<T> read;
  private final Optional<String> problem;
  private final Map<Derivation<?, ?>, Object> derived = new ConcurrentHashMap<>();

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

  /**
   * What follows from rows; kept with the list, if it is one of rows.
   *
   * @param what a constant
   */
  @SuppressWarnings("unchecked") // A derivation makes values of its own type alone.
  public static <T, R> R derived(List<T> rows, Derivation<T, R> what) {
    return rows instanceof Rows<T> known
        ? (R) known.derived.computeIfAbsent(what, unused -> what.how.apply(known.read))
        : what.how.apply(rows);
  }

  /** Whether two lists have the same rows, and nothing else could not be read. */
  public static boolean same(List<?> one, List<?> other) {
    return one == other || one.equals(other) && problem(one).equals(problem(other));
  }

  /**
   * The same rows as the ones known before as far as they are equal: what follows from them is not
   * computed again, and equal rows are the same object. The list itself is the former one if
   * nothing differs.
   */
  public static <T, K> List<T> keeping(
      List<T> former, List<T> now, Derivation<T, Map<K, T>> by, Function<T, K> key) {
    if (same(former, now)) {
      return former;
    }
    Map<K, T> known = derived(former, by);
    List<T> rows = new ArrayList<>(now.size());
    for (T row : now) {
      T same = known.get(key.apply(row));
      rows.add(row.equals(same) ? same : row);
    }
    return of(rows, problem(now));
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
