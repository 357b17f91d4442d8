package io.pveha.core.health;

import io.pveha.core.cluster.Belief;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a condition of a node is about; also the name of the condition, in camel case. */
public enum Aspect {
  REACHABLE,
  MEMBER,
  AGENT_ALIVE,
  POOLS_HEALTHY,
  POOLS_USABLE,
  POOLS_REDUNDANT,
  DISKS_HEALTHY,
  DISKS_WORN,
  STORAGE_ACTIVE,
  SERVICES_HEALTHY,
  LINKS_UP,
  TIME_IN_SYNC,
  CERTIFICATE_VALID,
  MEMORY_PRESSURE,
  ROOT_DISK_PRESSURE,
  REPLICAS_FRESH,
  MAINTENANCE,
  CORDONED,
  FENCED;

  private final String text;

  Aspect() {
    this.text =
        Arrays.stream(name().split("_"))
            .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining());
  }

  /** As written in a condition. */
  public String text() {
    return text;
  }

  /** Whether that is bad news; Unknown never is. */
  public boolean isBad(Belief status) {
    return switch (this) {
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

  /** The aspect of a condition of that type; empty for one that another controller set. */
  public static Optional<Aspect> of(String type) {
    return Arrays.stream(values()).filter(aspect -> aspect.text.equals(type)).findFirst();
  }

  @Override
  public String toString() {
    return text;
  }
}
