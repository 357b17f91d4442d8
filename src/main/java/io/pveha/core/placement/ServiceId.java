package io.pveha.core.placement;

/**
 * Names an HA service the way Proxmox does: {@code vm:100}, {@code ct:101}. {@code fa} exists only
 * in rehearsals: a service that fails on purpose.
 *
 * <p>Ordered byte-wise, not by number: {@code vm:1001} comes before {@code vm:101}, because Proxmox
 * walks its services in that order and ties depend on it.
 *
 * @param value {@code type:name}, both parts non-empty
 */
public record ServiceId(String value) implements Comparable<ServiceId> {

  public ServiceId {
    int colon = value.indexOf(':');
    if (colon < 1 || colon == value.length() - 1) {
      throw new IllegalArgumentException("'" + value + "' is not a service id, write type:number");
    }
  }

  public static ServiceId of(String value) {
    return new ServiceId(value);
  }

  /** The part before the colon. */
  public String type() {
    return value.substring(0, value.indexOf(':'));
  }

  /** The part after the colon. */
  public String name() {
    return value.substring(value.indexOf(':') + 1);
  }

  /** Only virtual machines move while they run. */
  public boolean canMoveLive() {
    return value.startsWith("vm:");
  }

  @Override
  public int compareTo(ServiceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
