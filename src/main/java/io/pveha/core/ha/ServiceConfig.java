package io.pveha.core.ha;

/**
 * A service in {@code /etc/pve/ha/resources.cfg}, with the node on which its guest configuration
 * is.
 *
 * @param group legacy group, or null
 * @param failback whether it goes back to a better node as soon as there is one
 * @param maxRestart tries to start it again on the same node
 * @param maxRelocate other nodes to try after that
 */
public record ServiceConfig(
    String node,
    RequestedState state,
    String group,
    boolean failback,
    int maxRestart,
    int maxRelocate) {

  public static ServiceConfig on(String node, RequestedState state) {
    return new ServiceConfig(node, state, null, true, 1, 1);
  }

  public ServiceConfig withNode(String other) {
    return new ServiceConfig(other, state, group, failback, maxRestart, maxRelocate);
  }

  public ServiceConfig withState(RequestedState other) {
    return new ServiceConfig(node, other, group, failback, maxRestart, maxRelocate);
  }

  public ServiceConfig withFailback(boolean other) {
    return new ServiceConfig(node, state, group, other, maxRestart, maxRelocate);
  }

  public ServiceConfig withGroup(String other) {
    return new ServiceConfig(node, state, other, failback, maxRestart, maxRelocate);
  }
}
