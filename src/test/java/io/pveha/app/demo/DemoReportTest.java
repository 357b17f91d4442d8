package io.pveha.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  @Test
  void showsWhatWasForetoldAndTheReceiptBesideWhatWasMeasured() {
    DemoReport report =
        report(
            new DemoReport.Foretold("node2", 137),
            new DemoReport.Receipt("NodeLost", 13L, 137L, List.of("LossSeen", "Running")));

    assertThat(report.text())
        .contains(
            "The web page was away for 132 s",
            "The operator had predicted 137 s, and node2.",
            "status.failovers of the HaResource: NodeLost, 130 s as its own probe saw it, 2"
                + " phases");
  }

  @Test
  void saysWhereItWasWrong() {
    assertThat(report(new DemoReport.Foretold("node3", 137), null).text())
        .contains("predicted 137 s, and node3 instead of node2.")
        .doesNotContain("receipt");
  }

  @Test
  void isCompleteWithoutEither() {
    assertThat(report(null, null).text()).doesNotContain("predicted", "receipt", "null");
  }

  private static DemoReport report(DemoReport.Foretold foretold, DemoReport.Receipt receipt) {
    return new DemoReport(
        "ProxmoxHA",
        10,
        13.2,
        132,
        20,
        "node1",
        "node2",
        false,
        "a real one",
        List.of(new DemoReport.Phase("started", "node2", 13.2, 132)),
        foretold,
        receipt);
  }
}
