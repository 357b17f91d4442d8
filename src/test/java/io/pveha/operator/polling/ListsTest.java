package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.proxmox.Rows;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Lists of two members as one. */
class ListsTest {

  @Test
  void haveTheRowsOfEither() {
    assertThat(Lists.union(List.of("a", "b"), List.of("b", "c"), Function.identity()))
        .containsExactly("a", "b", "c");
  }

  @Test
  void areInDoubtWhenARowOfEitherCanNotBeRead() {
    List<String> whole = List.of("a");
    List<String> torn = Rows.of(List.of("a"), Optional.of("row 2 has no id"));

    assertThat(Rows.problem(Lists.union(torn, whole, Function.identity())))
        .hasValue("row 2 has no id");
    assertThat(Rows.problem(Lists.union(whole, torn, Function.identity())))
        .hasValue("row 2 has no id");
    assertThat(Rows.problem(Lists.union(whole, whole, Function.identity()))).isEmpty();
  }
}
