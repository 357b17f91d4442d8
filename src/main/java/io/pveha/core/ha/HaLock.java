package io.pveha.core.ha;

/**
 * A cluster-wide lock.
 *
 * @param agentNode the node whose agent lock it is; null for the manager lock
 */
public record HaLock(String agentNode) {

  public static final HaLock MANAGER = new HaLock(null);

  public static HaLock agentOf(String node) {
    return new HaLock(node);
  }

  public boolean isManager() {
    return agentNode == null;
  }

  /** Proxmox's name of its directory below {@code /etc/pve/priv/lock}. */
  public String word() {
    return isManager() ? "ha_manager_lock" : "ha_agent_" + agentNode + "_lock";
  }
}
