package io.pveha.app.rehearse;

import io.pveha.core.failover.FenceTimes;
import io.pveha.core.failover.GuestForecast;
import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.failover.LiveCluster;
import io.pveha.core.failover.LossForecast;
import io.pveha.core.failover.RecoveryPoint;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Shows the loss of nodes to a person: what happens when, and what becomes of each guest. */
final class LossTable {

  /** Longer lists are told by their first and their last. */
  private static final int MOST_ANSWERS = 5;

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  private final LiveCluster cluster;
  private final LossForecast loss;
  private final Instant now;
  private final StringBuilder text = new StringBuilder();

  private LossTable(LiveCluster cluster, LossForecast loss, Instant now) {
    this.cluster = cluster;
    this.loss = loss;
    this.now = now;
  }

  /**
   * The text.
   *
   * @param now when the nodes are lost
   */
  static String of(LiveCluster cluster, LossForecast loss, Instant now) {
    LossTable table = new LossTable(cluster, loss, now);
    table.timeline();
    table.guests();
    table.stranded();
    return table.text.toString();
  }

  private void timeline() {
    String lost = String.join(" and ", loss.lost());
    line("If %s were lost now, at %s UTC:".formatted(lost, CLOCK.format(now)));
    line("");
    at(Duration.ZERO, "%s: network and power are gone, guests with them".formatted(lost));
    at(
        FenceTimes.MEMBERSHIP,
        "membership changes: %d of %d votes are left, %d are needed"
            .formatted(
                cluster.votesWithout(loss.lost()), cluster.expectedVotes(), cluster.votesNeeded()));
    if (!loss.quorate()) {
      at(loss.times().reset(), "no quorum: watchdogs reset every node that runs HA guests");
    } else if (!cluster.armed()) {
      at(loss.times().noticed(), "nothing follows: the HA stack is disarmed");
    } else {
      failover(loss.times());
    }
    line("");
  }

  private void failover(FenceTimes times) {
    boolean one = loss.lost().size() == 1;
    String reset = one ? "its watchdog has reset it" : "their watchdogs have reset them";
    String unknown = one ? "the HA master calls it unknown" : "the HA master calls them unknown";
    if (times.newMaster().isPresent()) {
      at(times.reset(), reset);
      at(times.newMaster().get(), "the lock of the HA master ends: another node takes over");
      at(times.noticed(), unknown);
    } else {
      at(times.noticed(), unknown);
    }
    if (loss.guests().isEmpty()) {
      return; // nobody is fenced for nothing
    }
    if (times.newMaster().isEmpty()) {
      at(times.reset(), reset);
    }
    at(times.fenced(), "fenced: proved dead by the node's lock; its guests get other nodes");
    recoveries(times);
  }

  private void recoveries(FenceTimes times) {
    List<GuestForecast> back =
        loss.guests().stream()
            .filter(guest -> guest.outcome() == Outcome.RECOVERED)
            .sorted(
                Comparator.comparing((GuestForecast guest) -> guest.outage().orElseThrow())
                    .thenComparing(GuestForecast::guest))
            .toList();
    if (back.isEmpty()) {
      return;
    }
    at(times.firstStart(), "their nodes begin to start them");
    List<GuestForecast> told =
        back.size() <= MOST_ANSWERS ? back : List.of(back.get(0), back.get(back.size() - 1));
    for (GuestForecast guest : told) {
      at(
          guest.outage().orElseThrow(),
          "%s serves again on %s".formatted(guest.guest(), guest.node().orElseThrow()));
    }
    if (told.size() < back.size()) {
      line("           (and %d more in between)".formatted(back.size() - told.size()));
    }
  }

  private void guests() {
    if (loss.guests().isEmpty()) {
      line("No guest under HA is there.");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("GUEST", "OUTCOME", "WHERE", "OUTAGE", "DATA LOST"));
    loss.guests().forEach(guest -> rows.add(row(guest)));
    int[] widths = new int[5];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      line(line.toString().stripTrailing());
    }
  }

  private List<String> row(GuestForecast guest) {
    String where = guest.node().filter(node -> !guest.isStranded()).orElse("-");
    if (!guest.tried().isEmpty() && !guest.isStranded()) {
      where += " (after " + String.join(", ", guest.tried()) + ")";
    }
    return List.of(
        guest.guest().value(),
        switch (guest.outcome()) {
          case RECOVERED -> "recovered";
          case STRANDED -> "stranded";
          case STAYS_STOPPED -> "stays stopped";
          case UNKNOWN -> "unknown";
        },
        where,
        guest.outage().map(outage -> outage.toSeconds() + " s").orElse("-"),
        guest.point().map(this::lost).orElse("-"));
  }

  private String lost(RecoveryPoint point) {
    if (point.complete()) {
      return "none";
    }
    return point
        .at()
        .map(
            since ->
                "last %d s (replica of %s)"
                    .formatted(point.lossSeconds(now).orElseThrow(), CLOCK.format(since)))
        .orElse("unknown: no sync is known to have succeeded");
  }

  private void stranded() {
    line("");
    loss.guests().stream()
        .filter(GuestForecast::isStranded)
        .forEach(
            guest ->
                line(
                    "  %s stays down. %s"
                        .formatted(guest.guest(), guest.stranded().orElseThrow().message())));
    line(
        "%d recovered, %d stranded, %d not affected."
            .formatted(
                loss.recovered(),
                loss.stranded(),
                loss.guests().size() - loss.recovered() - loss.stranded()));
  }

  private void at(Duration when, String what) {
    line("  t+%-5s  %s".formatted(when.toSeconds() + "s", what));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
