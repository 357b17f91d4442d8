package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;

/**
 * How a node is in one respect.
 *
 * @param message names the object and the next step; the same as long as nothing changes
 */
public record NodeCondition(
    NodeConditionType type, Belief status, ConditionReason reason, String message) {

  /** Whether a status of a condition of that type is bad news; Unknown never is. */
  public static boolean isBad(NodeConditionType type, Belief status) {
    return switch (type) {
      case MEMORY_PRESSURE, ROOT_DISK_PRESSURE, DISKS_WORN, FENCED -> status.isYes();
      case MAINTENANCE, CORDONED -> false;
      case REACHABLE,
          MEMBER,
          AGENT_ALIVE,
          POOLS_HEALTHY,
          POOLS_USABLE,
          POOLS_REDUNDANT,
          DISKS_HEALTHY,
          STORAGE_ACTIVE,
          SERVICES_HEALTHY,
          LINKS_UP,
          TIME_IN_SYNC,
          CERTIFICATE_VALID,
          REPLICAS_FRESH ->
          status.isNo();
    };
  }
}
