package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Lists of two members as one: no list is shortened by what another has not got yet. */
final class Lists {

  private Lists() {}

  /** Rows of either, those of the first where both have one. */
  static <T, K> List<T> union(List<T> first, List<T> second, Function<T, K> key) {
    Map<K, T> rows = new LinkedHashMap<>();
    first.forEach(row -> rows.putIfAbsent(key.apply(row), row));
    second.forEach(row -> rows.putIfAbsent(key.apply(row), row));
    return Rows.of(List.copyOf(rows.values()), Rows.problem(first).or(() -> Rows.problem(second)));
  }

  /** Whom to ask beside the first. */
  static Optional<NodeName> another(NodeName first, List<NodeName> members) {
    return members.stream().filter(member -> !member.equals(first)).findFirst();
  }
}
