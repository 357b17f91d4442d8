package io.pveha.core.formation;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the votes of a cluster allow.
 *
 * @param present votes online, with the device's
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
   * Counts.
   *
   * @param deviceVotes votes of a working external quorum device; 0 without one
   * @param homeSite the site whose quorum must not hang on others; empty when sites do not matter
   */
  public static Votes count(List<Voter> voters, int deviceVotes, Optional<String> homeSite) {
    int nodes = voters.stream().mapToInt(Voter::votes).sum();
    int expected = nodes + deviceVotes;
    int needed = expected / 2 + 1;
    int present = deviceVotes + voters.stream().filter(Voter::online).mapToInt(Voter::votes).sum();
    int tolerated = tolerated(voters.stream().filter(Voter::online).toList(), present, needed);
    int toleratedWhenWhole = tolerated(voters, expected, needed);
    List<Finding> findings = new ArrayList<>();
    long voting = voters.stream().filter(voter -> voter.votes() > 0).count();
    if (voting == 2 && deviceVotes == 0) {
      findings.add(
          Finding.informs(
              Reason.TIE_BREAKER_MISSING,
              "Two nodes can't outvote each other: the loss of one stops the other. Add a third"
                  + " node, or set up an external quorum device with pvecm qdevice setup."));
    } else if (expected % 2 == 0 && voting > 1) {
      findings.add(
          Finding.informs(
              Reason.EVEN_VOTES,
              "%d votes are an even number: a split in halves stops both. Add a node, give one node"
                      .formatted(expected)
                  + " a second vote or none, or set up an external quorum device."));
    } else if (toleratedWhenWhole == 0 && voting > 0) {
      findings.add(
          Finding.informs(
              Reason.NO_FAILURE_TOLERATED,
              "The loss of one node stops the cluster: %d of %d votes are needed. Add nodes, or"
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
    // Cut off from the other sites, home should bear as much as if they had no votes.
    int alone = homeVotes < needed ? -1 : tolerated(home, homeVotes, needed);
    if (!remote.isEmpty() && alone < tolerated(home, homeVotes, homeVotes / 2 + 1)) {
      findings.add(
          Finding.informs(
              Reason.REMOTE_SITE_TIPS_QUORUM,
              "Cut off from %s, site %s has %s of %d needed, so %s. Give the nodes of"
                      .formatted(
                          names(remote),
                          homeSite,
                          Count.of(homeVotes, "vote"),
                          needed,
                          alone < 0 ? "it stops" : "it bears fewer failures")
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
