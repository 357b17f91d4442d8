package io.pveha.simulator.ha;

import io.pveha.core.ha.CrmDaemon;
import io.pveha.core.ha.CrmDaemon.CrmState;
import io.pveha.core.ha.DaemonTurn;
import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import io.pveha.core.ha.HaTimings;
import io.pveha.core.ha.LrmDaemon;
import io.pveha.core.ha.LrmStatus.LrmState;
import io.pveha.core.ha.ShutdownKind;
import io.pveha.simulator.machine.Machine;
import java.time.Duration;
import java.time.Instant;

/**
 * The two HA daemons of one node and their rounds: about each 10 s a CRM that is master and an LRM
 * that is active, each 5 s the others (a new master was measured 112 to 118 s after the loss of the
 * old one, whose lock lives 120 s from its last round), and each second an LRM whose workers work.
 */
final class HaDaemons {

  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final Duration IDLE_ROUND = Duration.ofSeconds(5);
  private static final Duration WORKERS = Duration.ofSeconds(1);
  private static final Duration ALMOST = Duration.ofMillis(100);
  private static final Duration GOING_DOWN = Duration.ofSeconds(1);
  private static final Duration LONGEST_SHUTDOWN = Duration.ofMinutes(3);

  private final Machine node;
  private final HaView view;
  private CrmDaemon crm;
  private LrmDaemon lrm;
  private Instant nextLrmRound = Instant.EPOCH;
  private long crmLife;
  private long lrmLife;
  private Instant goesDownSince;
  private Runnable whenLrmEnded;

  HaDaemons(Machine node) {
    this.node = node;
    this.view = new HaView(node);
  }

  boolean isMaster() {
    return node.isUp() && crm != null && crm.state() == CrmState.MASTER;
  }

  /** With the machine. Nodes that were built together come up one a little after the other. */
  void start() {
    double offset = 2 * node.world().nodes().indexOf(node);
    startCrm(node.world().between(offset + 0.5, offset + 1.5));
    startLrm(node.world().between(offset + 2, offset + 3));
  }

  private void startCrm(Duration first) {
    crm = new CrmDaemon(view, HaTimings.proxmox());
    long life = ++crmLife;
    node.later(first, () -> crmRound(life));
  }

  private void startLrm(Duration first) {
    lrm = new LrmDaemon(view, HaTimings.proxmox());
    nextLrmRound = Instant.EPOCH;
    long life = ++lrmLife;
    node.later(first, () -> lrmRound(life));
  }

  /** With the power. */
  void killed() {
    crm = null;
    lrm = null;
    crmLife++;
    lrmLife++;
    goesDownSince = null;
    whenLrmEnded = null;
    view.forgetWork();
  }

  private void crmRound(long life) {
    if (life != crmLife || crm == null) {
      return;
    }
    if (hangs(() -> crmRound(life))) {
      return;
    }
    DaemonTurn turn = crm.iterate(node.clockNow());
    if (turn == DaemonTurn.EXITED) {
      crm = null;
      return;
    }
    Duration pause = crm.state() == CrmState.MASTER ? ROUND : IDLE_ROUND;
    if (goesDownSince != null) {
      pause = GOING_DOWN;
    }
    node.later(pause.plus(node.world().between(0, 0.06)), () -> crmRound(life));
  }

  private void lrmRound(long life) {
    if (life != lrmLife || lrm == null) {
      return;
    }
    if (hangs(() -> lrmRound(life))) {
      return;
    }
    Instant now = node.world().now();
    DaemonTurn turn = lrm.iterate(node.clockNow());
    if (turn == DaemonTurn.EXITED) {
      lrm = null;
      lrmEnded();
      return;
    }
    if (Duration.between(now, nextLrmRound).compareTo(ALMOST) < 0) {
      nextLrmRound = now.plus(lrm.state() == LrmState.ACTIVE ? ROUND : IDLE_ROUND);
    }
    Duration pause = Duration.between(now, nextLrmRound).minus(node.world().between(0, 0.04));
    if (lrm.hasRunningJobs() && pause.compareTo(WORKERS) > 0) {
      pause = WORKERS;
    }
    if (goesDownSince != null) {
      pause = GOING_DOWN;
    }
    node.later(pause, () -> lrmRound(life));
  }

  /**
   * A daemon that would write now hangs in that until the membership has settled, and needs a while
   * to get over it.
   */
  private boolean hangs(Runnable round) {
    boolean hangs = node.world().corosync().isUnsettled(node);
    if (hangs) {
      Runnable resume = () -> node.later(node.world().between(0, 3), round);
      node.world().waitForMembership(node, resume, lost -> resume.run());
    }
    return hangs;
  }

  /** One of the two services was stopped or started by hand. */
  void serviceChanged(String service, boolean running) {
    boolean isCrm = service.equals("pve-ha-crm");
    if (running && isCrm) {
      startCrm(Duration.ofSeconds(1));
    } else if (running) {
      startLrm(Duration.ofSeconds(1));
    } else if (isCrm && crm != null) {
      crm.requestShutdown();
      hurry(true);
    } else if (!isCrm && lrm != null) {
      lrm.requestShutdown(ShutdownKind.RESTART, node.clockNow());
      hurry(false);
    }
  }

  private void hurry(boolean isCrm) {
    long life = isCrm ? ++crmLife : ++lrmLife;
    node.later(GOING_DOWN, () -> endRound(isCrm, life));
  }

  private void endRound(boolean isCrm, long life) {
    if (isCrm) {
      crmRound(life);
    } else {
      lrmRound(life);
    }
  }

  /**
   * The node is to go down.
   *
   * @param ready called when the HA daemons let it
   */
  void nodeGoesDown(boolean again, Runnable ready) {
    if (goesDownSince != null) {
      return;
    }
    goesDownSince = node.world().now();
    whenLrmEnded = ready;
    if (lrm == null) {
      lrmEnded();
      return;
    }
    lrm.requestShutdown(again ? ShutdownKind.REBOOT : ShutdownKind.SHUTDOWN, node.clockNow());
    hurry(false);
    Runnable waiting = ready;
    node.later(
        LONGEST_SHUTDOWN,
        () -> {
          if (whenLrmEnded == waiting) {
            lrmEnded();
          }
        });
  }

  private void lrmEnded() {
    Runnable ready = whenLrmEnded;
    whenLrmEnded = null;
    if (ready == null) {
      return;
    }
    if (crm != null) {
      crm.requestShutdown();
      hurry(true);
    }
    node.later(Duration.ofSeconds(3), ready);
  }

  void note(HaDaemon daemon, HaEvent event) {
    node.world().ledger().haEvent(node, daemon, event);
    boolean groupsOfOld = event.kind() == HaEvent.Kind.GROUP_MIGRATION && !node.version().isNine();
    if (!groupsOfOld) {
      node.log("pve-ha-" + daemon.word(), "root@pam", 6, HaText.of(event));
    }
  }
}
