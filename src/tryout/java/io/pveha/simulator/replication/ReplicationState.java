package io.pveha.simulator.replication;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a node keeps of one job on its own disk while it has the guest. */
final class ReplicationState {

  long lastTry;
  long lastSync;
  Duration duration = Duration.ZERO;
  int failCount;
  String error;
  int pid;
  final List<String> log = new ArrayList<>();

  /** When it is tried again after failing: 5, 10, 15, then each 30 minutes. */
  long backOff() {
    return failCount <= 3 ? failCount * 5L * 60 : 30L * 60;
  }
}
