package io.pveha.core.safety;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tells one Proxmox cluster from another, whatever our objects call it. Nodes take over the
 * authority of the cluster that they join, so that its certificate is the same on every member and
 * stays when members come and go.
 *
 * @param name as Proxmox reports it; empty until it was seen
 * @param authority SHA-256 of the certificate of the cluster's own authority; empty when unknown
 * @param firstMember SHA-256 of the certificate of the member with the lowest node id; empty when
 *     unknown
 * @param addresses where an object says that its nodes answer, with ports
 */
public record ClusterIdentity(
    Optional<String> name,
    Optional<String> authority,
    Optional<String> firstMember,
    Set<String> addresses) {

  public ClusterIdentity {
    addresses = Collections.unmodifiableSet(new TreeSet<>(addresses));
  }

  /** Before anything of the cluster was seen. */
  public static ClusterIdentity at(Set<String> addresses) {
    return new ClusterIdentity(Optional.empty(), Optional.empty(), Optional.empty(), addresses);
  }

  /** Whether Proxmox itself told which cluster it is. */
  public boolean isKnown() {
    return authority.isPresent() || firstMember.isPresent();
  }

  /**
   * Whether both are the same cluster, or may be as far as is known. The best evidence that both
   * have decides: the authority, then the first member of clusters of one name, then an address
   * that both name.
   */
  public boolean mayBe(ClusterIdentity other) {
    if (authority.isPresent() && other.authority.isPresent()) {
      return authority.equals(other.authority);
    }
    if (firstMember.isPresent() && other.firstMember.isPresent()) {
      return firstMember.equals(other.firstMember) && Objects.equals(name, other.name);
    }
    return !Collections.disjoint(addresses, other.addresses);
  }
}
