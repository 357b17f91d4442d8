package io.pveha.core.health;

import io.pveha.core.cluster.Belief;
import io.pveha.core.plan.Reason;

/** Conditions of a node as a member: reached, online, its HA agent, maintenance, fencing. */
final class MembershipConditions {

  private final NodeSignals signals;
  private final NodeFindings found;

  MembershipConditions(NodeSignals signals, NodeFindings found) {
    this.signals = signals;
    this.found = found;
  }

  /** Of all of these. */
  void judge() {
    reachable();
    member();
    agent();
    maintenance();
    fenced();
  }

  /** Who is not let in, or does not know whom he talks to, can't say that the node is away. */
  private void reachable() {
    signals
        .problem()
        .ifPresentOrElse(
            reason ->
                found.put(
                    Aspect.REACHABLE,
                    reason == Reason.ENDPOINT_UNREACHABLE ? Belief.NO : Belief.UNKNOWN,
                    reason,
                    notReached(reason)),
            () -> found.well(Aspect.REACHABLE, "The API of %s answers."));
  }

  private static String notReached(Reason reason) {
    return switch (reason) {
      case ENDPOINT_UNREACHABLE ->
          "The API of %s does not answer the operator; look at its power and network, and at"
              + " pveproxy there.";
      case UNLISTED_MEMBER -> "%s is not in spec.nodes, so its own API is not asked; add it.";
      case CREDENTIALS_REJECTED ->
          "%s answers, and refuses the operator's token; correct the Secret of"
              + " spec.credentialsSecretRef.";
      case PERMISSION_DENIED ->
          "%s answers, and the operator's token lacks a privilege there; grant it.";
      case CERTIFICATE_REJECTED ->
          "What answers for %s shows a certificate that is not trusted; compare it with pvenode"
              + " cert info there.";
      case NOT_PROXMOX ->
          "What answers for %s is not the API of Proxmox VE; look for a proxy or firewall in"
              + " between.";
      case NODE_NAME_MISMATCH ->
          "What answers for %s is another node, or in another cluster; correct its address in"
              + " spec.nodes.";
      default -> "%s answers with an error; look at pve-cluster and pvedaemon there.";
    };
  }

  private void member() {
    switch (signals.member()) {
      case YES -> found.well(Aspect.MEMBER, "%s is online for the others.");
      case NO ->
          found.put(
              Aspect.MEMBER,
              Belief.NO,
              Reason.NODE_OFFLINE,
              "%s is offline for the others; bring it back.");
      case UNKNOWN ->
          found.put(
              Aspect.MEMBER,
              Belief.UNKNOWN,
              Reason.TOO_FEW_VIEWS,
              "Too few members answer to be sure of %s.");
    }
  }

  private void agent() {
    if (signals.agent().isEmpty()) {
      found.silent("HA agent", Aspect.AGENT_ALIVE);
    } else if (signals.agent().get().isSilent(NodeConditions.AGENT_PATIENCE)) {
      found.put(
          Aspect.AGENT_ALIVE,
          Belief.NO,
          Reason.AGENT_SILENT,
          "The HA agent of %s has stopped reporting; look at pve-ha-lrm there.");
    } else {
      // What we have not yet seen to change may be the last word of an agent that died before us.
      signals
          .agent()
          .filter(Heartbeat::moved)
          .ifPresent(unused -> found.well(Aspect.AGENT_ALIVE, "The HA agent of %s reports."));
    }
  }

  private void maintenance() {
    if (signals.maintenance()) {
      found.put(
          Aspect.MAINTENANCE,
          Belief.YES,
          Reason.IN_MAINTENANCE,
          "%s is in Proxmox's maintenance mode; ha-manager crm-command node-maintenance disable"
              + " ends it.");
    } else {
      found.put(Aspect.MAINTENANCE, Belief.NO, Reason.HEALTHY, "%s is in use.");
    }
  }

  /** The master says fence while it waits for the lock, and unknown again once it has it. */
  private void fenced() {
    String state = signals.haState().orElse("");
    boolean was =
        found.formerly(Aspect.FENCED).filter(condition -> !condition.status().isNo()).isPresent();
    boolean away = !state.equals("online") && !state.equals("maintenance");
    if (state.equals("fence")) {
      found.put(
          Aspect.FENCED,
          Belief.UNKNOWN,
          Reason.BEING_FENCED,
          "Proxmox HA waits until %s is surely down, then recovers its guests.");
    } else if (was && away) {
      found.put(
          Aspect.FENCED,
          Belief.YES,
          Reason.FENCED,
          "%s is down for sure: Proxmox HA has its lock. It may come back.");
    } else if (!away || found.formerly(Aspect.FENCED).isPresent() || signals.haState().isEmpty()) {
      found.put(Aspect.FENCED, Belief.NO, Reason.HEALTHY, "%s is not fenced.");
    }
  }
}
