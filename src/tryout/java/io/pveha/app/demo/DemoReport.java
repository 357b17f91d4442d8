package io.pveha.app.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Locale;

/**
 * What the story cost, as the client of the web page saw it.
 *
 * @param mode who failed over: {@code ProxmoxHA} or {@code Operator}
 * @param speed how many times faster than Proxmox's pace the simulator ran
 * @param outageSeconds seconds from the cut until the page answered again, by this clock
 * @param outageSecondsAtProxmoxPace the same at Proxmox's own pace
 * @param dataLossSeconds seconds of the guest's writes before the cut that are gone, at Proxmox's
 *     pace
 * @param from node that was lost
 * @param to node where the guest answers now
 * @param lostHaMaster whether the lost node was the HA master, which another must succeed first
 * @param kubernetes which Kubernetes API the resources lived in
 * @param phases states of the guest after the cut
 * @param predicted what the operator said before the cut; null when it said nothing
 * @param receipt what the operator wrote into the guest's ledger; null when it did not in time
 */
@JsonPropertyOrder({
  "mode",
  "speed",
  "outageSeconds",
  "outageSecondsAtProxmoxPace",
  "dataLossSeconds",
  "from",
  "to",
  "lostHaMaster",
  "kubernetes",
  "phases",
  "predicted",
  "receipt"
})
record DemoReport(
    String mode,
    double speed,
    double outageSeconds,
    double outageSecondsAtProxmoxPace,
    long dataLossSeconds,
    String from,
    String to,
    boolean lostHaMaster,
    String kubernetes,
    List<Phase> phases,
    Foretold foretold,
    Receipt receipt) {

  /** Mean outage of the hand-made set-up that the project comes from, containers and full VMs. */
  static final int REFERENCE_OUTAGE_SECONDS = 131;

  DemoReport {
    phases = List.copyOf(phases);
  }

  /**
   * One state of the guest.
   *
   * @param state Proxmox's word for it, or {@code answering} for the page itself
   * @param node node that it is on in this state
   * @param seconds seconds after the cut when it was first seen, by this clock
   * @param secondsAtProxmoxPace the same at Proxmox's own pace
   */
  record Phase(String state, String node, double seconds, double secondsAtProxmoxPace) {}

  /**
   * What the operator predicted for the loss of the node.
   *
   * @param node where the guest would be recovered
   * @param outageSeconds how long it would be away, at Proxmox's pace
   */
  record Foretold(String node, long outageSeconds) {}

  /**
   * An entry of {@code status.failovers} of the HaResource.
   *
   * @param outageSeconds as the operator's own probe saw it, by this clock
   * @param predictedOutageSeconds as it was predicted, at Proxmox's pace
   */
  record Receipt(
      String cause, Long outageSeconds, Long predictedOutageSeconds, List<String> phases) {}

  /** The report for a person. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("\nWhat happened after the network of %s was cut\n".formatted(from));
    text.append("   seconds   state        node\n");
    for (Phase phase : phases) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %8.1f   %-12s %s%n",
              phase.secondsAtProxmoxPace(),
              phase.state(),
              phase.node()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%nThe web page was away for %.0f s (the reference set-up measured %d s).%n",
            outageSecondsAtProxmoxPace,
            REFERENCE_OUTAGE_SECONDS));
    if (foretold != null) {
      text.append(
          "The operator had predicted %d s, and %s.%n"
              .formatted(
                  foretold.outageSeconds(),
                  foretold.node().equals(to) ? to : foretold.node() + " instead of " + to));
    }
    if (receipt != null && receipt.outageSeconds() != null) {
      text.append(
          "Its receipt in status.failovers of the HaResource: %s, %.0f s as its own probe saw it, %d phases.%n"
              .formatted(
                  receipt.cause(), receipt.outageSeconds() * speed, receipt.phases().size()));
    }
    text.append(
        "Data lost: the last %d s of writes, those since the last replication.%n"
            .formatted(dataLossSeconds));
    text.append("The guest ran on %s and runs on %s now.%n".formatted(from, to));
    if (lostHaMaster) {
      text.append(
          "%s was also the HA master; with any other node Proxmox is about a minute faster.%n"
              .formatted(from));
    }
    text.append("Kubernetes API: %s.%n".formatted(kubernetes));
    if (speed != 1) {
      text.append(
          String.format(
              Locale.ROOT,
              "Time ran %.0f times as fast: the outage took %.1f s on the wall clock; all other "
                  + "figures are at Proxmox's pace.%n",
              speed,
              outageSeconds));
    }
    return text.toString();
  }
}
