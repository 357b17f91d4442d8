package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOwnerTest {

  private static final JobMark SELF = new JobMark("default", "web");

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "pveha: default/web, false, OURS",
        "pveha: default/web and a word of the owner, false, OURS",
        "' pveha:default/web', false, OURS",
        "pveha: default/web, true, OURS",
        "pveha: default/web2, false, CLAIMABLE",
        "pveha: default/web2, true, CLAIMABLE",
        "pveha: other/web, true, FOREIGN",
        "pveha: default/web/x, true, FOREIGN",
        "pveha: default, true, FOREIGN",
        "'made by hand, keep', false, FOREIGN",
        "'made by hand, keep', true, FOREIGN",
        "once pveha: default/web, true, FOREIGN",
        "none, true, CLAIMABLE",
        "'  ', true, CLAIMABLE",
        "none, false, FOREIGN",
        "'', false, FOREIGN",
      })
  void tellsByTheCommentWhoseAJobIs(String comment, boolean known, JobOwner owner) {
    assertThat(JobOwner.of(SELF, comment, known)).isEqualTo(owner);
  }

  @Test
  void readsTheMarkThatItWrites() {
    JobMark dotted = new JobMark("ha-1", "web.example.org-2");

    assertThat(JobMark.in(dotted.comment())).contains(dotted);
    assertThat(JobMark.in(null)).isEmpty();
  }
}
