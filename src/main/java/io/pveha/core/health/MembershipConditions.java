package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;

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

  /** Who is denied access, or can't identify its peer, can't say that the node is away. */
  private void reachable() {
    signals
        .problem()
        .ifPresentOrElse(
            reason ->
                found.put(
                    NodeConditionType.REACHABLE,
                    reason == ConditionReason.ENDPOINT_UNREACHABLE ? Belief.NO : Belief.UNKNOWN,
                    reason,
                    notReached(reason)),
            () -> found.well(NodeConditionType.REACHABLE, "The API of %s answers."));
  }

  private static String notReached(ConditionReason reason) {
    return switch (reason) {
      case ENDPOINT_UNREACHABLE ->
          "The API of %s does not answer the operator; check its power, its network and "
              + "pveproxy there.";
      case UNLISTED_MEMBER -> "%s is not in spec.nodes, so its own API is not queried; add it.";
      case CREDENTIALS_REJECTED ->
          "%s answers but refuses the operator's token; correct the Secret of "
              + "spec.credentialsSecretRef.";
      case PERMISSION_DENIED ->
          "%s answers, but the operator's token lacks a privilege there; grant it.";
      case CERTIFICATE_REJECTED ->
          "The server at the address of %s presents a certificate that is not trusted; "
              + "compare it with pvenode cert info there.";
      case NOT_PROXMOX ->
          "The server at the address of %s is not the API of Proxmox VE; look for a proxy "
              + "or firewall in between.";
      case NODE_NAME_MISMATCH ->
          "The server at the address of %s is another node, or in another cluster; correct "
              + "its address in spec.nodes.";
      default -> "%s answers with an error; check pve-cluster and pvedaemon there.";
    };
  }

  private void member() {
    switch (signals.member()) {
      case YES -> found.well(NodeConditionType.MEMBER, "The other members see %s online.");
      case NO ->
          found.put(
              NodeConditionType.MEMBER,
              Belief.NO,
              ConditionReason.NODE_OFFLINE,
              "The other members see %s offline; bring it back.");
      case UNKNOWN ->
          found.put(
              NodeConditionType.MEMBER,
              Belief.UNKNOWN,
              ConditionReason.TOO_FEW_VIEWS,
              "Too few members answer to know the state of %s.");
    }
  }

  private void agent() {
    if (signals.agent().isEmpty()) {
      found.silent("HA agent", NodeConditionType.AGENT_ALIVE);
    } else if (signals.agent().get().isSilent(NodeConditions.AGENT_PATIENCE)) {
      found.put(
          NodeConditionType.AGENT_ALIVE,
          Belief.NO,
          ConditionReason.AGENT_SILENT,
          "The HA agent of %s has stopped reporting; check pve-ha-lrm there.");
    } else {
      // What we have not yet seen to change may be the last word of an agent that died before us.
      signals
          .agent()
          .filter(Heartbeat::moved)
          .ifPresent(
              unused -> found.well(NodeConditionType.AGENT_ALIVE, "The HA agent of %s reports."));
    }
  }

  private void maintenance() {
    if (signals.maintenance()) {
      found.put(
          NodeConditionType.MAINTENANCE,
          Belief.YES,
          ConditionReason.IN_MAINTENANCE,
          "%s is in Proxmox's maintenance mode; ha-manager crm-command node-maintenance disable"
              + " ends it.");
    } else {
      found.put(NodeConditionType.MAINTENANCE, Belief.NO, ConditionReason.HEALTHY, "%s is in use.");
    }
  }

  /** The master says fence while it waits for the lock, and unknown again once it has it. */
  private void fenced() {
    String state = signals.haState().orElse("");
    boolean was =
        found
            .formerly(NodeConditionType.FENCED)
            .filter(condition -> !condition.status().isNo())
            .isPresent();
    boolean away = !state.equals("online") && !state.equals("maintenance");
    if (state.equals("fence")) {
      found.put(
          NodeConditionType.FENCED,
          Belief.UNKNOWN,
          ConditionReason.BEING_FENCED,
          "Proxmox HA waits until %s is confirmed down, then recovers its guests.");
    } else if (was && away) {
      found.put(
          NodeConditionType.FENCED,
          Belief.YES,
          ConditionReason.FENCED,
          "%s is confirmed down: Proxmox HA holds its lock. It may come back.");
    } else if (!away
        || found.formerly(NodeConditionType.FENCED).isPresent()
        || signals.haState().isEmpty()) {
      found.put(NodeConditionType.FENCED, Belief.NO, ConditionReason.HEALTHY, "%s is not fenced.");
    }
  }
}
