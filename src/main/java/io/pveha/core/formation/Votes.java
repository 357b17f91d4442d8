package io.pveha.core.formation;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the votes of a cluster allow.
 *
 * @param present votes online, with the device's while it is connected
 * @param expected votes of all members and the device
 * @param needed fewest votes that are quorate: more than half of the expected
 * @param failuresTolerated how many more nodes may go, those with most votes first
 * @param findings what is unsound about them; empty when sound
 */
public record Votes(
    int present, int expected, int needed, int failuresTolerated, List<Finding> findings) {

  public Votes {
    findings = List.copyOf(findings);
  }

  /** A member that votes, or with 0 votes does not. */
  public record Voter(NodeName name, int votes, Optional<String> site, boolean online) {}

  /**
   * An external quorum device. Its votes are expected whether it casts them or not.
   *
   * @param state in the words of corosync-qdevice; only {@code Connected} is a vote
   */
  public record Device(String host, String state, int votes) {

    /** Whether that state of a device lets it vote; one that is not told does not. */
    public static boolean isConnected(String state) {
      return state != null && state.strip().equalsIgnoreCase("connected");
    }

    int present() {
      return isConnected(state) ? votes : 0;
    }
  }

  /**
   * Counts.
   *
   * @param device empty without an external quorum device
   * @param homeSite the site whose quorum must not hang on others; empty when sites do not matter
   */
  public static Votes count(
      List<Voter> voters, Optional<Device> device, Optional<String> homeSite) {
    int nodes = voters.stream().mapToInt(Voter::votes).sum();
    int deviceVotes = device.map(Device::present).orElse(0);
    int expected = nodes + device.map(Device::votes).orElse(0);
    int needed = expected / 2 + 1;
    int present = deviceVotes + voters.stream().filter(Voter::online).mapToInt(Voter::votes).sum();
    int tolerated = tolerated(voters.stream().filter(Voter::online).toList(), present, needed);
    int toleratedWhenWhole = tolerated(voters, expected, needed);
    List<Finding> findings = new ArrayList<>();
    long voting = voters.stream().filter(voter -> voter.votes() > 0).count();
    if (device.filter(away -> !Device.isConnected(away.state())).isPresent()) {
      findings.add(
          Finding.informs(
              ConditionReason.TIE_BREAKER_MISSING,
              "The quorum device at %s is not connected (%s), so %s missing: check corosync-qnetd"
                      .formatted(
                          device.get().host(),
                          device.get().state() == null ? "no state reported" : device.get().state(),
                          Count.are(device.get().votes(), "vote"))
                  + " there, and at corosync-qdevice on the nodes."));
    } else if (voting == 2 && deviceVotes == 0) {
      findings.add(
          Finding.informs(
              ConditionReason.TIE_BREAKER_MISSING,
              "Two nodes can't outvote each other: the loss of one stops the other. Add a third"
                  + " node, or set up an external quorum device with pvecm qdevice setup."));
    } else if (expected % 2 == 0 && voting > 1) {
      findings.add(
          Finding.informs(
              ConditionReason.EVEN_VOTES,
              "%d votes are an even number: a split in halves stops both. Add a node, give one node"
                      .formatted(expected)
                  + " a second vote or none, or set up an external quorum device."));
    } else if (toleratedWhenWhole == 0 && voting > 0) {
      findings.add(
          Finding.informs(
              ConditionReason.NO_FAILURE_TOLERATED,
              voters.size() == 1
                  ? "The cluster has one node, whose loss stops all. Add two nodes."
                  : "The loss of one node stops the cluster: %d of %d votes are needed. Add nodes, or"
                          .formatted(needed, expected)
                      + " spread the votes."));
    }
    homeSite.ifPresent(site -> remoteSite(voters, deviceVotes, site, needed, findings));
    return new Votes(present, expected, needed, tolerated, findings);
  }

  private static void remoteSite(
      List<Voter> voters, int deviceVotes, String homeSite, int needed, List<Finding> findings) {
    List<Voter> remote =
        voters.stream()
            .filter(voter -> voter.site().filter(site -> !site.equals(homeSite)).isPresent())
            .filter(voter -> voter.votes() > 0)
            .toList();
    List<Voter> home = voters.stream().filter(voter -> !remote.contains(voter)).toList();
    int homeVotes = deviceVotes + home.stream().mapToInt(Voter::votes).sum();
    // Cut off from the other sites, home should have as much as if they had no votes.
    int alone = homeVotes < needed ? -1 : tolerated(home, homeVotes, needed);
    if (!remote.isEmpty() && alone < tolerated(home, homeVotes, homeVotes / 2 + 1)) {
      findings.add(
          Finding.informs(
              ConditionReason.REMOTE_SITE_TIPS_QUORUM,
              "Cut off from %s, site %s has %s of %d needed, so %s. Give the nodes of"
                      .formatted(
                          names(remote),
                          homeSite,
                          Count.of(homeVotes, "vote"),
                          needed,
                          alone < 0 ? "it stops" : "it tolerates fewer failures")
                  + " other sites votes: 0."));
    }
  }

  private static String names(List<Voter> voters) {
    return voters.stream().map(voter -> voter.name().value()).collect(Collectors.joining(", "));
  }

  private static int tolerated(List<Voter> online, int present, int needed) {
    List<Integer> heaviestFirst =
        online.stream().map(Voter::votes).sorted(Comparator.reverseOrder()).toList();
    int left = present;
    int lost = 0;
    for (int votes : heaviestFirst) {
      left -= votes;
      if (left < needed) {
        break;
      }
      lost++;
    }
    // Losing what is already not quorate is no tolerance.
    return present < needed ? 0 : lost;
  }
}
