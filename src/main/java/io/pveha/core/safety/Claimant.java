package io.pveha.core.safety;

import java.time.Instant;
import java.util.Comparator;

/**
 * An object that says how one thing should be: a guest, a pool, a storage, a job, a Proxmox
 * cluster. Of all that claim the same thing the first in order owns it; see {@link Ownership}.
 *
 * @param namespace where the object is
 * @param name of the object
 * @param since when it was created
 * @param yields whether it gives way to any that does not: it is being deleted, or may not write
 *     anyway since its ProxmoxCluster is owned by another
 */
public record Claimant(String namespace, String name, Instant since, boolean yields)
    implements Comparable<Claimant> {

  /** Two objects made in the same second are told apart by namespace and name. */
  private static final Comparator<Claimant> ORDER =
      Comparator.comparing(Claimant::yields)
          .thenComparing(Claimant::since)
          .thenComparing(Claimant::namespace)
          .thenComparing(Claimant::name);

  @Override
  public int compareTo(Claimant other) {
    return ORDER.compare(this, other);
  }

  /** How a message names it: {@code namespace/name}. */
  public String id() {
    return namespace + "/" + name;
  }

  /** Whether both are the same object. */
  public boolean is(Claimant other) {
    return namespace.equals(other.namespace) && name.equals(other.name);
  }

  @Override
  public String toString() {
    return id();
  }
}
