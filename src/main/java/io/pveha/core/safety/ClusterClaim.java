package io.pveha.core.safety;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An object that says how a Proxmox cluster should be. A Proxmox cluster has one owner; everything
 * that belongs to another claim of it writes nothing.
 *
 * @param claimant the object; it never yields, since one that is being deleted still has to carry
 *     out the deletion policies of what belongs to it
 * @param identity of the cluster as far as it is known
 */
public record ClusterClaim(Claimant claimant, ClusterIdentity identity) {

  /** The owner, if it is another one of these. */
  public Optional<ClusterClaim> otherOwner(Collection<ClusterClaim> claims) {
    List<ClusterClaim> same = rivals(claims);
    return Ownership.otherOwner(claimant, same.stream().map(ClusterClaim::claimant).toList())
        .flatMap(owner -> same.stream().filter(claim -> claim.claimant().is(owner)).findFirst());
  }

  /** Others that claim the same cluster. */
  public List<ClusterClaim> rivals(Collection<ClusterClaim> claims) {
    return claims.stream()
        .filter(claim -> !claim.claimant().is(claimant))
        .filter(claim -> claim.identity().mayBe(identity))
        .toList();
  }
}
