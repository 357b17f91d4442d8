package io.pveha.operator.readiness;

import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Quorum;
import io.pveha.core.formation.Votes;
import java.util.Optional;

/**
 * Votes of an external quorum device, which are expected whether it casts them or not.
 *
 * @param cast those that count once a node is lost
 * @param missing those of a device that is not connected
 */
public record DeviceVotes(int cast, int missing) {

  /** Those beside the votes of all members; none where the expected votes are not known. */
  public static DeviceVotes of(Quorum quorum, int memberVotes) {
    if (quorum == null || quorum.expectedVotes() == null) {
      return new DeviceVotes(0, 0);
    }
    int all = Math.max(0, quorum.expectedVotes() - memberVotes);
    boolean isConnected =
        Optional.ofNullable(quorum.device())
            .filter(device -> Votes.Device.isConnected(device.state()))
            .isPresent();
    return isConnected ? new DeviceVotes(all, 0) : new DeviceVotes(0, all);
  }
}
