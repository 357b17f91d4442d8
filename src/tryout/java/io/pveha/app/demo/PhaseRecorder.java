package io.pveha.app.demo;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Notes when the guest's state in Proxmox HA changes, from the cut on. */
final class PhaseRecorder {

  private final GuestStates states;
  private final Instant cut;
  private final double speed;
  private final Clock clock;
  private final PrintStream out;
  private final List<DemoReport.Phase> seen = new ArrayList<>();

  PhaseRecorder(GuestStates states, Instant cut, double speed, Clock clock, PrintStream out) {
    this.states = states;
    this.cut = cut;
    this.speed = speed;
    this.clock = clock;
    this.out = out;
  }

  /** Looks once; notes the state if it is another one than before. */
  void look() {
    Optional<GuestStates.HaState> state = states.current();
    if (state.isPresent() && !isLast(state.get())) {
      note(state.get().state(), state.get().node(), clock.instant());
    }
  }

  /** Notes that the page answers again. */
  void answering(PageProbe.Answer answer) {
    look();
    note("answering", answer.node(), answer.at());
  }

  List<DemoReport.Phase> seen() {
    return List.copyOf(seen);
  }

  private boolean isLast(GuestStates.HaState state) {
    if (seen.isEmpty()) {
      return false;
    }
    DemoReport.Phase last = seen.get(seen.size() - 1);
    return last.state().equals(state.state()) && last.node().equals(state.node());
  }

  private void note(String state, String node, Instant at) {
    double seconds = Duration.between(cut, at).toMillis() / 1000.0;
    DemoReport.Phase phase = new DemoReport.Phase(state, node, seconds, seconds * speed);
    seen.add(phase);
    out.println(
        String.format(
            Locale.ROOT,
            "  %6.1f s after the cut: %s on %s",
            phase.secondsAtProxmoxPace(),
            state,
            node));
  }
}
